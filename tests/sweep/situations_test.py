"""What servers say in the middle of a sweep, each once, and what has to come of it."""
import collections
import concurrent.futures
import time

import pytest

from scripted import Scripted, Turn
from sweeps import Sweeper
from vault import INVALID_TOKEN, Vault, bad, good

FLAGS = ("-policy=app", "-yes", "-format=ndjson")
DENIED = "1 error occurred:\n\t* permission denied\n\n"


@pytest.fixture
def run(vault, marked, home):
    """Sweeps the vault, through a server that follows the script: (Done, Scripted)."""
    def go(script=None, *flags, stdin=None, seconds=30, latency=0.0, **environment):
        with Scripted(vault, script, latency) as server:
            done = Sweeper(home, server.address, **environment).run(*(flags or FLAGS), stdin=stdin, seconds=seconds)
        assert "ScriptedCaller" not in done.out + done.err
        return done, server
    return go


def once(kind, accessor, turn):
    """A script: the first request of a kind for the accessor (any, when it is None) gets this turn."""
    left = [turn]

    def script(request):
        return left.pop() if left and request.kind == kind and accessor in (None, request.accessor) else None
    return script


def always(kind, accessor, turn):
    def script(request):
        return turn if request.kind == kind and accessor in (None, request.accessor) else None
    return script


def for_seconds(seconds, kinds, turn):
    """From the first request of these kinds on, for so long."""
    began = []

    def script(request):
        if request.kind not in kinds:
            return None
        began.append(time.monotonic())
        return turn if began[-1] - began[0] < seconds else None
    return script


def test_all_that_match_and_nothing_else(run, vault, marked):
    others = set(vault.tokens) - marked
    done, server = run()
    assert done.status == 0, done
    assert done.outcomes == {"revoked": sorted(marked)}
    assert set(vault.tokens) == others
    assert [list(row) for row in done.rows] == [["accessor", "outcome", "policies", "display_name", "path", "error"]] * 20
    assert done.rows[0]["policies"] == ["default", "app"] and done.rows[0]["error"] is None
    assert sorted(server.asked("revoke")) == sorted(marked)


def test_the_summary_of_a_table(run, marked):
    done, _ = run(None, "-policy=app", "-yes")
    assert done.status == 0 and done.counts == {"revoked": 20, "left": 0}, done


@pytest.mark.parametrize("reply", [bad(400, "invalid accessor"), bad(403, "invalid accessor"), bad(404, "invalid accessor")])
def test_gone_between_list_and_lookup(run, vault, marked, reply):
    victim = min(marked)

    def script(request):
        if request.kind == "list" and victim in vault.tokens:
            vault.tokens[victim].secret = ""
            vault.lingering.add(victim)
            vault.end(victim)
        elif request.kind == "lookup" and request.accessor == victim:
            vault.lingering.discard(victim)
            return Turn(reply=reply)
        return None
    done, server = run(script)
    assert done.status == 0, done
    assert done.outcomes["revoked"] == sorted(marked - {victim}) and victim not in server.asked("revoke")


@pytest.mark.parametrize("reply", [bad(400, "invalid accessor"), good(None, warnings=["No token found with this accessor"])])
def test_gone_before_its_revocation(run, vault, marked, reply):
    victim = min(marked)

    def script(request):
        if request.kind == "revoke" and request.accessor == victim:
            vault.end(victim)
            return Turn(reply=reply)
        return None
    done, _ = run(script)
    assert done.status == 0, done
    assert done.outcomes == {"gone": [victim], "revoked": sorted(marked - {victim})}


def test_dangling(run, vault, marked):
    vault.dangling = {"DanglingAccessorNumber01", "DanglingAccessorNumber02"}
    done, server = run()
    assert done.status == 0, done
    assert done.outcomes == {"dangling": sorted(vault.dangling), "revoked": sorted(marked)}
    assert "auth/token/tidy" in done.err
    assert server.seen["capabilities"] <= 4 and not vault.dangling & set(server.asked("revoke"))


