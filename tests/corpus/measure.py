#!/usr/bin/env python3
"""usage: VTOKEN=PROGRAM tests/corpus/measure.py           writes docs/scan-accuracy.md
       VTOKEN=PROGRAM tests/corpus/measure.py --check   exits 1 when that page is not what this would write

Scans the corpus with vtoken and, through ripgrep, with the patterns that other scanners publish.
"""
import collections
import dataclasses
import json
import os
import pathlib
import random
import re
import shutil
import string
import subprocess
import sys
import tempfile

import corpus
import published

ROOT = corpus.FOLDER.parent.parent
PAGE = ROOT / "docs" / "scan-accuracy.md"
SKIPPED = 77
DRAWN = 10_000  # ids behind each prefix
BASE62 = string.digits + string.ascii_letters


@dataclasses.dataclass(frozen=True)
class Match:
    """A place in a file that a scanner tells: bytes from start to end."""
    file: str
    start: int
    end: int


def by_vtoken(folder, made, confidence):
    command = [os.environ["VTOKEN"], "scan", "-q", "-reveal", "-no-ignore", "-format=json", f"-min-confidence={confidence}",
               str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, (command, done.returncode, done.stderr)
    matches = set()
    for one in json.loads(done.stdout):
        name = pathlib.Path(one["path"]).name
        start = made[name].offset(one["line"], one["column"])
        matches.add(Match(name, start, start + len(one["token"].encode())))
    return matches


def by_ripgrep(folder, rule):
    """Files are read as bytes, as those scanners do; \\w and \\b mean ASCII, as in Go."""
    command = ["rg", "--no-config", "--json", "-uuu", "--text", "--encoding=none", "--no-unicode", "-e", rule.pattern, str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1), (command, done.stderr)
    matches, group = set(), re.compile(rule.pattern, re.ASCII)
    for line in done.stdout.splitlines():
        told = json.loads(line)
        if told["type"] == "begin":
            file = pathlib.Path(told["data"]["path"]["text"])
            data, name = file.read_bytes(), file.name
            concerned = published.concerns(rule, data.decode("latin-1"))
        if told["type"] != "match" or not concerned:
            continue
        for sub in told["data"]["submatches"]:
            start, end = (told["data"]["absolute_offset"] + sub[side] for side in ("start", "end"))
            whole = data[start:end].decode("latin-1")
            first, last = group.match(whole).span(1)
            if published.passes(rule, whole[first:last]):
                matches.add(Match(name, start + first, start + last))
    return matches


def prefix_of(text):
    return text[:4] if text.startswith("hv") else text[:2]


class Truth:
    """What is where in the corpus, by the labels."""

    def __init__(self, pages):
        self.texts = {page.name: page.text for page in pages}
        self.places, self.kinds = collections.defaultdict(list), collections.defaultdict(list)
        known = corpus.tokens()
        for page in pages:
            for label in page.labels:
                start = page.offset(label.line, label.column)
                place = Match(page.name, start, start + label.length)
                self.places[page.name].append((place, label.truth))
                if label.truth == "token":
                    self.kinds[self.kind(label, known)].append(place)

    @staticmethod
    def kind(label, known):
        prefix = prefix_of(known[label.name][1])
        where = ", where anything may stand" if label.expected == "weak" else ""
        if label.format == "ssc":
            return f"`{prefix}` service (SSC){where}"
        if label.format == "inner":
            return f"`{prefix}` root or inner id{where}"
        if prefix in ("s.", "r."):
            return f"`{prefix}` older {'service' if prefix == 's.' else 'recovery'}" + (where or ", where a token stands")
        return f"`{prefix}` {'older ' if len(prefix) == 2 else ''}{label.format}{where}"

    def about(self, match):
        """The labels' truths that a match touches."""
        return {truth for place, truth in self.places[match.file] if place.start < match.end and match.start < place.end}


ORDER = ("`hvs.` service (SSC)", "`hvs.` root or inner id", "`hvb.` batch", "`b.` older batch", "`hvr.` recovery",
         "`s.` older service, where a token stands", "`r.` older recovery, where a token stands",
         "`s.` older service, where anything may stand", "`r.` older recovery, where anything may stand")


def found(places, matches):
    """How many are touched by a match, and how many are matched exactly."""
    by_file = collections.defaultdict(list)
    for match in matches:
        by_file[match.file].append(match)
    touched = sum(any(m.start < p.end and p.start < m.end for m in by_file[p.file]) for p in places)
    return touched, sum(place in matches for place in places)


def recall_table(truth, columns):
    rows = [["kind", "tokens", *columns]]
    for kind in ORDER:
        places = truth.kinds.get(kind)
        if places:
            rows.append([kind, str(len(places)), *(share(*found(places, m), len(places)) for m in columns.values())])
    every = [place for places in truth.kinds.values() for place in places]
    rows.append(["**all**", str(len(every)), *(share(*found(every, m), len(every)) for m in columns.values())])
    return rows


def share(touched, exact, total):
    text = percent(touched, total)
    return text if exact == touched else f"{text} ({percent(exact, total)})"


def percent(part, whole):
    if part in (0, whole):
        return "0 %" if part == 0 else "100 %"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %"


def precision(truth, matches):
    """Of each prefix: (findings that are tokens, findings that are none); parts of tokens count as neither."""
    counts = collections.defaultdict(lambda: [0, 0])
    for match in matches:
        prefix = prefix_of(truth.texts[match.file][match.start:match.end].decode("latin-1"))
        about = truth.about(match)
        if "token" in about:
            counts[prefix][0] += 1
        elif "part" not in about:
            counts[prefix][1] += 1
    return counts


def precision_table(truth, columns):
    counted = {name: precision(truth, matches) for name, matches in columns.items()}
    rows = [["findings that begin with", *columns]]
    for prefix in ("hvs.", "hvb.", "hvr.", "s.", "b.", "r."):
        rows.append([f"`{prefix}`", *(of_precision(counted[name][prefix]) for name in columns)])
    rows.append(["**all**", *(of_precision([sum(c) for c in zip(*counted[name].values())]) for name in columns)])
    return rows


def of_precision(count):
    good, bad = count
    return f"{percent(good, good + bad)}, {bad} false" if good + bad else "nothing found"


def markdown(rows):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "| --- |" + " ---: |" * (len(rows[0]) - 1))
    return "\n".join(lines)


