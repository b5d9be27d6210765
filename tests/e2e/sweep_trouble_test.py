"""Sweeps of a real server that is damaged, in a hurry, sealed, or takes the caller's token away."""
import json
import re

import pytest

import command
from population import Client, Population
from processes import wait_until
from servers import DevServer
from sweeping import accessors, outcomes, rows, sweep

LISTED = "sys/raw/sys/token/accessor"  # in memory for development, storage can be written behind the server's back
KEPT = "sys/raw/sys/token/id"


@pytest.fixture(scope="module")
def place(folder):
    running = DevServer(folder / "place")
    yield running
    running.stop()


@pytest.fixture
def tokens(place):
    made = Population(Client(place.http))
    for kind in ("guilty", "innocent"):
        made.make(kind, 300, lambda n: {"policies": [kind, "default"], "ttl": "1h"})
    yield made
    made.client.each(lambda token: made.client.attempt("POST", "auth/token/revoke", {"token": token.token}), made.alive)


@pytest.fixture
def run(place, home):
    return command.vtoken(home, place.http)


def keys(client, path):
    return set(client.ask("LIST", path)["data"]["keys"])


class Stored:
    """A new token, and where the server keeps it: its record, and the entry of its accessor."""

    def __init__(self, tokens, kind, policy):
        client, entries, records = tokens.client, keys(tokens.client, LISTED), keys(tokens.client, KEPT)
        tokens.make(kind, 1, lambda n: {"policies": [policy, "default"], "no_parent": True, "ttl": "1h"})
        self.token = tokens.of(kind)[-1]
        ((self.entry,), (self.record,)) = keys(client, LISTED) - entries, keys(client, KEPT) - records


def test_an_accessor_whose_token_is_not_there(tokens, run):
    """A server lists it, and denies everyone a lookup. That must not look as if the caller had no rights."""
    dangling = [Stored(tokens, "dangling", "guilty") for _ in range(3)]
    for one in dangling:
        tokens.client.ask("DELETE", f"{KEPT}/{one.record}")
    done = sweep(run, "-policy=guilty")
    assert done.status == 0 and "tidy" in done.err, done.err
    assert outcomes(done) == {"revoked": 300, "dangling": 3}
    assert {row["accessor"] for row in rows(done).values() if row["outcome"] == "dangling"} == accessors(tokens.of("dangling"))
    tokens.alive -= set(tokens.of("dangling"))
    tokens.strangers |= {one.token.accessor for one in dangling}
    tokens.bury(set(tokens.of("guilty")))
    for one in dangling:
        tokens.client.ask("DELETE", f"{LISTED}/{one.entry}")


def test_an_accessor_with_another_tokens_record(tokens, run):
    """The accessor's entry names a guilty token of another accessor, or an innocent one."""
    lost, stray = Stored(tokens, "lost", "guilty"), Stored(tokens, "stray", "default")
    for one, other in ((lost, "innocent"), (stray, "guilty")):
        kept = tokens.client.ask("GET", f"{LISTED}/{one.entry}")["data"]["value"]
        pointing = {**json.loads(kept), "token_id": tokens.of(other)[0].token}
        tokens.client.ask("PUT", f"{LISTED}/{one.entry}", {"value": json.dumps(pointing)})
    done = sweep(run, "-policy=guilty")
    assert done.status == 0, done.err
    assert outcomes(done) == {"revoked": 300, "dangling": 2}
    assert rows(done)[lost.token.accessor]["outcome"] == rows(done)[stray.token.accessor]["outcome"] == "dangling"
    tokens.bury(set(tokens.of("guilty")))
    tokens.check([lost.token, stray.token], 200)


def test_gone_before_it_is_looked_up(tokens, run):
    gone = tokens.of("guilty")[:20]
    lines = "".join(token.accessor + "\n" for token in tokens.of("guilty")) + "NoSuchAccessor1234567890\n"
    tokens.client.each(lambda token: tokens.client.ask("POST", "auth/token/revoke-accessor", {"accessor": token.accessor}), gone)
    tokens.bury(set(gone))
    done = sweep(run, "-accessors-from=-", "-policy=guilty", stdin=lines)
    assert done.status == 0, done
    assert outcomes(done)["revoked"] == 280 and set(outcomes(done)) <= {"revoked", "gone"}
    tokens.bury(set(tokens.of("guilty")))


def test_a_rate_limit_slows_it_down(tokens, run, place):
    for limit in ("lookup-accessor", "revoke-accessor"):
        place.ask("POST", f"sys/quotas/rate-limit/{limit}", {"path": f"auth/token/{limit}", "rate": 250})
    try:
        done = sweep(run, "-policy=guilty")
    finally:
        for limit in ("lookup-accessor", "revoke-accessor"):
            place.ask("DELETE", f"sys/quotas/rate-limit/{limit}")
    assert done.status == 0 and outcomes(done) == {"revoked": 300}, done
    tokens.bury(set(tokens.of("guilty")))


def interrupted(tokens, run, interrupt, *flags):
    """A sweep of the guilty in which interrupt() is called after some are revoked."""
    guilty = accessors(tokens.of("guilty"))
    with run.started("accessors", "revoke", "-policy=guilty", "-yes", "-format=ndjson", "-concurrency=1", *flags) as begun:
        wait_until(lambda: len(guilty - tokens.client.accessors()) >= 10, "some that are revoked")
        interrupt()
        return begun.finish(timeout=30)


def test_sealed_meanwhile(tokens, run, place):
    """It ends at once, says why, and goes on from its journal when the server is open again."""
    done = interrupted(tokens, run, lambda: place.ask("PUT", "sys/seal"), "-journal=journal")
    assert done.status == 2 and "sealed" in done.err and "-resume" in done.err, done.err
    assert len(rows(done)) >= 10
    place.ask("PUT", "sys/unseal", {"key": re.search(r"Unseal Key: (\S+)", (place.folder / "log").read_text())[1]})
    wait_until(tokens.client.accessors, "a server that is unsealed")
    assert 0 < len(accessors(tokens.of("guilty")) & tokens.client.accessors()) <= 290
    done = sweep(run, "-journal=journal", "-resume")
    assert done.status == 0, done
    tokens.bury(set(tokens.of("guilty")))


def test_ones_own_token_ends_meanwhile(tokens, run):
    tokens.client.policy("sweeper", 'path "auth/token/*" { capabilities = ["list", "sudo", "update"] }')
    tokens.make("sweeper", 2, lambda n: {"policies": ["sweeper"], "ttl": "1h"})
    one, another = tokens.of("sweeper")
    done = interrupted(tokens, run.with_environment(VAULT_TOKEN=one.token),
                       lambda: tokens.client.ask("POST", "auth/token/revoke", {"token": one.token}), "-journal=journal")
    assert done.status == 2 and "token" in done.err and one.token not in done.err + done.out, done.err
    assert "denied" not in outcomes(done), "who is no more is not denied"
    done = sweep(run.with_environment(VAULT_TOKEN=another.token), "-journal=journal", "-resume")
    assert done.status == 0, done
    tokens.bury({one, *tokens.of("guilty")})
