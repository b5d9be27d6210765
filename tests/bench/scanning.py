"""Scanning large files and a tree of small ones, against ripgrep with a plain pattern."""
import os
import pathlib
import shutil
import subprocess

import logs
import servers

PATTERN = r"hv[sbr]\.[A-Za-z0-9_-]{24,}"
ROUNDS = 11
COPIES = 20  # of the project's sources, as a tree
FOUND = (0, 1)  # ripgrep says 0 when something is found, vtoken 1
SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
CORE = max(os.sched_getaffinity(0))


class Scans:
    def __init__(self, bench):
        self.bench, self.environment = bench, bench.environment
        self.size = bench.options.log_mib * logs.MIB
        self.name = f"{bench.options.log_mib / 1024:.3g} GiB"

    def ours(self, threads, path):
        return [self.bench.vtoken, "scan", "-q", f"-threads={threads}", str(path)]

    @staticmethod
    def theirs(path):
        return ["rg", "--no-config", "-c", PATTERN, str(path)]

    def lines(self, command):
        return subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, check=False).stdout.splitlines()

    def same_found(self, path, tokens):
        """Both have to find what is in the file, or their times mean nothing."""
        told = [sum(map(int, self.lines(self.theirs(path)))), *(len(self.lines(self.ours(n, path))) for n in (1, 2))]
        # ripgrep counts lines.
        if told != [min(tokens, 1) if path.name == "line" else tokens, tokens, tokens]:
            raise RuntimeError(f"{path}: {told} found")

    def times(self, *commands):
        return servers.in_turn_both(commands, self.environment, ROUNDS, FOUND)

    def file(self, kind):
        path = self.bench.folder / kind
        logs.write(path, kind, self.size)
        self.same_found(path, 0)
        return path

    def plant(self, path):
        logs.plant(path, path.name)
        self.same_found(path, len(logs.TOKENS))

    def row(self, what, limit, ours, theirs):
        detail = (f"{ours[0] * 1000:.0f} ms, {theirs[0] * 1000:.0f} ms; of processor time {ours[1] * 1000:.0f} ms, "
                  f"{theirs[1] * 1000:.0f} ms: {theirs[1] / ours[1]:.2f}")
        if limit:
            self.bench.at_least(what, theirs[0] / ours[0], limit, detail)
        else:
            self.bench.row(what, f"{theirs[0] / ours[0]:.2f}", "", True, detail)

    def one_core(self, what, limit, path):
        pinned = ["taskset", "-c", str(CORE)]
        self.row(what, limit, *self.times(pinned + self.ours(1, path), pinned + self.theirs(path)))

    def two_cores(self, what, limit, path):
        self.row(what, limit, *self.times(self.ours(2, path), self.theirs(path)))

    def peaks(self, *paths):
        return [max(self.bench.peak(self.ours(2, path), {}, FOUND) for _ in range(3)) for path in paths]


def words(scans):
    path = scans.file("words")
    scans.one_core(f"rg -c / scan, {scans.name} of words, one core", 1.5, path)
    scans.two_cores("... two cores", 2.5, path)
    scans.plant(path)
    scans.one_core("... with tokens in it, whose lines are counted, one core", 1.5, path)
    path.unlink()


def letters(scans):
    for kind, what in (("letters", "random letters"), ("lower", "random small letters")):
        path = scans.file(kind)
        scans.one_core(f"rg -c / scan, {scans.name} of {what}, one core", 3, path)
        scans.plant(path)
        scans.one_core("... with tokens in it, whose lines are counted, one core", None, path)
        path.unlink()


def line(scans):
    path, small = scans.file("line"), scans.bench.folder / "small"
    logs.write(small, "words", logs.MIB)
    scans.two_cores(f"... in a single line of {scans.name}, two cores", None, path)
    scans.plant(path)
    logs.plant(small, "words")
    large, little = scans.peaks(path, small)
    scans.bench.at_most(f"peak memory of scanning {scans.name} beyond 1 MiB's", large - little, 16,
                        f"a single line; resident, mapped windows included: {large:.1f} MiB, {little:.1f} MiB", " MiB")
    path.unlink()


def tree(scans):
    """For information: many small files, most of the time goes into opening them."""
    folder = scans.bench.folder / "tree"
    (folder / ".git").mkdir(parents=True)  # the ignore rules of the folder around it end here
    for number in range(COPIES):
        for part in ("lib", "cmd", "tests"):
            shutil.copytree(SOURCES / part, folder / str(number) / part, ignore=shutil.ignore_patterns("__pycache__"))
    files = sum(len(names) for _, _, names in os.walk(folder))
    scans.two_cores(f"rg -c / scan, a tree of {files:,} sources, two cores", None, folder)
    shutil.rmtree(folder)


def measure(bench):
    scans = Scans(bench)
    for part in (words, letters, line, tree):
        part(scans)
