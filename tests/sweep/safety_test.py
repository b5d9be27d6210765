"""Who is spared, what is refused, where the accessors come from, and when it has done enough."""
import json

import pytest

from scripted import Scripted, Turn
from sweeps import Sweeper, finish

FLAGS = ("-policy=app", "-yes", "-format=ndjson")


@pytest.mark.parametrize("flags", [
    (), ("-yes",), ("-yes", "-concurrency=4"),  # no filter
    ("-policy=app",), ("-policy=app", "-format=ndjson"),  # nobody to ask
    ("-policy=app", "-yes", "-max=19"),
    ("-policy=app", "-yes", "SomeAccessor"),
    ("-policy=app", "-yes", "-resume"), ("-policy=app", "-yes", "-concurrency=0"), ("-policy=app", "-yes", "-concurrency=1025"),
    ("-policy=app", "-yes", "-rounds=0"), ("-policy=app", "-yes", "-created-before=soon"), ("-policy=app", "-yes", "-type=odd"),
    ("-policy=", "-yes"),
], ids=" ".join)
def test_refused(run, marked, vault, flags):
    done, server = run(*(flags or ("-q",)))
    assert done.status == 1 and done.err.strip() and not done.out, done
    assert not server.asked("revoke") and vault.with_policy() == marked


def test_as_many_as_expected(run, vault):
    done, _ = run("-policy=app", "-yes", "-max=20")
    assert done.status == 0 and not vault.with_policy(), done


def test_a_dry_run(run, vault, marked):
    done, server = run("-policy=app", "-dry-run", "-format=ndjson")
    assert done.status == 0 and done.outcomes == {"would-revoke": sorted(marked)}, done
    assert not server.asked("revoke")
    done, server = run("-policy=app", "-dry-run", "-max=3")
    assert not server.asked("revoke"), done


def test_own_token_and_root_tokens_are_spared(run, vault):
    roots = {vault.add(policies=["root"], path="auth/token/root").accessor for _ in range(3)}
    everyone = set(vault.tokens)
    own = vault.caller.accessor
    done, server = run("-all", "-yes", "-format=ndjson")
    assert done.status == 0 and done.outcomes == {"revoked": sorted(everyone - roots - {own}), "spared": sorted(roots | {own})}, done
    assert set(vault.tokens) == roots | {own}

    done, server = run("-all", "-yes", "-format=ndjson", "-include-root")
    assert done.status == 0 and done.outcomes == {"revoked": sorted(roots), "spared": [own]}, done


def test_own_token_goes_last(run, vault, marked):
    vault.caller.policies = ["app", "root"]
    done, server = run(*FLAGS, "-include-self", "-include-root")
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked | {vault.caller.accessor})}, done
    assert server.asked("revoke")[-1] == vault.caller.accessor and not vault.with_policy()


def test_own_token_alone_without_root(run, vault, marked):
    """-include-self says yes to the own token, and to no other root token."""
    vault.caller.policies = ["app", "root"]
    other = vault.add(policies=["root", "app"])
    done, _ = run(*FLAGS, "-include-self")
    assert other.accessor in done.outcomes["spared"] and other.accessor in vault.tokens, done


def test_own_token_revoked_with_its_parent(run, vault, marked):
    """A server does not tell who the parent is."""
    parent = vault.tokens[min(marked)]
    vault.caller.parent = parent.accessor
    done, server = run("-policy=app", "-yes", "-concurrency=1")
    assert done.status == (2 if vault.with_policy() else 0), done
    assert vault.caller.accessor not in vault.tokens and parent.accessor not in vault.tokens
    assert "parent" in done.err
    assert done.counts["left"] == len(vault.with_policy())


def test_families(run, vault):
    """Who goes with a parent reads as gone."""
    parents = [token for token in vault.tokens.values() if "app" in token.policies]
    for number in range(200):
        vault.add(policies=["app"] if number % 2 else ["team"], parent=parents[number % 20].accessor)
    expected, young = vault.with_policy(), {token.accessor for token in vault.tokens.values() if token.parent}
    others = set(vault.tokens) - expected - young
    done, _ = run()
    assert done.status == 0 and set(vault.tokens) == others, done
    assert set(done.outcomes) <= {"revoked", "gone"} and {row["accessor"] for row in done.rows} >= expected


def test_children_made_meanwhile(run, vault):
    made = []

    def script(request):
        if request.kind == "revoke" and len(made) < 30:
            made.append(vault.add(policies=["app"]).accessor)
        return None
    done, server = run(script=script)
    assert done.status == 0 and not vault.with_policy(), done
    assert set(made) <= {row["accessor"] for row in done.rows} and server.seen["list"] > 2


