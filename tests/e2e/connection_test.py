"""Ways to reach a server: http, https, a unix socket, and one address of several."""
import pytest

import command
from processes import free_port
from tour import tour


@pytest.fixture(params=["http", "https", "unix"])
def any_way(request, server, authority, home):
    address = {"http": server.http, "https": server.https(), "unix": server.unix}[request.param]
    return command.vtoken(home, address, VAULT_CACERT=str(authority.file))


def test_every_command(any_way):
    tour(any_way)


def test_the_first_address_that_answers_is_used(server, home):
    dead = f"http://127.0.0.1:{free_port()}"
    run = command.vtoken(home)
    assert run.field("path", "lookup", f"-address={dead}", f"-address={server.http}") == "auth/token/create"
    assert run.field("path", "lookup", f"-address={dead},{server.http}") == "auth/token/create"
    refused = run.run("lookup", f"-address={dead}", "-address=http://127.0.0.1:1")
    assert refused.status == 2
    assert "connection refused" in refused.err


def test_a_token_from_a_file(server, home):
    (home / ".vault-token").write_text("root-of-the-tests\n")
    (home / ".vault-token").chmod(0o600)
    assert command.vtoken(home, server.http, token=None).field("path", "lookup") == "auth/token/create"
    (home / "other").write_text("no-token")
    assert command.vtoken(home, server.http).run("lookup", f"-token-file={home / 'other'}").status == 2
