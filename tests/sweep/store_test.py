"""Sweeps of a store: one transaction, all of it or nothing."""
import collections
import json
import os
import random
import resource
import signal
import subprocess
import time

import pytest

from sweeps import SANITIZED, SLOWER, Sweeper, finish, journal, kill_after

TOKENS = 300
FLAGS = ("-policy=app", "-yes", "-format=ndjson")


class Store:
    """A store with tokens; its root token calls unless another is given."""

    def __init__(self, home):
        self.sweeper = Sweeper(home)
        self.path = home / "store.db"
        self.run, self.call = self.sweeper.run, self.sweeper.call
        self.call("store", "init")

    def make(self, bodies, caller=None):
        """Makes tokens in one transaction: their "auth"s."""
        lines = "".join(json.dumps(body) + "\n" for body in bodies)
        done = subprocess.run([os.environ["VTOKEN_FILL_STORE"], self.path, caller or f"{self.path}.token"], input=lines,
                              capture_output=True, text=True, check=True, timeout=120)
        return [json.loads(line)["auth"] for line in done.stdout.splitlines()]

    def crowd(self, count, every=3, **facts):
        """`count` tokens, of which every `every`th has the policy app; the accessors of those."""
        bodies = [{"policies": ["app" if number % every == 0 else "team"], "ttl": "24h", **facts} for number in range(count)]
        made = [auth["accessor"] for auth in self.make(bodies)]
        assert len(made) == count
        return set(made[::every])

    @property
    def accessors(self):
        return set(json.loads(self.call("accessors", "list", "-format=json")))

    @property
    def own(self):
        return self.call("lookup", "-field=accessor").strip()

    def sound(self):
        return self.run("-q", command=("store", "verify")).status == 0


@pytest.fixture
def store(home):
    return Store(home)


def test_all_that_match_and_nothing_else(store):
    marked = store.crowd(TOKENS)
    others = store.accessors - marked
    done = store.run(*FLAGS)
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked)}, done
    assert store.accessors == others and store.sound()


def test_ten_thousand(store):
    """Quick enough that nobody thinks of anything but a mistake when it is not."""
    marked = store.crowd(1000 if SANITIZED else 10_000, every=2)
    start = time.monotonic()
    done = store.run("-policy=app", "-yes")
    seconds = time.monotonic() - start
    assert done.status == 0 and done.counts == {"revoked": len(marked), "left": 0}, done
    assert seconds < 30, seconds
    assert not store.accessors & marked and store.sound()


SWEEPER = 'path "auth/token/*" {capabilities = ["create", "read", "update", "list", "sudo"]}'


def test_own_token_and_its_ancestors_are_spared(store, home):
    """The store knows them."""
    (home / "policy").write_text(SWEEPER)
    store.call("write", "sys/policies/acl/sweeper", "policy=@policy")
    family, caller = [], None
    for name in ("grandparent", "parent", "caller"):
        (made,) = store.make([{"policies": ["app", "sweeper"], "ttl": "24h"}], caller)
        caller = home / name
        caller.write_text(made["client_token"])
        caller.chmod(0o600)
        family.append(made["accessor"])
    marked, before = store.crowd(30), store.accessors
    done = store.run(*FLAGS, "-token-file=caller")
    assert done.status == 0 and done.outcomes == {"spared": sorted(family), "revoked": sorted(marked)}, done
    assert store.accessors == before - marked

    store.crowd(30)
    done = store.run(*FLAGS, "-include-self", "-token-file=caller")
    assert done.status == 0 and not store.accessors & set(family), done
    assert len(store.accessors) == len(before - marked - set(family)) + 20


def test_everybody_but_root(store):
    store.crowd(TOKENS)
    own = store.own
    done = store.run("-all", "-yes", "-format=ndjson")
    assert done.status == 0 and store.accessors == {own}, done
    assert done.outcomes["spared"] == [own] and len(done.outcomes["revoked"]) == TOKENS


def test_a_dry_run(store):
    marked = store.crowd(60)
    before = store.accessors
    done = store.run("-policy=app", "-dry-run", "-format=ndjson")
    assert done.status == 0 and done.outcomes == {"would-revoke": sorted(marked)} and store.accessors == before, done


def test_the_default_store_has_to_be_named(home):
    sweeper = Sweeper(home)
    del sweeper.environment["VTOKEN_STORE"]
    sweeper.call("create")  # makes the default store
    done = sweeper.run("-all", "-yes")
    assert done.status == 1 and "-store" in done.err, done
    named = json.loads(sweeper.call("accessors", "list", "-format=json"))
    assert len(named) == 2


def test_killed(store):
    """With SIGKILL at random points: all of them go or none does."""
    chance = random.Random(os.environ.get("VTOKEN_SWEEP_SEED"))
    ends = collections.Counter()
    typical = None
    for number in range(5 if SANITIZED else 25):
        marked = store.crowd(TOKENS, every=1)
        before = store.accessors
        if typical is None:
            start = time.monotonic()
            store.run("-policy=nobody", "-yes")
            typical = 2 * (time.monotonic() - start)
        name = f"-journal=journal{number}"
        process = store.sweeper.start(*FLAGS, name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        status = kill_after(process, chance.uniform(0, 1.2 * typical))
        left = store.accessors & marked
        assert left in (set(), marked), (number, len(left))
        assert not (status == 0 and left)
        ends["none" if left else "all"] += 1
        again = store.run(*FLAGS, name, *(["-resume"] if (store.path.parent / name[9:]).exists() else []))
        assert again.status == 0 and store.accessors == before - marked, again
        settled = {line["accessor"] for line in journal(store.path.parent / name[9:]) if line["event"] == "settled"}
        assert settled == marked, again
    print(dict(ends), f"{typical * 1000:.0f} ms")
    assert store.sound()


def test_a_full_disk(store):
    """Nothing may be written any more: none is revoked, and it says why."""
    marked = store.crowd(TOKENS)
    before = store.accessors

    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    done = finish(store.sweeper.start(*FLAGS, preexec_fn=full))
    assert done.status == 2 and done.err.strip() and "revoked" not in done.outcomes, done
    assert store.accessors == before and marked < before and store.sound()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_interrupted(store, how):
    """All or none, whenever it comes; and the status says which."""
    chance = random.Random()
    for _ in range(6):
        marked = store.crowd(TOKENS, every=1)
        process = store.sweeper.start(*FLAGS)
        time.sleep(chance.uniform(0, 0.12) * SLOWER)
        process.send_signal(how)
        done = finish(process)
        left = store.accessors & marked
        assert left in (set(), marked), len(left)
        assert (done.status == 0) == (not left) or done.status != 0, done
        store.run(*FLAGS)


def test_two_at_once(store):
    """Each token is revoked by one of them, and both come to an end."""
    marked = store.crowd(TOKENS)
    both = [store.sweeper.start(*FLAGS) for _ in range(2)]
    done = [finish(process) for process in both]
    assert [each.status for each in done] == [0, 0], done
    told = [accessor for each in done for accessor in each.outcomes.get("revoked", []) + each.outcomes.get("gone", [])]
    assert set(told) == marked and not store.accessors & marked


def test_expired_meanwhile(store):
    """Tokens whose time is over are not matched, and are no trouble."""
    store.crowd(30, ttl="1s")
    marked = store.crowd(30)
    time.sleep(1.2)
    done = store.run(*FLAGS)
    assert done.status == 0 and done.outcomes["revoked"] == sorted(marked), done
