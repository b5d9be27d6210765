"""Behind a proxy that spoils a share of all requests, a sweep still comes to its end, and to the right one."""
import os
import random

from proxy import Proxy
from scripted import Scripted
from sweeps import SANITIZED, Sweeper
from vault import Vault

TOKENS = 300 if SANITIZED else 2000
SEED = int(os.environ.get("VTOKEN_SWEEP_SEED", random.SystemRandom().randrange(1 << 32)))


def test_a_scripted_server(home):
    vault = Vault(SEED)
    marked = vault.crowd(TOKENS, every=2)
    others = set(vault.tokens) - marked
    with Scripted(vault) as server, Proxy(server.address, SEED) as proxy:
        done = Sweeper(home, proxy.address).run("-policy=app", "-yes", "-format=ndjson", "-journal=journal", seconds=120)
    assert done.status == 0, (SEED, done)
    assert set(vault.tokens) == others, SEED
    assert set(done.outcomes) <= {"revoked", "gone"} and {row["accessor"] for row in done.rows} == marked, (SEED, done)
    # One whose revocation was done and not answered counts as revoked, or as gone.
    assert len(done.outcomes.get("gone", [])) <= proxy.spoilt["reset after"]
    assert proxy.spoilt["error"] > TOKENS / 100 and proxy.spoilt["slow"], proxy.spoilt
    print(SEED, proxy.requests, proxy.spoilt)
