"""Tokens on a real server, from birth to death."""
import time

import pytest


@pytest.fixture
def make(vtoken):
    def make_token(*flags, by=None):
        maker = vtoken if by is None else vtoken.with_environment(VAULT_TOKEN=by["client_token"])
        return maker.ok("create", "-format=json", *flags).json["auth"]
    return make_token


@pytest.fixture
def alive(vtoken):
    def looks_alive(auth):
        return vtoken.run("lookup", auth["client_token"]).status == 0
    return looks_alive


def test_children_go_with_their_parent_and_orphans_stay(vtoken, make, alive):
    parent = make("-ttl=1h")  # a root token, so that it may make orphans
    child = make("-policy=default", by=parent)
    orphan = make("-policy=default", "-orphan", by=parent)
    batch = make("-policy=default", "-type=batch", by=parent)
    assert child["orphan"] is False and orphan["orphan"] is True and batch["accessor"] == ""
    vtoken.ok("revoke", parent["client_token"])
    assert [alive(x) for x in (parent, child, orphan, batch)] == [False, False, True, False]


def test_revoke_orphan_leaves_the_children(vtoken, make, alive):
    parent = make("-ttl=1h")
    child = make("-policy=default", by=parent)
    vtoken.ok("revoke", "-mode=orphan", parent["client_token"])
    assert [alive(x) for x in (parent, child)] == [False, True]
    assert vtoken.field("orphan", "lookup", child["client_token"]) == "true"


def test_a_periodic_token_outlives_its_period_by_renewals(vtoken, make, alive):
    periodic = make("-policy=default", "-period=3s")
    itself = vtoken.with_environment(VAULT_TOKEN=periodic["client_token"])
    start = time.monotonic()
    while time.monotonic() < start + 6:
        time.sleep(1)
        assert itself.field("token_duration", "renew", "-q") == "3"
    assert alive(periodic)
    time.sleep(4)
    assert not alive(periodic)


def test_an_explicit_maximum_ends_renewals(vtoken, make, alive):
    token = make("-policy=default", "-ttl=2s", "-explicit-max-ttl=3s")
    renewed = vtoken.run("renew", "-increment=1h", token["client_token"])
    assert renewed.status == 0
    assert 'TTL of "1h" exceeded the effective max_ttl of' in renewed.err
    time.sleep(4)
    assert not alive(token)


def test_a_use_limit(vtoken, make, alive):
    token = make("-policy=default", "-use-limit=3")
    itself = vtoken.with_environment(VAULT_TOKEN=token["client_token"])
    assert [itself.field("num_uses", "lookup", "-q") for _ in range(3)] == ["2", "1", "-1"]
    # The server revokes it at some time after the last answer, and until then shows it to others.
    end = time.monotonic() + 10
    while alive(token) and time.monotonic() < end:
        time.sleep(0.1)
    assert not alive(token)
    assert itself.run("lookup").status == 2


def test_a_token_of_ones_own_choice(vtoken, make, alive):
    token = make("-id=chosen", "-policy=default", "-display-name=my app!")
    assert token["client_token"] == "chosen"
    assert vtoken.field("display_name", "lookup", "chosen") == "token-my-app"
    assert vtoken.run("create", "-id=chosen", "-policy=default").status == 2
    vtoken.ok("revoke", "chosen")
    assert not alive(token)


def test_many_tokens_in_one_command(vtoken, make, alive):
    tokens = [make("-policy=default") for _ in range(20)]
    lines = "".join(token["client_token"] + "\n" for token in tokens)
    done = vtoken.ok("revoke", "-", stdin=lines)
    assert done.status == 0
    assert not any(alive(token) for token in tokens)


def test_roles_decide(vtoken, make):
    vtoken.ok("roles", "write", "decides", "allowed_policies=default,app", "disallowed_policies=root", "orphan=true",
              "token_num_uses=4", "path_suffix=rev2", "renewable=false", "token_no_default_policy=false")
    token = make("-role=decides", "-policy=app", "-ttl=1h")
    looked = vtoken.ok("lookup", token["client_token"], "-format=json").json["data"]
    assert looked["path"] == "auth/token/create/decides/rev2"
    assert (looked["orphan"], looked["num_uses"], looked["renewable"]) == (True, 4, False)
    refused = vtoken.run("create", "-role=decides", "-policy=other")
    assert refused.status == 2 and "must be subset of the role's allowed policies" in refused.err
    assert "unknown role nobody" in vtoken.run("create", "-role=nobody").err


def test_policies_hold(vtoken, make):
    weak = make("-policy=default", "-ttl=1h")
    itself = vtoken.with_environment(VAULT_TOKEN=weak["client_token"])
    denied = itself.run("create")
    assert denied.status == 2 and "permission denied" in denied.err
    assert itself.run("accessors", "list").status == 2
    assert itself.run("roles", "list").status == 2
    assert itself.run("revoke", "-accessor", weak["accessor"]).status == 2
    for shown in (denied.err, denied.out):
        assert weak["client_token"] not in shown


def test_accessors_are_listed_with_their_tokens(vtoken, make):
    made = {make("-policy=default", f"-metadata=number={n}")["accessor"] for n in range(40)}
    listed = set(vtoken.ok("accessors", "list", "-format=json").json)
    assert made <= listed
    looked = vtoken.ok("accessors", "lookup", *made, "-format=json").documents
    assert [one["data"]["accessor"] for one in looked] == list(made)
