#!/usr/bin/env python3
"""Wrapping tokens that many processes are after at once, and that processes are killed over: one reader at most.

usage: unwrap.py [--rounds N] [--kills N] [--seed S]

What holds: of all who unwrap or rewrap one token at once exactly one gets what is in it, and the others are told that it
is used; when the one who unwraps is killed, the answer is still there for the next one, whole, or it is gone, but never
read twice; `store verify` finds nothing wrong.
The program is named by the environment's VTOKEN. Prints the seed first; the last line is "N passed, M failed".
"""
import argparse
import json
import os
import pathlib
import random
import sys
import tempfile
import time

from writers import Store

REFUSED = "wrapping token is not valid or does not exist"
SECRET = "kept-in-the-middle"


def wrapped(store):
    out = store.call("write", "-format=json", "-wrap-ttl=10m", "sys/wrapping/wrap", f"secret={SECRET}")
    return json.loads(out)["wrap_info"]["token"]


def holds_secret(out):
    return json.loads(out)["data"]["secret"] == SECRET


def race(store, chance):
    """One token, several readers: what went wrong, as lines."""
    token = wrapped(store)
    asking = [("unwrap", "-format=json", token), ("unwrap", "-format=json"),
              ("write", "-format=json", "sys/wrapping/unwrap", f"token={token}"),
              ("write", "-format=json", "sys/wrapping/rewrap", f"token={token}")] * 2
    chance.shuffle(asking)
    root = store.environment.pop("VAULT_TOKEN", None)
    processes = []
    for arguments in asking:
        if arguments == ("unwrap", "-format=json"):
            store.environment["VAULT_TOKEN"] = token
        processes.append((arguments, store.start(*arguments)))
        store.environment.pop("VAULT_TOKEN", None)
    if root is not None:
        store.environment["VAULT_TOKEN"] = root
    winners, wrong = [], []
    for arguments, process in processes:
        out, err = process.communicate(timeout=120)
        if process.returncode == 0:
            winners.append((arguments, out))
        elif process.returncode != 2 or REFUSED not in err:
            wrong.append(f"{arguments[0]}: exit {process.returncode}: {err.strip()}")
    if len(winners) != 1:
        return wrong + [f"{len(winners)} of {len(asking)} got the answer"]
    arguments, out = winners[0]
    if "rewrap" in arguments[-2]:
        out = store.call("unwrap", "-format=json", json.loads(out)["wrap_info"]["token"])
    return wrong + ([] if holds_secret(out) else ["the answer is not what was wrapped"])


def kill(store, chance, typical):
    """One token, a reader that is killed, and one after it. How it went, and what went wrong."""
    token = wrapped(store)
    status, out = store.killed(chance.uniform(0, 1.3 * typical), "unwrap", "-format=json", token)
    read = status == 0 and holds_secret(out)
    status, again, err = store.run("unwrap", "-format=json", token)
    if status == 0:
        if read:
            return "twice", ["an answer was read twice"]
        return "after", [] if holds_secret(again) else ["the answer is not what was wrapped"]
    if status != 2 or REFUSED not in err:
        return "failed", [f"unwrap after a kill: exit {status}: {err.strip()}"]
    return "before" if read else "lost", []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    outcomes, wrong = {}, []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder, pathlib.Path(os.environ["VTOKEN"]).resolve())
        for _ in range(options.rounds):
            wrong += race(store, chance)
        start = time.monotonic()
        store.call("unwrap", wrapped(store))
        typical = (time.monotonic() - start) / 2
        for _ in range(options.kills):
            outcome, lines = kill(store, chance, typical)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            wrong += lines
        status, out, err = store.run("store", "verify")
        if status != 0:
            wrong.append(f"store verify: exit {status}: {out}{err}")
    print(", ".join(f"{count} read {outcome}" for outcome, count in sorted(outcomes.items())))
    for line in sorted(set(wrong)):
        print(f"FAIL {line} ({wrong.count(line)} times)")
    print(f"{0 if wrong else 1} passed, {1 if wrong else 0} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
