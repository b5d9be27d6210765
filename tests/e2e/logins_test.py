"""Tokens that people and machines get by logging in, and what other engines issue to tokens."""
import pytest

from servers import ask


@pytest.fixture(scope="session")
def methods(server):
    server.ask("PUT", "sys/policies/acl/app", {"policy": 'path "pki/issue/web" { capabilities = ["update"] }\n'
                                                         'path "auth/token/create" { capabilities = ["update"] }'})
    server.ask("POST", "sys/auth/userpass", {"type": "userpass"})
    server.ask("POST", "auth/userpass/users/alice", {"password": "wonder", "token_policies": "app", "token_ttl": "1h"})
    server.ask("POST", "sys/auth/approle", {"type": "approle"})
    server.ask("POST", "auth/approle/role/ci", {"token_policies": "app", "token_ttl": "20m", "token_max_ttl": "30m",
                                                 "token_type": "default-service"})
    server.ask("POST", "auth/approle/role/light", {"token_policies": "app", "token_ttl": "20m", "token_type": "batch"})
    server.ask("POST", "sys/mounts/pki", {"type": "pki"})
    server.ask("POST", "pki/root/generate/internal", {"common_name": "root", "ttl": "24h"})
    server.ask("POST", "pki/roles/web", {"allow_any_name": True, "generate_lease": True, "ttl": "10m"})
    return server


def test_userpass(vtoken, methods):
    nobody = vtoken.with_environment(VAULT_TOKEN=None)
    token = nobody.field("token", "write", "auth/userpass/login/alice", "password=-", stdin="wonder")
    alice = vtoken.with_environment(VAULT_TOKEN=token)
    looked = alice.ok("lookup", "-format=json").json["data"]
    assert looked["display_name"] == "userpass-alice"
    assert looked["path"] == "auth/userpass/login/alice" and looked["orphan"] is True
    assert alice.field("token_policies", "renew") == "[app default]"
    wrong = nobody.run("write", "auth/userpass/login/alice", "password=-", stdin="guess")
    assert wrong.status == 2 and "invalid username or password" in wrong.err
    assert "guess" not in wrong.err
    alice.ok("revoke", "-self")
    assert alice.run("lookup").status == 2


def test_approle(vtoken, methods):
    nobody = vtoken.with_environment(VAULT_TOKEN=None)

    def login(role):
        role_id = vtoken.field("role_id", "read", f"auth/approle/role/{role}/role-id")
        secret_id = vtoken.field("secret_id", "write", "-force", f"auth/approle/role/{role}/secret-id")
        return nobody.field("token", "write", "auth/approle/login", f"role_id={role_id}", "secret_id=-", stdin=secret_id)

    ci = vtoken.with_environment(VAULT_TOKEN=login("ci"))
    renewed = ci.run("renew", "-increment=2h", "-format=json")
    assert renewed.status == 0
    assert renewed.json["auth"]["lease_duration"] <= 1800
    assert "max_ttl" in renewed.err or renewed.json["warnings"]
    light = vtoken.with_environment(VAULT_TOKEN=login("light"))
    assert light.field("type", "lookup") == "batch"
    refused = light.run("renew")
    assert refused.status != 0 and "batch tokens cannot be renewed" in refused.err


def test_a_batch_tokens_leases_end_with_its_parent(vtoken, methods):
    parent = vtoken.field("token", "create", "-policy=app", "-ttl=1h")
    batch = vtoken.with_environment(VAULT_TOKEN=parent).field("token", "create", "-type=batch", "-policy=app")
    issued = vtoken.with_environment(VAULT_TOKEN=batch).ok(
        "write", "-format=json", "pki/issue/web", "common_name=web.example", "ttl=5m").json
    assert issued["data"]["certificate"].startswith("-----BEGIN CERTIFICATE-----")
    lease = issued["lease_id"]
    assert lease.startswith("pki/issue/web/")
    assert lease_stands(methods, lease)
    assert vtoken.ok("lookup", batch).status == 0

    vtoken.ok("revoke", parent)
    assert vtoken.run("lookup", batch).status == 2
    assert not lease_stands(methods, lease)


def test_leases_of_a_path_end_by_its_prefix(vtoken, methods):
    token = vtoken.with_environment(VAULT_TOKEN=vtoken.field("token", "create", "-policy=app"))
    lease = token.field("lease_id", "write", "pki/issue/web", "common_name=web.example", "ttl=5m")
    vtoken.ok("revoke", "-mode=path", "pki/issue/web")
    assert not lease_stands(methods, lease)
    assert token.ok("lookup").status == 0


def lease_stands(server, lease):
    return ask(server.http, "PUT", "sys/leases/lookup", {"lease_id": lease})[0] == 200