@pytest.mark.parametrize("rounds", [1, 3])
def test_rounds_used_up(run, vault, rounds):
    def script(request):
        if request.kind == "revoke":
            vault.add(policies=["app"])
        return None
    done, server = run("-policy=app", "-yes", f"-rounds={rounds}", script=script)
    assert done.status == 2 and done.counts == {"revoked": 20 * rounds, "left": 20}, done
    assert server.seen["list"] == rounds + 1
    assert "-rounds" in done.err or "round" in done.err


FORMS = {
    "lines": lambda accessors: "# saved\n\n" + "\n".join(accessors) + "\n",
    "lines of another system": lambda accessors: "".join(f" {accessor}\t\r\n" for accessor in accessors),
    "an array": json.dumps,
    "ndjson": lambda accessors: "".join(json.dumps({"accessor": each, "policies": ["app"]}) + "\n" for each in accessors),
    "JSON of details": lambda accessors: json.dumps([{"accessor": each} for each in accessors], indent=2),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", ["file", "-"])
def test_accessors_from(run, vault, marked, home, form, source):
    some = sorted(vault.tokens.keys() - {vault.caller.accessor})[:30]
    text = FORMS[form]([*some, *some[:3]])
    (home / "saved").write_text(text)
    flag, stdin = ("-accessors-from=saved", None) if source == "file" else ("-accessors-from=-", text)
    done, server = run(flag, "-policy=app", "-yes", "-format=ndjson", stdin=stdin)
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked & set(some))}, done
    assert server.asked("list") == [] and set(server.asked("lookup")) == set(some)


def test_accessors_from_nowhere(run, vault, marked):
    done, server = run("-policy=app", "-yes", "-accessors-from=/nowhere")
    assert done.status in (1, 2) and "/nowhere" in done.err and not server.asked("revoke"), done


def test_accessors_from_alone(run, vault, home):
    some = sorted(vault.tokens.keys() - {vault.caller.accessor})[:10]
    (home / "saved").write_text("\n".join([*some, "AccessorThatNobodyHas", vault.caller.accessor]))
    done, _ = run("-accessors-from=saved", "-yes", "-format=ndjson")
    assert done.status == 0 and done.outcomes["revoked"] == some and done.outcomes["spared"] == [vault.caller.accessor], done


def test_what_list_prints_is_read_again(run, home, vault, marked):
    for flags in (("-format=json",), ("-format=ndjson", "-detailed"), ("-format=json", "-detailed"), ("-format=ndjson",)):
        done, _ = run(*flags, command=("accessors", "list"))
        assert done.status == 0, done
        (home / "saved").write_text(done.out)
        done, server = run("-accessors-from=saved", "-policy=app", "-dry-run", "-format=ndjson")
        assert done.outcomes == {"would-revoke": sorted(marked)} and "list" not in server.seen, (flags, done)


def test_a_stdout_that_nobody_reads(vault, marked, home):
    """The rows have nowhere to go: it says so or ends, and what it did is in the journal."""
    with Scripted(vault, latency=0.005) as server:
        process = Sweeper(home, server.address).start(*FLAGS, "-journal=journal", "-concurrency=2")
        server.wait_for("revoke", 1)
        process.stdout.close()
        process.stdout = None
        done = finish(process)
    assert done.status != 0 or not vault.with_policy(), done
    noted = (home / "journal").read_text()
    assert all(accessor in noted for accessor in vault.revocations)


def test_a_stdout_on_a_full_disk(vault, marked, home):
    with Scripted(vault) as server, open("/dev/full", "w", encoding="utf-8") as full:
        done = finish(Sweeper(home, server.address).start(*FLAGS, stdout=full))
    assert done.status == 2 and done.err.strip(), done


def test_quiet(run, vault):
    done, _ = run("-policy=app", "-yes", "-q")
    assert done.status == 0 and not vault.with_policy() and done.err == "", done


def test_verify(run, vault, marked):
    """What a server said to be revoked and is not comes to light without another round."""
    stubborn = min(marked)

    def script(request):
        return Turn(reply=(204, None)) if request.kind == "revoke" and request.accessor == stubborn else None
    done, server = run("-policy=app", "-yes", "-verify", "-rounds=1", script=script)
    assert done.status == 2 and done.counts["left"] == 1, done
    assert stubborn in done.err


def test_everything_in_other_formats(run, marked):
    done, _ = run("-policy=app", "-dry-run", "-format=json")
    assert sorted(row["accessor"] for row in json.loads(done.out)) == sorted(marked), done
    done, _ = run("-policy=app", "-dry-run", "-format=yaml")
    assert done.status == 0 and all(accessor in done.out for accessor in marked), done
