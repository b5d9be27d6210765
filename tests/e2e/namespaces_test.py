"""Namespaces of a real server: where a token is from, and where it may go."""
import pytest

SUFFIX = r"\.[A-Za-z0-9]{5,6}$"


@pytest.fixture(scope="session")
def team(server):
    """The name of a namespace that has one in it, named "inner"."""
    server.ask("POST", "sys/namespaces/team", {})
    server.ask("POST", "sys/namespaces/inner", {}, namespace="team")
    return "team"


def test_a_token_of_a_namespace_carries_its_suffix(vtoken, team):
    token = vtoken.field("token", "create", f"-namespace={team}", "-policy=default")
    assert token.count(".") == 2 and len(token.rsplit(".", 1)[1]) >= 5
    looked = vtoken.ok("lookup", f"-namespace={team}", "-format=json", token).json["data"]
    assert looked["id"] == token
    assert looked["namespace_path"] == "team/"
    itself = vtoken.with_environment(VAULT_TOKEN=token)
    assert itself.field("id", "lookup", VAULT_NAMESPACE=team) == token
    assert vtoken.field("token", "renew", f"-namespace={team}", token) == token
    vtoken.ok("revoke", f"-namespace={team}", token)
    assert vtoken.run("lookup", f"-namespace={team}", token).status == 2


def test_accessors_of_a_namespace_are_its_own(vtoken, team):
    made = vtoken.ok("create", f"-namespace={team}", "-policy=default", "-format=json").json["auth"]
    assert made["accessor"] in vtoken.ok("accessors", "list", f"-namespace={team}").out.split()
    assert made["accessor"] not in vtoken.ok("accessors", "list").out.split()
    assert vtoken.ok("lookup", f"-namespace={team}", "-accessor", made["accessor"]).status == 0


def test_a_namespace_within_one(vtoken, team):
    flag = f"-namespace={team}/inner"
    vtoken.ok("roles", "write", flag, "deep", "allowed_policies=default")
    assert "deep" in vtoken.ok("roles", "list", flag).out
    assert vtoken.run("roles", "read", "deep").status == 2
    token = vtoken.field("token", "create", flag, "-role=deep")
    assert vtoken.field("namespace_path", "lookup", flag, token) == "team/inner/"


def test_what_is_not_there(vtoken, bao):
    ours = vtoken.run("lookup", "-namespace=nowhere")
    theirs = bao.run("token", "lookup", "-namespace=nowhere")
    assert ours.status == theirs.status == 2
    assert theirs.err.strip() in ours.err.replace("\u0020\n", "\n")
