"""HTTP/2 where the server offers it, and connections that are kept."""
import pytest

import command
from spy import Spy


@pytest.fixture
def spy(server, authority):
    watching = Spy(authority, server.ports["https"])
    yield watching
    watching.close()


@pytest.fixture
def watched(spy, authority, home):
    return command.vtoken(home, spy.address, VAULT_CACERT=str(authority.file))


def test_http2_is_used(spy, watched):
    assert watched.field("path", "lookup") == "auth/token/create"
    assert spy.protocols == ["h2"]


def test_many_requests_share_one_connection(spy, watched):
    tokens = [watched.field("token", "create", "-policy=default") for _ in range(5)]
    accessors = watched.ok("accessors", "list").out.split()
    before = len(spy.protocols)
    watched.ok("accessors", "lookup", "-format=json", *(a for a in accessors if a not in ("Keys", "----")))
    assert spy.protocols[before:] == ["h2"]
    before = len(spy.protocols)
    watched.ok("revoke", "-", stdin="".join(token + "\n" for token in tokens))
    assert spy.protocols[before:] == ["h2"]
