"""Sweeps killed with SIGKILL at random points and resumed: whatever happens, the end is the same."""
import collections
import os
import random
import subprocess
import time

import pytest

from scripted import Scripted
from sweeps import SANITIZED, SLOWER, Sweeper, journal, kill_after
from vault import Vault

KILLS = 10 if SANITIZED else 50
TOKENS = 150
FLAGS = ("-policy=app", "-yes", "-journal=journal")


def killed(sweeper, server, chance, flags):
    """A sweep that is killed at a random point, unless it ends before: its status. Half of the points are moments, and half
    are requests, of which most are."""
    process = sweeper.start(*flags, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if chance.random() < 0.5:
        return kill_after(process, chance.uniform(0, 0.1 * SLOWER))
    last = len(server.requests) + chance.randrange(1, TOKENS + TOKENS // 3)
    while process.poll() is None and len(server.requests) < last:
        time.sleep(0.002)
    return kill_after(process, chance.uniform(0, 0.004))


def began(vault, home, chance):
    """One sweep, killed as often as chance has it, and then resumed to its end: how often it was killed."""
    kills, flags, status = 0, FLAGS, None
    with Scripted(vault, latency=0.001) as server:
        sweeper = Sweeper(home, server.address)
        while status != 0 and (kills == 0 or chance.random() < 0.8):
            status = killed(sweeper, server, chance, flags)
            kills += status != 0
            # Killed before it had a journal, it has to begin.
            flags = (*FLAGS, "-resume") if (home / "journal").exists() else FLAGS
        if status != 0:
            done = sweeper.run(*flags)
            assert done.status == 0, done
    return kills


def check(vault, expected, others, path):
    """What has to hold after the last run."""
    assert not vault.with_policy()
    assert set(vault.tokens) == others
    assert set(vault.revocations) <= expected
    lines = journal(path)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert "ScriptedCaller" not in text
    meant = collections.Counter(line["accessor"] for line in lines if line["event"] == "revoking")
    settled = collections.Counter(line["accessor"] for line in lines if line["event"] == "settled")
    planned = {line["accessor"] for line in lines if line["event"] == "planned"}
    # Nobody was asked for without a line that said so before, and each has an outcome.
    asked = collections.Counter(vault.revocations)
    assert all(asked[accessor] <= meant[accessor] for accessor in asked), asked - meant
    assert set(settled) == planned == expected, (set(settled) ^ planned, planned ^ expected)


@pytest.fixture(scope="module")
def seed():
    number = int(os.environ.get("VTOKEN_SWEEP_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"VTOKEN_SWEEP_SEED={number}")
    return number


def test_killed_and_resumed(home, seed):
    chance = random.Random(seed)
    kills = number = 0
    while kills < KILLS:
        folder = home / str(number)
        folder.mkdir()
        vault = Vault(seed + number)
        expected = vault.crowd(TOKENS)
        others = set(vault.tokens) - expected
        try:
            kills += began(vault, folder, chance)
            check(vault, expected, others, folder / "journal")
        except AssertionError as error:
            raise AssertionError(f"VTOKEN_SWEEP_SEED={seed}, sweep {number}: {error}") from error
        number += 1
    print(f"{kills} kills in {number} sweeps")
