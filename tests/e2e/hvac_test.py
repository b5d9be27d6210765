"""hvac, the Python client, reads what vtoken wrote, and the reverse."""
import hvac
import pytest

from servers import ROOT


@pytest.fixture
def client(server):
    return hvac.Client(url=server.http, token=ROOT)


def test_hvac_reads_what_vtoken_made(client, vtoken):
    token = vtoken.field("token", "create", "-policy=default", "-ttl=2h", "-metadata=by=vtoken", "-display-name=both")
    data = client.auth.token.lookup(token)["data"]
    assert data["meta"] == {"by": "vtoken"} and data["display_name"] == "token-both" and data["creation_ttl"] == 7200
    assert hvac.Client(url=client.url, token=token).is_authenticated()
    batch = vtoken.field("token", "create", "-policy=default", "-type=batch", "-ttl=1h")
    assert client.auth.token.lookup(batch)["data"]["type"] == "batch"
    vtoken.ok("roles", "write", "for-hvac", "allowed_policies=default", "token_period=30m")
    assert client.auth.token.read_role("for-hvac")["data"]["token_period"] == 1800
    vtoken.ok("write", "cubbyhole/from-vtoken", "key=value")
    assert client.read("cubbyhole/from-vtoken")["data"] == {"key": "value"}
    vtoken.ok("revoke", token)
    with pytest.raises(hvac.exceptions.Forbidden):
        client.auth.token.lookup(token)


def test_vtoken_reads_what_hvac_made(client, vtoken):
    made = client.auth.token.create(policies=["default"], ttl="1h", meta={"by": "hvac"}, no_parent=True, type="service")
    token, accessor = made["auth"]["client_token"], made["auth"]["accessor"]
    data = vtoken.ok("lookup", "-format=json", token).json["data"]
    assert data["meta"] == {"by": "hvac"} and data["orphan"] is True
    assert vtoken.field("token_accessor", "renew", "-increment=3h", token) == accessor
    assert client.auth.token.lookup_accessor(accessor)["data"]["ttl"] > 7200
    client.auth.token.create_or_update_role("by-hvac", allowed_policies="default", orphan=True)
    assert vtoken.field("orphan", "roles", "read", "by-hvac") == "true"
    wrapped = client.auth.token.create(policies=["default"], wrap_ttl="1m")["wrap_info"]["token"]
    assert vtoken.ok("lookup", vtoken.field("token", "unwrap", wrapped)).status == 0
    client.auth.token.revoke_accessor(accessor)
    assert vtoken.run("lookup", token).status == 2
