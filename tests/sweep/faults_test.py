"""Behind a proxy that spoils a share of all requests, a sweep still comes to its end, and to the right one."""
import os
import random

import pytest

from proxy import Proxy
from scripted import Scripted
from servers import ROOT, DevServer
from sweeps import SANITIZED, Sweeper
from vault import Vault

TOKENS = 300 if SANITIZED else 2000


@pytest.fixture(scope="module")
def seed():
    return int(os.environ.get("VTOKEN_SWEEP_SEED", random.SystemRandom().randrange(1 << 32)))


def spoilt_enough(proxy):
    assert proxy.spoilt["error"] > TOKENS / 100 and proxy.spoilt["slow"], proxy.spoilt


def test_a_scripted_server(home, seed):
    vault = Vault(seed)
    marked = vault.crowd(TOKENS, every=2)
    others = set(vault.tokens) - marked
    with Scripted(vault) as server, Proxy(server.address, seed) as proxy:
        done = Sweeper(home, proxy.address).run("-policy=app", "-yes", "-format=ndjson", "-journal=journal", seconds=120)
    assert done.status == 0, (seed, done)
    assert set(vault.tokens) == others, seed
    assert set(done.outcomes) <= {"revoked", "gone"} and {row["accessor"] for row in done.rows} == marked, (seed, done)
    # One whose revocation was done and not answered counts as revoked, or as gone.
    assert len(done.outcomes.get("gone", [])) <= proxy.spoilt["reset after"]
    spoilt_enough(proxy)
    print(seed, proxy.requests, proxy.spoilt)


def test_a_real_server(home, seed):
    server = DevServer(home / "server")
    try:
        made = {policy: make(server, policy, TOKENS // 2) for policy in ("app", "team")}
        with Proxy(server.http, seed) as proxy:
            done = Sweeper(home, proxy.address, ROOT).run("-policy=app", "-yes", "-format=ndjson", seconds=120)
        assert done.status == 0, (seed, done)
        assert {row["accessor"] for row in done.rows} == made["app"], (seed, done)
        left = set(server.ask("LIST", "auth/token/accessors")["data"]["keys"])
        assert made["team"] < left and not made["app"] & left, seed
        spoilt_enough(proxy)
        print(seed, proxy.requests, proxy.spoilt)
    finally:
        server.stop()


def make(server, policy, count):
    """`count` tokens with the policy: their accessors."""
    return {server.ask("POST", "auth/token/create-orphan", {"policies": [policy], "ttl": "1h"})["auth"]["accessor"]
            for _ in range(count)}
