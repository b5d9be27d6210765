#!/usr/bin/env python3
"""usage: VTOKEN=PROGRAM tests/corpus/corpus_test.py

Makes the corpus, scans it, and compares with its labels: at the default confidence every token that is to be found is,
at its place and with its end, and nothing else is; below that, what has the looks only.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import corpus

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
SURE = ("proved", "likely")


def scan(folder, *flags):
    """(name, line, column, length) → (format, confidence), of the files of the corpus."""
    command = [VTOKEN, "scan", "-q", "-reveal", "-format=json", *flags, "."]
    done = subprocess.run(command, cwd=folder / "files", capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and done.stderr == "", (command, done.returncode, done.stderr)
    found = {}
    for one in json.loads(done.stdout):
        place = (one["path"].removeprefix("./"), one["line"], one["column"], len(one["token"].encode()))
        assert place not in found, f"told twice: {place}"
        found[place] = (one["format"], one["confidence"])
    return found


def labelled(pages):
    return {(page.name, label.line, label.column, label.length): label for page in pages for label in page.labels}


def fits(label, got):
    """Whether a scan at the confidence "weak" may say `got`, or nothing (None), about what has this label."""
    if label.expected == "any":
        return True
    if got is None:
        return label.expected in ("none", "weak?")
    kind, confidence = got
    return confidence == label.expected.rstrip("?") and label.format in ("-", kind)


def differences(labels, found):
    for place, label in labels.items():
        if not fits(label, found.get(place)):
            yield f"{place}: {label.truth} {label.name} {label.format} {label.expected}: found {found.get(place)}"
    for place in found.keys() - labels.keys():
        yield f"{place}: nothing is labelled there: found {found[place]}"


def main():
    with tempfile.TemporaryDirectory(prefix="vtoken-corpus-") as name:
        folder = pathlib.Path(name)
        pages = corpus.write(folder)
        labels = labelled(pages)
        every = scan(folder, "-min-confidence=weak", "-no-ignore")
        wrong = sorted(differences(labels, every))
        usual = scan(folder)
        sure = {place: got for place, got in every.items() if got[1] in SURE}
        wrong += [f"{place}: only one of two scans has it" for place in sorted(usual.keys() ^ sure.keys())]
        for threads in ("1", "4"):
            if scan(folder, f"-threads={threads}") != usual:
                wrong.append(f"-threads={threads} finds something else")
        proved = scan(folder, "-min-confidence=proved")
        if proved != {place: got for place, got in usual.items() if got[1] == "proved"}:
            wrong.append("-min-confidence=proved finds something else than what is proved")
    for line in wrong:
        print(line)
    print(f"{len(pages)} files, {len(labels)} labels, {len(usual)} found, {len(wrong)} wrong")
    return 1 if wrong or len(usual) < 200 else 0


if __name__ == "__main__":
    sys.exit(main())
