"""A real server behind a proxy that spoils a share of all requests."""
import os
import random

from proxy import Proxy
from servers import ROOT, DevServer
from sweeps import SANITIZED, Sweeper

TOKENS = 300 if SANITIZED else 2000
SEED = int(os.environ.get("VTOKEN_SWEEP_SEED", random.SystemRandom().randrange(1 << 32)))


def test_a_real_server(home):
    server = DevServer(home / "server")
    try:
        made = {policy: make(server, policy, TOKENS // 2) for policy in ("app", "team")}
        with Proxy(server.http, SEED) as proxy:
            done = Sweeper(home, proxy.address, ROOT).run("-policy=app", "-yes", "-format=ndjson", seconds=120)
        assert done.status == 0, (SEED, done)
        assert {row["accessor"] for row in done.rows} == made["app"], (SEED, done)
        left = set(server.ask("LIST", "auth/token/accessors")["data"]["keys"])
        assert made["team"] < left and not made["app"] & left, SEED
        assert proxy.spoilt["error"] > TOKENS / 100 and proxy.spoilt["slow"], proxy.spoilt
        print(SEED, proxy.requests, proxy.spoilt)
    finally:
        server.stop()


def make(server, policy, count):
    """`count` tokens with the policy: their accessors."""
    return {server.ask("POST", "auth/token/create-orphan", {"policies": [policy], "ttl": "1h"})["auth"]["accessor"]
            for _ in range(count)}