def drawn_table(folder):
    """Ids that nobody chose, each with VAULT_TOKEN= in front: how many are found."""
    dice, prefixes = random.Random(1), ("hvs.", "hvr.", "s.", "r.")
    folder.mkdir()
    for prefix in prefixes:
        ids = ("".join(dice.choices(BASE62, k=24)) for _ in range(DRAWN))
        (folder / prefix).write_text("".join(f"VAULT_TOKEN={prefix}{one}\n" for one in ids))
    made = {path.name: corpus.Page(path.name, b"", path.read_bytes(), ()) for path in folder.iterdir()}
    columns = {"vtoken scan": by_vtoken(folder, made, "likely")}
    for scanner in published.SCANNERS:
        columns[scanner.name] = set().union(*(by_ripgrep(folder, rule) for rule in scanner.rules))
    rows = [["ids behind", *columns]]
    for prefix in prefixes:
        counts = (sum(match.file == prefix for match in matches) for matches in columns.values())
        rows.append([f"`{prefix}`", *(f"{count:,}" for count in counts)])
    return rows


def page(folder):
    made = corpus.write(folder)
    truth = Truth(made)
    files = folder / "files"
    by_name = {one.name: one for one in made}
    columns = {"vtoken scan": by_vtoken(files, by_name, "likely"),
               "with `-min-confidence=weak`": by_vtoken(files, by_name, "weak")}
    for scanner in published.SCANNERS:
        columns[scanner.name] = set().union(*(by_ripgrep(files, rule) for rule in scanner.rules))
    assert sorted(truth.kinds) == sorted(set(ORDER) & set(truth.kinds)), truth.kinds.keys() - set(ORDER)
    tokens = sum(len(places) for places in truth.kinds.values())
    lookalikes = sum(label.truth == "no" for one in made for label in one.labels)
    text = (corpus.FOLDER / "accuracy.md").read_text()
    sources = "\n".join(f"- {s.name}: {s.source}" for s in published.SCANNERS if s.name != "gitleaks, with its filters")
    return text.format(files=len(made), tokens=tokens, lookalikes=lookalikes, recall=markdown(recall_table(truth, columns)),
                       precision=markdown(precision_table(truth, columns)), drawn=markdown(drawn_table(folder / "drawn")),
                       draws=f"{DRAWN:,}", sources=sources)


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    if shutil.which("rg") is None:
        print("ripgrep is missing: run scripts/setup test")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="vtoken-corpus-") as name:
        text = page(pathlib.Path(name))
    if sys.argv[1:] == ["--check"]:
        current = PAGE.read_text() if PAGE.exists() else ""
        if current != text:
            print(f"{PAGE.relative_to(ROOT)} is not current: run tests/corpus/measure.py, and read what changed")
        return int(current != text)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