def test_dangling_when_it_is_revoked(run, vault, marked):
    victim = min(marked)

    def script(request):
        if request.kind == "revoke" and request.accessor == victim:
            vault.end(victim)
            vault.dangling.add(victim)
        return None
    done, _ = run(script)
    assert done.status == 0, done
    # It was there a moment ago: it may have ended meanwhile.
    assert done.outcomes.pop("dangling", done.outcomes.get("gone")) == [victim] and done.outcomes["revoked"] == sorted(marked - {victim}), done


def test_a_caller_that_may_not_look_up(run, vault, marked):
    vault.caller.policies = ["sweeper"]
    done, server = run(always("lookup", None, Turn(reply=bad(403, DENIED))))
    assert done.status == 2 and "auth/token/lookup-accessor" in done.err, done
    assert not server.asked("revoke")


def test_a_caller_that_may_not_revoke(run, vault, marked):
    vault.caller.policies = ["sweeper"]
    done, _ = run(always("revoke", None, Turn(reply=bad(403, DENIED))))
    assert done.status == 2 and done.outcomes == {"denied": sorted(marked)}, done
    assert "auth/token/revoke-accessor" in done.err


def test_a_record_of_another_token(run, vault, marked):
    odd = vault.add(policies=["team"])
    vault.wrong[odd.accessor] = vault.tokens[min(marked)]
    done, server = run()
    assert done.status == 0, done
    assert done.outcomes == {"dangling": [odd.accessor], "revoked": sorted(marked)}
    assert odd.accessor not in server.asked("revoke") and odd.accessor in vault.tokens


@pytest.mark.parametrize("flags", [(), ("-verify",)])
def test_revoked_and_still_listed(run, vault, marked, flags):
    vault.lingering = set()

    def script(request):
        if request.kind == "revoke":
            vault.lingering.add(request.accessor)
        return None
    done, _ = run(script, *FLAGS, *flags)
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked)}, done


def test_said_to_be_revoked_and_alive(run, vault, marked):
    stubborn = min(marked)
    done, server = run(always("revoke", stubborn, Turn(reply=(204, None))))
    assert done.status == 2, done
    assert server.asked("revoke").count(stubborn) > 1
    assert done.rows[-1]["accessor"] == stubborn and done.rows[-1]["outcome"] == "failed"
    assert stubborn in done.err and done.outcomes["revoked"].count(stubborn) <= 1


def test_the_list_denied(run):
    done, server = run(always("list", None, Turn(reply=bad(403, DENIED))))
    assert done.status == 2 and not server.asked("revoke"), done
    assert all(word in done.err for word in ("list", "sudo", "auth/token/accessors"))


@pytest.mark.parametrize("words", [INVALID_TOKEN, DENIED, "permission denied"])
@pytest.mark.parametrize("when", [("self", 1), ("lookup", 30), ("revoke", 10)])
def test_the_own_token_dies(run, vault, marked, words, when):
    """By one version's words or another's. Those that are left are told, and the server is left in peace."""
    kind, number = when
    dead, seen = [], collections.Counter()

    def script(request):
        seen[request.kind] += 1
        if seen[kind] >= number:
            dead.append(request.number)
        return Turn(reply=bad(403, words)) if dead else None
    done, server = run(script, "-policy=app", "-yes", "-concurrency=4")
    assert done.status == 2, done
    assert len(server.requests) - dead[0] < 25  # four under way, and for each of them three to find out
    assert len(vault.with_policy()) == 20 - len(vault.revocations)
    if kind == "revoke":
        assert done.counts["revoked"] == len(vault.revocations) and done.counts["left"] == len(vault.with_policy())


def test_the_own_token_may_not_look_itself_up(run, marked):
    done, _ = run(always("self", None, Turn(reply=bad(403, DENIED))))
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked)}, done


@pytest.mark.parametrize("kind", ["lookup", "revoke"])
def test_no_namespace(run, vault, marked, kind):
    odd = min(marked)
    done, server = run(always(kind, odd, Turn(reply=bad(500, "1 error occurred:\n\t* no namespace\n\n"))), *FLAGS, "-rounds=1")
    assert done.status == 2 and done.outcomes == {"failed": [odd], "revoked": sorted(marked - {odd})}, done
    # Asked anew by a new round, and by the look at the end, but not because of the answer.
    assert server.asked(kind).count(odd) <= 2
    assert "no namespace" in next(row["error"] for row in done.rows if row["outcome"] == "failed")


