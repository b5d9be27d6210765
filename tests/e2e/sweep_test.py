"""Sweeps over 5,000 tokens of many kinds on a real server: each revokes exactly what it was told to, and their descendants."""
import datetime
import json
import time

import pytest

import command
from population import Client, Population
from processes import wait_until
from servers import DevServer
from sweeping import accessors, outcomes, rows, sweep

TOTAL = 5000
# The tokens of this policy may have children, and may make tokens that outlive them.
MAKERS = ('path "auth/token/create" { capabilities = ["update"] }\n'
          'path "auth/token/create-orphan" { capabilities = ["update", "sudo"] }')


def populate(client):
    """The kinds, and which filter is to find them, are in the tests below."""
    people = with_identities(client)
    client.policy("checkout", MAKERS)
    client.ask("POST", "auth/token/roles/ci", {"orphan": True, "path_suffix": "rev2", "allowed_policies": ["build", "deploy"]})
    all_of_them = Population(client)
    make = all_of_them.make

    make("checkout", 400, lambda n: {"policies": ["checkout", "helper"], "ttl": "2h"})
    makers = all_of_them.of("checkout")
    make("checkout's children", 200, lambda n: {"policies": ["checkout", "helper"], "ttl": "1h"}, by=makers[:100])
    make("its grandchildren", 50, lambda n: {"policies": ["default"], "ttl": "1h"}, by=all_of_them.of("checkout's children")[:25])
    make("its batch tokens", 50, lambda n: {"type": "batch", "policies": ["default"], "ttl": "1h"}, by=makers[100:150])
    make("its orphans", 50, lambda n: {"policies": ["default"], "ttl": "1h"}, path="auth/token/create-orphan", by=makers[150:])
    make("batch", 50, lambda n: {"type": "batch", "policies": ["checkout"], "ttl": "1h"})

    make("build", 250, lambda n: {"policies": ["build"], "display_name": f"build-{n}", "ttl": "2h"}, path="auth/token/create/ci")
    make("deploy", 250, lambda n: {"policies": ["deploy"], "display_name": f"deploy-{n}", "ttl": "2h"}, path="auth/token/create/ci")
    for tier in ("web", "db"):
        make(f"staging {tier}", 150, lambda n: {"policies": ["default"], "period": "24h",
                                                "meta": {"env": "staging", "tier": tier, "n": str(n)}})
    make("brief", 200, lambda n: {"policies": ["default"], "ttl": "15m"})
    make("loose", 150, lambda n: {"policies": ["loose"], "no_parent": True, "ttl": "1h"})
    make("tied", 150, lambda n: {"policies": ["loose"], "ttl": "1h"})
    make("long", 100, lambda n: {"policies": ["default"], "ttl": "600h"})
    for name in people:
        make(f"{name}'s", 100, lambda n: {"entity_alias": name, "policies": ["default"], "ttl": "1h"}, path="auth/token/create/people")
        make(f"{name}'s logins", 8, lambda n: {"password": "wonder"}, path=f"auth/userpass/login/{name}")
    role_id = client.ask("GET", "auth/approle/role/app/role-id")["data"]["role_id"]
    make("apps", 500, lambda n: {"role_id": role_id}, path="auth/approle/login")
    rest = TOTAL - len(all_of_them.alive) - 150
    make("plain", rest, lambda n: {"policies": ["default", f"team{n % 10}"], "ttl": "1h", "meta": {"env": "production"}})
    time.sleep(1.01)  # the server notes whole seconds
    all_of_them.late = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    make("late", 150, lambda n: {"policies": ["default", "team1"], "ttl": "1h"})
    return all_of_them


