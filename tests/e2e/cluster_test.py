"""A cluster of three servers: every command on a standby, redirects, a leader that dies, nodes that come back."""
import base64
import json
import re

import pytest

import command
from cluster import Cluster
from spy import Spy
from tour import tour


@pytest.fixture(scope="module")
def cluster(folder, authority):
    servers = Cluster(folder / "cluster", authority)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture
def run(cluster, home):
    """Asks the given node as root."""
    def on(node, **environment):
        return command.vtoken(home, node.address, cluster.root, VAULT_CACERT=str(cluster.authority.file), **environment)
    return on


def test_every_command_on_leader_and_standby(cluster, run):
    tour(run(cluster.leader()))
    tour(run(cluster.standbys()[0]))


def test_a_standby_that_reads_is_told_how_much_it_must_know(cluster, run):
    reader = cluster.nodes[-1]
    made = run(cluster.leader()).ok("create", "-policy=default", "-field=token", "-v")
    assert made.out.startswith("hvs.")
    index = re.search(r"X-Vault-Index: (\S+)", made.err)[1]
    # It may be behind by a moment, and says so: the command asks again.
    assert run(reader).field("path", "lookup", f"-require-index={index}", made.out) == "auth/token/create"
    inspected = run(reader).ok("inspect", "-format=json", made.out).json
    assert inspected["wal_index"] == int(json.loads(base64.b64decode(index))["value"])
    itself = run(reader, VAULT_TOKEN=made.out)
    assert itself.field("id", "lookup", f"-require-index={index}") == made.out


def test_an_index_that_is_never_reached(cluster, run):
    made = run(cluster.leader()).ok("lookup", "-v")
    state = json.loads(base64.b64decode(re.search(r"X-Vault-Index: (\S+)", made.err)[1]))
    state["value"] = str(int(state["value"]) + 1_000_000)
    index = base64.b64encode(json.dumps(state).encode()).decode()
    done = run(cluster.nodes[-1], VAULT_MAX_RETRIES="0").run("lookup", f"-require-index={index}")
    assert done.status == 2 and done.out == ""
    wrong = run(cluster.nodes[-1]).run("lookup", "-require-index=nonsense")
    assert wrong.status == 2 and "X-Vault-Index" in wrong.err


@pytest.fixture
def redirecting(cluster, run):
    """Asks a standby that may not forward: it redirects to the leader instead."""
    spy = Spy(cluster.authority, cluster.standbys()[0].port, "X-Vault-No-Request-Forwarding: true")
    yield run(cluster.leader()).with_environment(VAULT_ADDR=spy.address)
    spy.close()


def test_a_redirect_is_followed_with_the_token(redirecting):
    assert redirecting.field("path", "lookup") == "auth/token/root"
    token = redirecting.field("token", "create", "-policy=default", "-metadata=sent=twice")
    assert redirecting.ok("lookup", "-format=json", token).json["data"]["meta"] == {"sent": "twice"}
    redirecting.ok("revoke", token)


def test_a_redirect_is_not_followed_when_told_so(cluster, redirecting):
    for how in ({"VAULT_DISABLE_REDIRECTS": "true"}, {}):
        flags = [] if how else ["-disable-redirects"]
        done = redirecting.run("lookup", *flags, **how)
        assert done.status == 2 and "307" in done.err
        assert cluster.root not in done.err


def test_forwarding_is_asked_for(cluster, run):
    standby = run(cluster.standbys()[0])
    for consistency in ("forward", "forward-always"):
        assert standby.ok("lookup", f"-consistency={consistency}").status == 0


def test_a_leader_that_dies(cluster, run):
    leader, (one, two) = cluster.leader(), cluster.standbys()
    token = run(one).field("token", "create", "-policy=default")
    leader.stop()
    # Until another is elected the standbys point to the dead one, or know of none.
    assert run(one, VAULT_MAX_RETRIES="8").field("path", "lookup", token) == "auth/token/create"
    assert run(two, VAULT_MAX_RETRIES="8").ok("renew", token).status == 0
    assert {cluster.leader()} <= {one, two}
    # The dead one's address comes first: the next is asked.
    flags = [f"-address={node.address}" for node in (leader, one, two)]
    assert run(one).ok("lookup", *flags, token, VAULT_ADDR=None).status == 0

    leader.start()
    cluster.wait()
    assert run(leader).field("path", "lookup", token) == "auth/token/create"


def test_no_majority_no_answer_and_tokens_outlive_a_restart(cluster, run):
    token = run(cluster.leader()).field("token", "create", "-policy=default", "-ttl=1h")
    leader, standbys = cluster.leader(), cluster.standbys()
    for node in (leader, standbys[0]):
        node.stop()
    left = run(standbys[1], VAULT_MAX_RETRIES="1", VAULT_CLIENT_TIMEOUT="5")
    assert left.run("create", "-policy=default").status == 2
    for node in (leader, standbys[0]):
        node.start()
    cluster.wait()
    assert run(leader).ok("lookup", token).status == 0