PASSING = {
    "429": Turn(reply=bad(429, 'request path "auth/token/x": rate limit quota exceeded')),
    "429 with Retry-After": Turn(reply=bad(429, 'request path "auth/token/x": rate limit quota exceeded'), headers={"Retry-After": "1"}),
    "412": Turn(reply=bad(412, "required index state not present")),
    "no leader": Turn(reply=bad(500, "local node not active but active cluster node not found")),
    "overload": Turn(reply=bad(503, "service overloaded")),
    "500": Turn(reply=bad(500, "internal error")),
    "502 of a proxy": Turn(reply=(502, b"<html>Bad Gateway</html>"), headers={"Content-Type": "text/html"}),
    "a dead leader": Turn(reply=(307, None), headers={"Location": "http://127.0.0.1:1/v1/auth/token/lookup-accessor"}),
    "a reset": Turn(cut="before"),
    "a reset afterwards": Turn(cut="after"),
    "half an answer": Turn(cut="after", part=0.5),
}


def waited_for(home, passing, kinds):
    """A sweep during which requests of these kinds meet nothing else for a while: what is wrong with its end."""
    vault = Vault()
    marked = vault.crowd(60)
    with Scripted(vault, for_seconds(0.3, kinds, PASSING[passing])) as server:
        done = Sweeper(home, server.address).run(*FLAGS)
    acted = "afterwards" in passing or "half" in passing
    right = (done.status == 0 and not vault.with_policy() and sorted(row["accessor"] for row in done.rows) == sorted(marked)
             and set(done.outcomes) <= ({"revoked", "gone"} if acted else {"revoked"}))
    return "" if right else f"{passing}, {'/'.join(kinds)}: {done}"


def test_what_passes_is_waited_for(home):
    """Most of the time nothing happens, so several run at once."""
    cases = [(passing, kinds) for passing in PASSING for kinds in (("lookup",), ("revoke",), ("list", "self"))]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        wrong = [each for each in pool.map(lambda case: waited_for(home, *case), cases) if each]
    assert not wrong, "\n\n".join(wrong)


def test_a_storm_of_429_slows_down(run, vault, marked):
    """Everything is refused for two seconds: then few requests go out, and all of them come through."""
    done, server = run(for_seconds(2, ("lookup", "revoke"), PASSING["429"]))
    assert done.status == 0 and not vault.with_policy(), done
    assert server.statuses[429] < 60


@pytest.mark.parametrize("kind", ["list", "lookup", "revoke"])
def test_sealed(run, vault, marked, kind):
    sealed = []

    def script(request):
        if request.kind == kind and len(vault.revocations) >= (10 if kind == "revoke" else 0):
            sealed.append(request.number)
        return Turn(reply=bad(503, "Vault is sealed")) if sealed else None
    done, server = run(script, "-policy=app", "-yes", "-concurrency=4")
    assert done.status == 2 and "sealed" in done.err, done
    assert len(server.requests) - sealed[0] < 10
    if kind == "revoke":
        assert done.counts["revoked"] == len(vault.revocations) and done.counts["left"] == len(vault.with_policy()) > 0


def test_a_token_too_long_for_a_header(run):
    done, server = run(always("lookup", None, Turn(reply=(431, b""))))
    assert done.status == 2 and "8 KiB" in done.err and not server.asked("revoke"), done


def test_a_proxys_page(run):
    page = Turn(reply=(200, b"<html>Please log in</html>"), headers={"Content-Type": "text/html"})
    done, server = run(lambda request: page)
    assert done.status == 2 and "JSON" in done.err and not server.asked("revoke"), done


def test_https_asked_by_http(run):
    page = Turn(raw=b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
    done, _ = run(lambda request: page)
    assert done.status == 2 and "https" in done.err, done
