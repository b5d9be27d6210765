#!/usr/bin/env python3
"""Kills processes whose requests are noted, has many of them write at once, and checks that the audit log kept its word.

usage: audit.py [--kills N] [--seed S]

What holds afterwards: every token of the store is in the log, by its accessor's hash; every line is whole, but for at most
one for each process that was killed; without kills there is exactly one line for each request, also when the log is
rotated away meanwhile. The program is named by the environment's VTOKEN. The last line is "N passed, M failed".
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

from writers import Store

WRITERS = 4
REQUESTS = 15  # of each process of the crowd


def read_lines(folder):
    """What all parts of the log hold, parsed, and how many lines are none."""
    lines, broken = [], 0
    for part in sorted(pathlib.Path(folder).glob("audit.log*")):
        for line in part.read_bytes().splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                broken += 1
    return lines, broken


def noted_accessors(lines):
    return {line.get("response", {}).get("auth", {}).get("accessor") for line in lines}


def unnoted(store, lines):
    """The tokens in the store that no line tells of; the first root token is older than the log."""
    noted, missing = noted_accessors(lines), 0
    root = store.call("lookup", "-field=accessor")
    for accessor in store.call("accessors", "list", "-format=ndjson").split():
        accessor = json.loads(accessor)
        accessor = accessor if isinstance(accessor, str) else accessor["accessor"]
        if accessor != root:
            missing += store.call("store", "audit", "hash", "-field=hash", accessor) not in noted
    return missing


class Killer(threading.Thread):
    """Makes tokens with processes that are killed at random points."""

    def __init__(self, store, seed, budget, typical):
        super().__init__()
        self.store, self.random, self.budget, self.typical = store, random.Random(seed), budget, typical
        self.kills, self.acknowledged, self.error = 0, [], None

    def run(self):
        try:
            while self.kills < self.budget:
                delay = self.random.uniform(0, 1.3 * self.typical)
                status, out = self.store.killed(delay, "-q", "create", "-policy=default", "-field=token_accessor")
                self.kills += status != 0
                if status == 0:
                    self.acknowledged.append(out)
        except Exception as error:  # told by the main thread
            self.error = error


def killed(folder, program, options, chance):
    """The promises broken by processes that were killed, as lines."""
    store = Store(folder, program)
    log = pathlib.Path(folder) / "audit.log"
    store.call("store", "audit", "enable", f"-file={log}")
    times = []
    for _ in range(7):
        start = time.monotonic()
        store.call("-q", "create", "-policy=default")
        times.append(time.monotonic() - start)
    killers = [Killer(store, chance.randrange(1 << 32), -(-options.kills // WRITERS), statistics.median(times))
               for _ in range(WRITERS)]
    for killer in killers:
        killer.start()
    for killer in killers:
        killer.join()
    wrong = [repr(killer.error) for killer in killers if killer.error]
    lines, broken = read_lines(folder)
    kills = sum(killer.kills for killer in killers)
    if broken > kills:
        wrong.append(f"{broken} lines are not whole")
    missing = unnoted(store, lines)
    if missing:
        wrong.append(f"{missing} tokens were committed without a line")
    told = noted_accessors(lines)
    lost = [a for k in killers for a in k.acknowledged if store.call("store", "audit", "hash", "-field=hash", a) not in told]
    if lost:
        wrong.append(f"{len(lost)} creations were acknowledged without a line")
    print(f"{kills} kills, {sum(len(k.acknowledged) for k in killers)} acknowledged, {len(lines)} lines, {broken} broken")
    return wrong


def crowded(folder, program):
    """The promises broken when many write at once, while the log is rotated."""
    store = Store(folder, program)
    log = pathlib.Path(folder) / "audit.log"
    store.call("store", "audit", "enable", f"-file={log}")
    failures = []

    def work(number):
        for i in range(REQUESTS):
            flags = ["create", "-policy=default", f"-metadata=by={number}-{i}-{'x' * 3000}"] if i % 2 else ["lookup"]
            status, _, err = store.run("-q", *flags)
            if status != 0:
                failures.append(err)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    rotated = 0
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.05)
        if log.exists():
            log.rename(f"{log}.{rotated}")
            rotated += 1
    for thread in threads:
        thread.join()
    lines, broken = read_lines(folder)
    print(f"{len(lines)} lines in {rotated} parts")
    wrong = failures[:1]
    if broken:
        wrong.append(f"{broken} lines are not whole")
    if len(lines) != WRITERS * REQUESTS + 1:  # and one that says that auditing began
        wrong.append(f"{len(lines) - 1} lines for {WRITERS * REQUESTS} requests")
    if len({line["request"]["id"] for line in lines}) != len(lines):
        wrong.append("a request was noted twice")
    if unnoted(store, lines):
        wrong.append("a token was committed without a line")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    program = pathlib.Path(os.environ["VTOKEN"]).resolve()
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        wrong += killed(folder, program, options, random.Random(options.seed))
    with tempfile.TemporaryDirectory() as folder:
        wrong += crowded(folder, program)
    for line in wrong:
        print(f"FAIL {line}")
    print(f"{0 if wrong else 1} passed, {1 if wrong else 0} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
