#!/usr/bin/env python3
"""Sixteen processes write to one store at once: each waits its turn, none is told that the store is locked.

usage: crowd.py [--rounds N]

The program is named by the environment's VTOKEN. The last line is "N passed, M failed".
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile
import threading

from writers import Store, read_token

CROWD = 16


def work(store, rounds, kept, wrong):
    """Creates, renews and revokes; keeps half of what it makes."""
    for index in range(rounds):
        made = None
        for command in ("create", "renew", "revoke"):
            if command == "revoke" and index % 2 == 0:
                kept.append(made)
                continue
            arguments = [command, made] if made else [command, "-format=json", "-policy=crowd"]
            status, out, err = store.run(*arguments)
            if status != 0:
                wrong.append(f"{command}: exit {status}: {err.strip()}")
                return
            made = made or read_token(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    rounds = parser.parse_args().rounds
    kept, wrong = [], []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder, pathlib.Path(os.environ["VTOKEN"]).resolve())
        crowd = [threading.Thread(target=work, args=(store, rounds, kept, wrong)) for _ in range(CROWD)]
        for member in crowd:
            member.start()
        for member in crowd:
            member.join()
        listed = len(json.loads(store.call("accessors", "list", "-format=json")))
        if listed != len(kept) + 1:
            wrong.append(f"{listed} accessors, expected {len(kept) + 1}")
        status, out, err = store.run("store", "verify")
        if status != 0:
            wrong.append(f"store verify: {out}{err}")
    for line in sorted(set(wrong)):
        print(f"FAIL {line}")
    print(f"{0 if wrong else 1} passed, {1 if wrong else 0} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
