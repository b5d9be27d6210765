"""Sweeps killed with SIGKILL at random points and resumed: whatever happens, the end is the same."""
import collections
import os
import random
import time

import pytest

from scripted import Scripted
from sweeps import SANITIZED, Sweeper, journal
from vault import Vault

KILLS = 10 if SANITIZED else 50
TOKENS = 150
FLAGS = ("-policy=app", "-yes", "-journal=journal")


def began(vault, home, chance, typical):
    """One sweep, killed as often as chance has it: how often."""
    kills, flags = 0, FLAGS
    with Scripted(vault, latency=0.001) as server:
        sweeper = Sweeper(home, server.address)
        while chance.random() < 0.7 or kills == 0:
            status = sweeper.killed(chance.uniform(0, 1.1 * typical), *flags)
            assert status in (0, -9), status
            if status == 0:
                break
            kills += 1
            # Killed before it had a journal, it has to begin.
            flags = (*FLAGS, "-resume") if (home / "journal").exists() else FLAGS
        if kills == 0 or status != 0:
            done = sweeper.run(*flags, "-format=ndjson")
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
    meant, settled = collections.Counter(), collections.Counter()
    for line in lines:
        meant.update([line["revoking"]] if "revoking" in line else [])
        settled.update([line["accessor"]] if "outcome" in line else [])
    # Nobody was asked for without a line that said so before, and each has an outcome.
    asked = collections.Counter(vault.revocations)
    assert all(asked[accessor] <= meant[accessor] for accessor in asked), asked - meant
    assert set(settled) == expected


@pytest.fixture(scope="module")
def seed():
    number = int(os.environ.get("VTOKEN_SWEEP_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"VTOKEN_SWEEP_SEED={number}")
    return number


def test_killed_and_resumed(home, seed):
    chance = random.Random(seed)
    kills = number = 0
    typical = None
    while kills < KILLS:
        folder = home / str(number)
        folder.mkdir()
        vault = Vault(seed + number)
        expected = vault.crowd(TOKENS)
        others = set(vault.tokens) - expected
        if typical is None:
            with Scripted(Vault(1), latency=0.001) as server:
                server.vault.crowd(TOKENS)
                start = time.monotonic()
                Sweeper(home, server.address).run(*FLAGS)
                typical = time.monotonic() - start
        try:
            kills += began(vault, folder, chance, typical)
            check(vault, expected, others, folder / "journal")
        except AssertionError as error:
            raise AssertionError(f"VTOKEN_SWEEP_SEED={seed}, sweep {number}: {error}") from error
        number += 1
    print(f"{kills} kills in {number} sweeps; an undisturbed one takes {typical * 1000:.0f} ms")