def with_identities(client):
    """People who log in, and may have tokens of a role; ann and ben are in a group. Returns their names."""
    client.ask("POST", "sys/auth/userpass", {"type": "userpass"})
    client.ask("POST", "sys/auth/approle", {"type": "approle"})
    client.ask("POST", "auth/approle/role/app", {"bind_secret_id": False, "token_bound_cidrs": ["127.0.0.0/8"],
                                                 "token_policies": "app", "token_ttl": "1h"})
    mounts = client.ask("GET", "sys/auth")["data"]
    people = {}
    for name in ("ann", "ben", "cid"):
        client.ask("POST", f"auth/userpass/users/{name}", {"password": "wonder", "token_ttl": "1h"})
        made = client.ask("POST", "identity/entity", {"name": name, "policies": ["lead"] if name == "ann" else []})
        people[name] = made["data"]["id"]
        for mount in ("token/", "userpass/"):
            client.ask("POST", "identity/entity-alias", {"name": name, "canonical_id": people[name],
                                                         "mount_accessor": mounts[mount]["accessor"]})
    client.ask("POST", "auth/token/roles/people", {"allowed_entity_aliases": list(people), "orphan": True})
    client.ask("POST", "identity/group", {"name": "devs", "policies": ["group-devs"],
                                          "member_entity_ids": [people["ann"], people["ben"]]})
    return people


@pytest.fixture(scope="module")
def busy(folder):
    """The server with the population."""
    running = DevServer(folder / "busy")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(busy):
    return populate(Client(busy.http))


@pytest.fixture
def root(busy, home):
    return command.vtoken(home, busy.http)


def revoked_exactly(people, done, *kinds):
    """The sweep found these kinds, revoked them, and said so; their descendants are gone, and nobody else is."""
    chosen = people.of(*kinds)
    assert chosen
    assert done.status == 0, done.err
    assert set(rows(done)) == accessors(chosen)
    # A parent may have taken a child along before its turn came.
    assert set(outcomes(done)) <= {"revoked", "gone"} and all(row["error"] is None for row in rows(done).values())
    people.bury(people.dying(chosen))


def test_the_population(people, root):
    assert len(people.alive) == TOTAL
    listed = root.ok("accessors", "list", "-detailed", "-format=ndjson")
    detailed = [json.loads(line) for line in listed.out.splitlines()]
    assert {one["accessor"] for one in detailed} == accessors(people.alive) | people.strangers
    groups = root.ok("accessors", "list", "-group-by=path", "-format=json").json
    assert groups[0] == {"key": "auth/token/create", "count": max(one["count"] for one in groups)}
    counts = {one["key"]: one["count"] for one in groups}
    assert counts["auth/approle/login"] == 500 and counts["auth/token/create/ci/rev2"] == 500


@pytest.mark.parametrize("flags, status, says", [
    ((), 1, "which tokens?"),
    (("-yes",), 1, "-all means every token"),
    (("-policy=checkout",), 1, "-yes"),  # nobody to ask
    (("-policy=checkout", "-yes", "-max=599"), 1, "600"),
    (("-policy=checkout", "-yes", "an-accessor"), 1, ""),
    (("-created-before=1h", "-policy=*", "-yes"), 0, ""),
    (("-type=batch", "-yes"), 0, ""),  # no list shows them
])
def test_nothing_is_revoked(people, root, flags, status, says):
    done = root.run("accessors", "revoke", *flags, "-format=ndjson")
    assert done.status == status and done.out == "" and says in done.err, done
    people.bury(set())


def test_a_dry_run(people, root):
    done = root.ok("accessors", "revoke", "-policy=checkout", "-dry-run", "-format=ndjson")
    assert set(rows(done)) == accessors(people.of("checkout", "checkout's children"))
    assert outcomes(done) == {"would-revoke": 600}
    people.bury(set())


def test_a_policy_and_descendants_that_do_not_hold_it(people, root):
    done = sweep(root, "-policy=checkout", "-max=600")
    revoked_exactly(people, done, "checkout", "checkout's children")
    assert not people.of("its grandchildren", "its batch tokens")
    assert len(people.of("its orphans", "batch")) == 100


@pytest.mark.parametrize("flags, kinds", [
    (["-policy=lead", "-path=auth/userpass/*"], ["ann's logins"]),  # by the entity
    (["-policy=group-*"], ["ann's", "ben's", "ben's logins"]),      # by its group
    (["-display-name=approle"], ["apps"]),
    (["-role=ci", "-display-name=token-build-*"], ["build"]),
    (["-metadata=env=staging", "-metadata=tier=web"], ["staging web"]),
    (["-policy=loose", "-orphan"], ["loose"]),
    (["-orphan=false", "-policy=loose", "-policy=other"], ["tied"]),
    (["-ttl-less-than=20m"], ["brief"]),
    (["-ttl-greater-than=500h", "-policy=default", "-type=service", "-verify"], ["long"]),
])
def test_filters(people, root, flags, kinds):
    revoked_exactly(people, sweep(root, *flags), *kinds)


