"""Ctrl-C and SIGTERM: it stops asking, waits a little for what is under way, tells what is left and ends with 2."""
import signal
import time

import pytest

from scripted import Scripted, Turn
from sweeps import SLOWER, Sweeper, finish

FLAGS = ("-policy=app", "-yes", "-concurrency=4")
BOTH = pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)


@pytest.fixture
def marked(vault):
    """The accessors that have to go: 100 of 300."""
    return vault.crowd(300)


def interrupted(server, home, how, kind, count, *flags, seconds=20):
    """A sweep that gets the signal after so many requests of a kind: (Done, requests until then, seconds it went on)."""
    process = Sweeper(home, server.address).start(*FLAGS, *flags)
    server.wait_for(kind, count)
    process.send_signal(how)
    before, at = len(server.requests), time.monotonic()
    done = finish(process, seconds)
    return done, before, time.monotonic() - at


def test_while_the_list_comes(vault, marked, home, how=signal.SIGINT):
    """The server stops in the middle of the list: nothing would come any more."""
    def script(request):
        return Turn(part=0.5, hang=True) if request.kind == "list" else None
    with Scripted(vault, script) as server:
        done, _, _ = interrupted(server, home, how, "lookup", 50)
    assert done.status == 2 and done.err.strip() and not server.asked("revoke"), done
    assert "revoked" not in done.counts


@BOTH
def test_while_it_looks(vault, marked, home, how):
    with Scripted(vault, latency=0.01) as server:
        done, before, _ = interrupted(server, home, how, "lookup", 100)
    assert done.status == 2 and not server.asked("revoke"), done
    assert len(server.requests) - before <= 8 and "nterrupt" in done.err


@BOTH
def test_while_it_revokes(vault, marked, home, how):
    with Scripted(vault, latency=0.01) as server:
        done, before, _ = interrupted(server, home, how, "revoke", 40, "-journal=journal")
        assert done.status == 2 and len(server.requests) - before <= 8, done
        left = vault.with_policy()
        assert done.counts == {"revoked": 100 - len(left), "left": len(left)} and 0 < len(left) < 61
        assert "-resume" in done.err
        again = Sweeper(home, server.address).run("-resume", "-journal=journal", "-yes")
    assert again.status == 0 and not vault.with_policy(), again
    assert len(vault.revocations) == len(set(vault.revocations)) == 100


def test_a_server_that_hangs(vault, marked, home, how=signal.SIGTERM):
    """What is under way gets five seconds."""
    def script(request):
        return Turn(hang=True) if request.kind == "revoke" and len(vault.revocations) >= 10 else None
    with Scripted(vault, script) as server:
        done, _, seconds = interrupted(server, home, how, "revoke", 11)
    assert done.status == 2 and seconds < 8 * SLOWER, (seconds, done)
    assert done.counts["revoked"] == len(vault.revocations) and done.counts["left"] == len(vault.with_policy()), done


def test_twice(vault, marked, home):
    """The second one does not wait."""
    def script(request):
        return Turn(hang=True) if request.kind == "revoke" else None
    with Scripted(vault, script) as server:
        process = Sweeper(home, server.address).start(*FLAGS)
        server.wait_for("revoke", 4)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5 * SLOWER)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        at = time.monotonic()
        done = finish(process)
    assert done.status != 0 and time.monotonic() - at < 3 * SLOWER, done


@BOTH
def test_while_it_waits(vault, marked, home, how):
    """The server has asked for a minute of rest."""
    def script(request):
        if request.kind != "revoke" or len(vault.revocations) < 10:
            return None
        return Turn(reply=(429, {"errors": ["rate limit quota exceeded"]}), headers={"Retry-After": "60"})
    with Scripted(vault, script) as server:
        done, _, seconds = interrupted(server, home, how, "revoke", 11)
    assert done.status == 2 and seconds < 4 * SLOWER, (seconds, done)
    assert done.counts["revoked"] == len(vault.revocations) and done.counts["left"] == len(vault.with_policy())


def test_before_anything_answers(vault, marked, home, how=signal.SIGINT):
    """A server that takes the connection and no more."""
    with Scripted(vault, lambda request: Turn(hang=True)) as server:
        process = Sweeper(home, server.address).start(*FLAGS)
        server.wait_for("self", 1)
        process.send_signal(how)
        at = time.monotonic()
        done = finish(process, 20)
    assert done.status != 0 and time.monotonic() - at < 8 * SLOWER, done


@BOTH
def test_a_list_with_details(vault, marked, home, how):
    """Rows that were printed are whole."""
    with Scripted(vault, latency=0.01) as server:
        process = Sweeper(home, server.address).start("-detailed", "-format=ndjson", "-concurrency=4", command=("accessors", "list"))
        server.wait_for("lookup", 100)
        process.send_signal(how)
        done = finish(process, 10)
    assert done.status == 2 and len(done.rows) >= 90, done
