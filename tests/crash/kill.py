#!/usr/bin/env python3
"""Kills writers with SIGKILL at random points and checks that the store kept its word.

usage: kill.py [--kills N] [--seed S]

What holds afterwards: every token whose `create` exited 0 is there; every token whose `revoke` exited 0 is dead, with its
descendants; a `revoke` that was killed happened as a whole or not at all; `store verify` finds nothing wrong.
The program is named by the environment's VTOKEN. Prints the seed first; the last line is "N passed, M failed".
"""
import argparse
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

from writers import Node, Store, read_token

WRITERS = 4
FAMILY = 12  # tokens in a tree that one revoke takes down


class Writer(threading.Thread):
    """Makes trees of tokens and takes them down, each time with a kill somewhere in between."""

    def __init__(self, store, seed, budget, typical):
        super().__init__()
        self.store, self.random, self.budget, self.typical = store, random.Random(seed), budget, typical
        self.trees, self.kills, self.error = [], 0, None

    def risky(self, kind, *arguments):
        """A command that is killed at a random point of its life, or just after. None when the kill came first."""
        status, out = self.store.killed(self.random.uniform(0, 1.3 * self.typical[kind]), *arguments)
        self.kills += status != 0
        return out if status == 0 else None

    def create(self, *flags):
        out = self.risky("create", "create", "-format=json", *flags)
        return Node(read_token(out)) if out is not None else None

    def grow(self):
        """One tree: a parent and descendants, made by processes that may be killed."""
        parent = Node(read_token(self.store.call("create", "-format=json", "-policy=root")))
        self.trees.append(parent)
        caller = self.store.path.parent / f"{self.name}.token"
        holder = parent
        for _ in range(FAMILY):
            caller.write_text(holder.token)
            caller.chmod(0o600)
            child = self.create(f"-token-file={caller}", "-policy=root")
            if child:
                holder.children.append(child)
                holder = self.random.choice([holder, child, parent])
        return parent

    def run(self):
        try:
            while self.kills < self.budget:
                parent = self.grow()
                victim = self.random.choice(list(parent.family()))
                if self.risky("revoke", "revoke", victim.token) is None:
                    victim.maybe = True
                else:
                    for node in victim.family():
                        node.revoked = True
                if self.random.random() < 0.3:
                    self.risky("create", "store", self.random.choice(["rotate", "tidy"]))
        except Exception as error:  # told by the main thread
            self.error = error


def check(store, trees):
    """The promises that were broken, as lines."""
    wrong = []

    def visit(node, whole):
        alive = store.alive(node.token)
        if node.revoked and alive:
            wrong.append("a token is alive whose revoke was acknowledged")
        elif whole is not None and not node.revoked and alive != whole:
            wrong.append("a revoke that was killed happened in part")
        elif whole is None and not node.revoked and not node.maybe and not alive:
            wrong.append("a token is gone whose create was acknowledged")
        if node.maybe:
            whole = alive
        for child in node.children:
            visit(child, whole)

    for tree in trees:
        visit(tree, None)
    status, out, err = store.run("store", "verify")
    if status != 0:
        wrong.append(f"store verify: exit {status}: {out}{err}")
    return wrong


def measure(store):
    """How long the commands take here, undisturbed, in seconds."""
    def timed(*arguments):
        start = time.monotonic()
        out = store.call(*arguments)
        return time.monotonic() - start, out

    creates = [timed("create", "-format=json") for _ in range(7)]
    revokes = [timed("revoke", read_token(out)) for _, out in creates]
    return {"create": statistics.median(t for t, _ in creates), "revoke": statistics.median(t for t, _ in revokes)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder, pathlib.Path(os.environ["VTOKEN"]).resolve())
        typical = measure(store)
        writers = [Writer(store, chance.randrange(1 << 32), -(-options.kills // WRITERS), typical)
                   for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        trees = [tree for writer in writers for tree in writer.trees]
        wrong = [repr(w.error) for w in writers if w.error] + check(store, trees)
    known = sum(1 for tree in trees for _ in tree.family())
    print(f"{sum(w.kills for w in writers)} kills, {known} tokens acknowledged, "
          f"create takes {typical['create'] * 1000:.1f} ms, revoke {typical['revoke'] * 1000:.1f} ms")
    for line in sorted(set(wrong)):
        print(f"FAIL {line} ({wrong.count(line)} times)")
    print(f"{0 if wrong else 1} passed, {1 if wrong else 0} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
