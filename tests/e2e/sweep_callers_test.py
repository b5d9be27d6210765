"""Who sweeps: callers that may do only a part of it, the tokens that are spared, and tokens that grow while it goes on."""
import threading

import pytest

from population import Client, Population
from servers import ROOT
from sweeping import accessors, outcomes, rows, sweep

LIST = 'path "auth/token/accessors" { capabilities = ["list", "sudo"] }\n' \
       'path "auth/token/accessors/" { capabilities = ["list", "sudo"] }\n'
LOOKUP = 'path "auth/token/lookup-accessor" { capabilities = ["update"] }\n'
REVOKE = 'path "auth/token/revoke-accessor" { capabilities = ["update"] }\n'
CREATE = 'path "auth/token/create" { capabilities = ["update"] }\n' \
         'path "auth/token/create-orphan" { capabilities = ["update", "sudo"] }\n'


@pytest.fixture
def tokens(server):
    """30 that are to go and 30 others, beside what other tests have left."""
    made = Population(Client(server.http))
    for kind in ("guilty", "innocent"):
        made.make(kind, 30, lambda n: {"policies": [kind, "default"], "ttl": "1h"})
    yield made
    for kind in made.kinds:
        for token in made.of(kind):
            made.client.attempt("POST", "auth/token/revoke", {"token": token.token})


@pytest.fixture
def caller(tokens, vtoken):
    """A child of the root token with these rules alone."""
    def make(rules, **body):
        tokens.client.policy("caller", rules)
        tokens.make("caller", 1, lambda n: {"policies": ["caller"], "no_default_policy": True, "ttl": "1h", **body})
        return vtoken.with_environment(VAULT_TOKEN=tokens.of("caller")[-1].token)
    return make


@pytest.mark.parametrize("default", [False, True])
def test_what_a_sweep_needs(tokens, caller, default):
    """Without the default policy nobody can ask who they are."""
    done = sweep(caller(LIST + LOOKUP + REVOKE, no_default_policy=not default), "-policy=guilty")
    assert done.status == 0 and set(rows(done)) == accessors(tokens.of("guilty")), done
    assert outcomes(done) == {"revoked": 30}
    tokens.bury(set(tokens.of("guilty")))


def test_may_not_list(tokens, caller):
    done = sweep(caller(LOOKUP + REVOKE), "-policy=guilty")
    assert done.status == 2 and done.out == ""
    assert all(word in done.err for word in ("list", "sudo", "auth/token/accessors")), done.err
    tokens.bury(set())


def test_may_not_list_and_need_not(tokens, caller):
    lines = "".join(token.accessor + "\n" for token in tokens.of("guilty", "innocent"))
    done = sweep(caller(LOOKUP + REVOKE), "-accessors-from=-", "-policy=guilty", stdin=lines)
    assert done.status == 0 and outcomes(done) == {"revoked": 30}, done
    tokens.bury(set(tokens.of("guilty")))


def test_may_not_look_up(tokens, caller):
    done = sweep(caller(LIST + REVOKE), "-policy=guilty")
    assert done.status == 2 and "auth/token/lookup-accessor" in done.err, done
    found = rows(done)
    assert {row["outcome"] for row in found.values()} <= {"denied"}
    tokens.bury(set())


def test_may_not_revoke(tokens, caller):
    done = sweep(caller(LIST + LOOKUP), "-policy=guilty")
    assert done.status == 2 and set(rows(done)) == accessors(tokens.of("guilty")), done
    assert outcomes(done) == {"denied": 30}
    assert all("permission denied" in row["error"] for row in rows(done).values())
    assert "auth/token/revoke-accessor" in done.err, done.err
    tokens.bury(set())


def test_may_do_nothing(tokens, caller):
    done = sweep(caller('path "secret/*" { capabilities = ["read"] }'), "-policy=guilty")
    assert done.status == 2 and done.out == "" and "permission denied" in done.err, done
    tokens.bury(set())


def test_is_no_more(tokens, caller):
    dead = caller(LIST + LOOKUP + REVOKE)
    tokens.client.ask("POST", "auth/token/revoke", {"token": dead.environment["VAULT_TOKEN"]})
    tokens.alive -= set(tokens.of("caller"))
    done = sweep(dead, "-policy=guilty")
    assert done.status == 2 and done.out == "" and "permission denied" in done.err, done
    assert dead.environment["VAULT_TOKEN"] not in done.err
    tokens.bury(set())


