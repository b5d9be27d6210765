"""A real server that is sealed, away, back again, or has had enough: a clear error each, and its own status."""
import concurrent.futures
import time

import pytest

import command
from processes import free_port
from servers import DevServer, ask

ONCE = {"VAULT_MAX_RETRIES": "0"}


@pytest.fixture
def own(folder):
    """A server for one test, without TLS."""
    running = DevServer(folder / "own")
    yield running
    running.stop()


def statuses(run, *arguments, **environment):
    """The plain exit status and the detailed one, of two runs; the token is in neither's output."""
    plain, detailed = run.run(*arguments, **environment), run.run(*arguments, "-exit-codes=detailed", **environment)
    for done in (plain, detailed):
        assert done.out == "" and "root-of-the-tests" not in done.err
    return (plain.status, detailed.status), plain.err


def test_sealed(own, home):
    own.ask("PUT", "sys/seal")
    codes, said = statuses(command.vtoken(home, own.http, **ONCE), "lookup")
    assert codes == (2, 13)
    assert "sealed" in said and own.http in said


def test_unreachable(home):
    dead = f"http://127.0.0.1:{free_port()}"
    codes, said = statuses(command.vtoken(home, dead, **ONCE), "lookup")
    assert codes == (2, 12)
    assert "connection refused" in said and dead in said


def test_a_socket_that_is_not_there(home):
    codes, said = statuses(command.vtoken(home, f"unix://{home}/none.sock", **ONCE), "lookup")
    assert codes == (2, 12)
    assert "no such file or directory" in said and "none.sock" in said


def test_a_server_that_comes_back_is_waited_for(own, home):
    own.stop()
    run = command.vtoken(home, own.http, VAULT_MAX_RETRIES="6")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiting = pool.submit(run.run, "lookup", "-field=path")
        time.sleep(1.5)
        own.restart()
        done = waiting.result()
    assert (done.status, done.out) == (0, "auth/token/create"), done.err


def test_a_restarted_server_has_forgotten_what_was_in_memory(own, home):
    run = command.vtoken(home, own.http)
    token = run.field("token", "create", "-policy=default")
    assert run.ok("lookup", token).status == 0
    own.stop()
    own.restart()
    assert run.ok("lookup").status == 0
    assert "bad token" in run.run("lookup", token).err


def test_ones_own_token_is_no_good(vtoken):
    codes, said = statuses(vtoken.with_environment(VAULT_TOKEN="s.AAAAAAAAAAAAAAAAAAAAAAAA"), "lookup")
    assert codes == (2, 10)
    assert "permission denied" in said and "s.AAAA" not in said


def test_denied(vtoken):
    weak = vtoken.field("token", "create", "-policy=default")
    codes, said = statuses(vtoken.with_environment(VAULT_TOKEN=weak), "accessors", "list")
    assert codes == (2, 11)
    assert "permission denied" in said and "sudo" in said and "auth/token/accessors" in said
    assert weak not in said


def test_a_token_that_may_not_look_at_itself_still_works(server, vtoken):
    server.ask("PUT", "sys/policies/acl/writer", {"policy": 'path "auth/token/create" { capabilities = ["update"] }'})
    bare = vtoken.field("token", "create", "-policy=writer", "-no-default-policy")
    itself = vtoken.with_environment(VAULT_TOKEN=bare)
    assert itself.run("lookup").status == 2
    assert itself.ok("create", "-field=token").out.startswith(("s.", "hvs."))


def test_an_accessor_that_is_gone(vtoken):
    made = vtoken.ok("create", "-policy=default", "-format=json").json["auth"]
    vtoken.ok("revoke", made["client_token"])
    looked = vtoken.run("lookup", "-accessor", made["accessor"])
    assert looked.status == 2 and "invalid accessor" in looked.err
    assert vtoken.ok("revoke", "-accessor", made["accessor"]).status == 0  # it is gone: that was asked for


def test_not_found(vtoken):
    codes, said = statuses(vtoken, "read", "cubbyhole/nothing")
    assert codes == (2, 16)
    assert "No value found at cubbyhole/nothing" in said


def test_a_rate_limit(own, home):
    own.ask("POST", "sys/quotas/rate-limit/all", {"rate": 0.1, "path": "auth/token/"})
    run = command.vtoken(home, own.http, **ONCE)
    while ask(own.http, "GET", "auth/token/lookup-self")[0] != 429:
        pass
    codes, said = statuses(run, "lookup")
    assert codes == (2, 14)
    assert "rate limit quota exceeded" in said


def test_a_batch_token_is_not_renewed(vtoken):
    batch = vtoken.field("token", "create", "-policy=default", "-type=batch")
    done = vtoken.run("renew", batch)
    assert done.status != 0 and done.out == ""
    assert "batch tokens cannot be renewed" in done.err and batch not in done.err