def test_an_entity(people, root, busy):
    cid = busy.ask("GET", "identity/entity/name/cid")["data"]["id"]
    revoked_exactly(people, sweep(root, f"-entity-id={cid}"), "cid's", "cid's logins")


def test_the_last_seconds(people, root):
    revoked_exactly(people, sweep(root, f"-created-after={people.late}"), "late")


def test_killed_and_resumed(people, root):
    """The journal says what was done, and what was not."""
    journal = root.home / "journal"
    chosen = accessors(people.of("deploy"))
    flags = ["-path=auth/token/create/ci/*", f"-journal={journal}"]
    with root.started("accessors", "revoke", "-yes", "-concurrency=1", *flags) as killed:
        wait_until(lambda: len(chosen - people.client.accessors()) >= 10, "some that are revoked")
        assert killed.running()
    assert chosen & people.client.accessors(), "killed too late to show anything"
    refused = sweep(root, *flags)
    assert refused.status != 0 and "-resume" in refused.err
    done = sweep(root, f"-journal={journal}", "-resume")
    assert done.status == 0 and set(outcomes(done)) <= {"revoked", "gone"}, done.err
    people.bury(people.dying(people.of("deploy")))


def test_accessors_from_a_file(people, root):
    chosen = sorted(accessors(people.of("staging db")))
    (root.home / "chosen").write_text("# from last night\n\n" + "".join(one + "\n" for one in chosen[:50]))
    (root.home / "more.json").write_text(json.dumps(chosen[50:100]))
    listed = "".join(json.dumps({"accessor": one}) + "\n" for one in chosen[100:])
    for source, stdin in (("chosen", None), ("more.json", None), ("-", listed)):
        assert outcomes(sweep(root, f"-accessors-from={source}", "-metadata=tier=db", stdin=stdin)) == {"revoked": 50}
    people.bury(people.dying(people.of("staging db")))


def test_a_namespace_is_swept_alone(people, root, busy):
    busy.ask("POST", "sys/namespaces/team", {})
    team = Population(Client(busy.http, namespace="team"))
    for kind in ("quiet", "loud"):
        team.make(kind, 50, lambda n, policy=kind: {"policies": [policy], "no_parent": True, "ttl": "1h"})
    people.strangers = people.client.accessors() - accessors(people.alive)
    done = sweep(root, "-namespace=team", "-policy=loud")
    assert set(rows(done)) == accessors(team.of("loud"))
    revoked_exactly(team, done, "loud")
    assert sweep(root, "-policy=quiet").out == ""
    team.bury(set())
    people.bury(set())


def test_what_is_left_is_whole(people):
    people.check_all()


def test_all_but_oneself_and_root_tokens(people, root, busy):
    people.client.policy("sweeper", 'path "auth/token/*" { capabilities = ["list", "sudo", "update"] }')
    people.make("mine", 1, lambda n: {"policies": ["sweeper"], "ttl": "1h"})
    people.make("another root", 1, lambda n: {"policies": ["root"], "ttl": "1h"})
    (mine,), (another,) = people.of("mine"), people.of("another root")
    by_me = root.with_environment(VAULT_TOKEN=mine.token)

    done = sweep(by_me, "-all")
    assert done.status == 0, done.err
    batch = set(people.of("batch"))  # no list shows them, and their parent lives
    assert set(rows(done)) == accessors(people.alive) | people.strangers
    spared = {accessor for accessor, row in rows(done).items() if row["outcome"] == "spared"}
    assert spared == people.strangers | {mine.accessor, another.accessor}
    people.bury(people.alive - batch - {mine, another})

    done = sweep(by_me, "-all", "-include-self")
    assert done.status == 0 and list(rows(done))[-1] == mine.accessor and outcomes(done)["revoked"] == 1, done
    people.bury({mine})

    done = sweep(root, "-all", "-include-self", "-include-root")
    assert done.status == 0 and outcomes(done) == {"revoked": len(people.strangers) + 1}, done
    people.check([another, *batch], 403)