def test_oneself_is_spared_until_asked_for(tokens, caller):
    run = caller(LIST + LOOKUP + REVOKE, no_default_policy=False, policies=["caller", "guilty"])
    (me,) = tokens.of("caller")
    done = sweep(run, "-policy=guilty")
    assert done.status == 0 and outcomes(done) == {"revoked": 30, "spared": 1}, done
    assert rows(done)[me.accessor]["outcome"] == "spared"
    tokens.bury(set(tokens.of("guilty")))

    tokens.make("more", 10, lambda n: {"policies": ["guilty"], "ttl": "1h"})
    done = sweep(run, "-policy=guilty", "-include-self")
    assert done.status == 0 and outcomes(done) == {"revoked": 11}, done
    assert list(rows(done))[-1] == me.accessor, "its own comes last"
    tokens.bury({me, *tokens.of("more")})


def test_root_tokens_are_spared_until_asked_for(tokens, vtoken):
    tokens.make("root", 2, lambda n: {"policies": ["root"], "meta": {"swept": "yes"}, "ttl": "1h"})
    done = sweep(vtoken, "-metadata=swept=yes")
    assert done.status == 0 and outcomes(done) == {"spared": 2}, done
    tokens.bury(set())
    done = sweep(vtoken, "-policy=root", "-metadata=swept=yes", "-include-root")
    assert done.status == 0 and outcomes(done) == {"revoked": 2}, done
    tokens.bury(set(tokens.of("root")))


def test_a_parent_that_nobody_knows_of(tokens, caller, vtoken):
    """A server does not say who the parent is: when it goes, the sweep does, and says so."""
    caller(CREATE + LIST + LOOKUP + REVOKE, policies=["caller", "guilty"])
    (parent,) = tokens.of("caller")
    tokens.make("child", 1, lambda n: {"policies": ["caller"], "no_default_policy": True, "ttl": "1h"}, by=[parent])
    done = sweep(vtoken.with_environment(VAULT_TOKEN=tokens.of("child")[0].token), "-policy=guilty")
    assert done.status == 2 and "permission denied" in done.err, done
    gone = tokens.dying([one for one in tokens.alive if one.accessor not in tokens.client.accessors()])
    said = {accessor for accessor, row in rows(done).items() if row["outcome"] in ("revoked", "gone")}
    assert said <= accessors(gone) <= accessors([parent, *tokens.of("child", "guilty")])
    assert parent in gone
    tokens.bury(gone)


class Maker:
    """Makes orphans by a token until that ends, or until it is told to stop."""

    def __init__(self, client, token, policy):
        self.made, self.ending = [], threading.Event()
        self.thread = threading.Thread(target=self._work, args=(client, token, policy))
        self.thread.start()

    def _work(self, client, token, policy):
        while not self.ending.is_set():
            status, answer = client.attempt("POST", "auth/token/create-orphan", {"policies": [policy], "ttl": "1h"}, token=token)
            if status != 200:
                break
            self.made.append(answer["auth"]["accessor"])

    def stop(self):
        self.ending.set()
        self.thread.join()


def test_what_is_made_meanwhile_is_found(tokens, vtoken):
    """The makers end in the first round, having made some that its list does not show."""
    tokens.client.policy("evil", CREATE)
    tokens.make("makers", 3, lambda n: {"policies": ["evil"], "ttl": "1h"})
    makers = [Maker(tokens.client, token.token, "evil") for token in tokens.of("makers")]
    try:
        done = sweep(vtoken, "-policy=evil", "-verify")
    finally:
        for maker in makers:
            maker.stop()
    assert done.status == 0, done.err
    made = {accessor for maker in makers for accessor in maker.made}
    assert made | accessors(tokens.of("makers")) == set(rows(done)) and set(outcomes(done)) <= {"revoked", "gone"}
    tokens.bury(set(tokens.of("makers")))


def test_what_never_ends_is_said(tokens, vtoken):
    """The maker does not match, and goes on."""
    tokens.client.policy("evil", CREATE)
    maker = Maker(tokens.client, ROOT, "evil")
    try:
        done = sweep(vtoken, "-policy=evil", "-rounds=2")
    finally:
        maker.stop()
    assert done.status == 2 and "LEFT: " in done.err and "2 rounds" in done.err, done.err
    assert sweep(vtoken, "-policy=evil").status == 0
    tokens.bury(set())
