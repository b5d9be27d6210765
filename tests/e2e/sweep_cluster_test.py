"""Sweeps of a cluster whose leader is killed meanwhile: they complete, miss nothing, and revoke nothing else."""
import pytest

import command
from cluster import Cluster
from population import Client, Population
from processes import wait_until
from sweeping import accessors, outcomes, rows, sweep


@pytest.fixture(scope="module")
def cluster(folder, authority):
    # Thousands of writes beside other tests: a leader that is merely slow shall stay.
    servers = Cluster(folder / "cluster", authority, patience=2)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


def client(cluster):
    """Of the leader there is now. Each write waits for two disks, so many are under way."""
    return Client(cluster.leader().address, cluster.root, cluster.context, threads=24)


@pytest.fixture(scope="module")
def tokens(cluster):
    made = Population(client(cluster))
    for kind in ("first", "second"):
        made.make(kind, 350, lambda n: {"policies": [kind, "default"], "ttl": "1h", "display_name": f"{kind}-{n}"})
        made.client.policy(kind, 'path "auth/token/create" { capabilities = ["update"] }')
        made.make(f"{kind}'s children", 75, lambda n: {"policies": ["default"], "ttl": "1h"}, by=made.of(kind)[:50])
    made.make("third", 200, lambda n: {"policies": ["third", "default"], "ttl": "1h"})
    made.make("others", 450, lambda n: {"policies": ["other", "default"], "ttl": "1h", "period": "1h" if n % 2 else ""})
    made.forget_strays()
    return made


def sweep_while_the_leader_dies(cluster, tokens, kind, run, *flags):
    leader, chosen = cluster.leader(), accessors(tokens.of(kind))
    tokens.client = client(cluster)
    try:
        with run.started("accessors", "revoke", f"-policy={kind}", "-yes", "-verify", "-format=ndjson", *flags) as begun:
            wait_until(lambda: len(chosen - tokens.client.accessors()) >= 30, "some that are revoked")
            leader.stop()
            assert begun.running()
            done = begun.finish()
        assert done.status == 0, done.err
        # Accessors that an earlier death left are told of, too.
        assert set(rows(done)) - tokens.remnants == chosen
        assert set(outcomes(done)) <= {"revoked", "gone", "dangling"}, outcomes(done)
        wait_until(cluster.leader, "another leader")
        tokens.client = client(cluster)
        # What a leader was revoking when it died may stay in the list, though nobody can use it.
        tokens.bury(tokens.dying(tokens.of(kind)), may_be_listed=True)
        tokens.check_all()
    finally:
        if not leader.running():
            leader.start()
        cluster.wait()


@pytest.fixture
def run(cluster, home):
    return command.vtoken(home, token=cluster.root, VAULT_CACERT=str(cluster.authority.file))


def test_the_leader_it_talks_to_dies(cluster, tokens, run):
    addresses = [f"-address={node.address}" for node in (cluster.leader(), *cluster.standbys())]
    sweep_while_the_leader_dies(cluster, tokens, "first", run, *addresses)


def test_the_leader_behind_a_standby_dies(cluster, tokens, run):
    sweep_while_the_leader_dies(cluster, tokens, "second", run, f"-address={cluster.standbys()[0].address}")


def test_a_standby_that_answers_reads_by_itself(cluster, tokens, run):
    """It may still list what is revoked."""
    tokens.client = client(cluster)
    reader = next(node for node in cluster.standbys() if node.reads)
    done = sweep(run, "-policy=third", f"-address={reader.address}")
    assert done.status == 0, done.err
    assert set(rows(done)) - tokens.remnants == accessors(tokens.of("third"))
    tokens.bury(set(tokens.of("third")))
