"""Servers and tokens that mean no good, or are merely odd: nothing is revoked that was not meant, nothing reaches the
terminal that was not text."""
import re

import pytest

from scripted import Turn
from sweeps import journal
from vault import bad, good

FLAGS = ("-policy=app", "-yes", "-format=ndjson")
ODD = ["\x1b[2J\x1b]0;owned\x07", "two\nlines", "tab\tbell\x07", "\u202egnp.exe", "\x9b31m", "a\x00b", '"quotes"\\', "x" * 5000, "", " "]


def readable(text, for_people=False):
    """No control characters but line feeds; for people none either that turn text round."""
    return not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f" + ("\u202a-\u202e]" if for_people else "]"), text)


@pytest.mark.parametrize("flags", [("-yes",), ("-yes", "-format=ndjson"), ("-dry-run", "-format=yaml"), ("-yes", "-format=json")], ids=" ".join)
def test_odd_facts(run, vault, home, flags):
    for text in ODD:
        vault.add(policies=["app", text], display_name=text, path=text, meta={text: text}, identity_policies=[text])
    everyone = vault.with_policy()
    done, _ = run("-policy=app", *flags, *(["-journal=journal"] if "-yes" in flags else []))
    assert done.status == 0 and readable(done.err, True) and readable(done.out), done
    assert not vault.with_policy() or "-dry-run" in flags
    if "-format=ndjson" in flags:
        assert sorted(row["accessor"] for row in done.rows) == sorted(everyone)
        assert {row["display_name"] for row in done.rows} >= set(ODD)
    if "-yes" in flags:
        assert {line["accessor"] for line in journal(home / "journal") if line["event"] == "settled"} == everyone


def test_names_that_only_look_like_root(run, vault):
    """Whoever may name a policy must not be able to hide a token with it."""
    for name in ("x\0root", "root\0", "\0root\0", " root", "root ", "ROOT", "x,root", '"root"'):
        vault.add(policies=["app", name])
        vault.add(policies=["app"], display_name=name, path=name)
    done, _ = run()
    assert done.status == 0 and not vault.with_policy() and set(done.outcomes) == {"revoked"}, done


def test_odd_accessors(run, vault, marked):
    """They are asked for as they are, and told so that they are read again."""
    for text in ODD[:-2]:
        token = vault.add(policies=["app"])
        del vault.tokens[token.accessor]
        token.accessor = text
        vault.tokens[text] = token
    everyone = vault.with_policy()
    done, server = run(*FLAGS)
    assert set(server.asked("revoke")) <= everyone and readable(done.err, True) and readable(done.out), done
    assert done.status in (0, 2) and not vault.with_policy() & marked
    assert (done.status == 0) == (not vault.with_policy())


TOKEN = {"accessor": "A", "policies": ["app"], "display_name": "x", "path": "y"}
BODIES = {
    "no data": good(None), "an empty object": (200, {}), "a list": (200, []), "a text": (200, "x"), "data is a list": good([TOKEN]),
    "empty data": good({}), "nothing": (200, b""), "half": (200, b'{"data":{"accessor":"'), "rubbish": (200, b"\0\xff\xfe" * 100),
    "deep": (200, b'{"data":' + b"[" * 100_000), "204": (204, None), "302 nowhere": (302, None), "teapot": bad(418, "no"),
    "long": (200, b'{"data":{"accessor":"' + b"x" * 20_000_000 + b'"}}'),
}


@pytest.mark.parametrize("body", BODIES)
def test_lookups_that_are_none(run, vault, marked, body):
    """One such answer: the others go, this one is left and told."""
    victim = min(marked)

    def script(request):
        return Turn(reply=BODIES[body]) if request.kind == "lookup" and request.accessor == victim else None
    done, server = run(*FLAGS, "-rounds=1", script=script)
    assert done.status in (0, 2) and victim not in server.asked("revoke"), done
    assert set(server.asked("revoke")) <= marked
    if done.status == 0:
        assert victim in done.outcomes.get("dangling", []), done
    else:
        assert victim in done.err


@pytest.mark.parametrize("wrong", [{"policies": "app"}, {"policies": [7, None, "app"]}, {"policies": {"app": 1}}, {"policies": None},
                                   {"display_name": 7}, {"path": None}, {"meta": []}, {"ttl": "1h"}, {"ttl": -1e300},
                                   {"creation_time": "now"}, {"orphan": "no"}, {"identity_policies": 7}], ids=str)
def test_facts_of_other_types(run, vault, marked, wrong):
    victim = min(marked)

    def script(request):
        if request.kind != "lookup" or request.accessor != victim or victim not in vault.tokens:
            return None
        return Turn(reply=good(vault.tokens[victim].shown() | wrong))
    done, server = run(*FLAGS, script=script)
    assert set(server.asked("revoke")) <= marked and len(server.asked("revoke")) >= 19, done
    assert done.status == 0 or victim in done.err, done


@pytest.mark.parametrize("keys", [None, "x", {}, [1, 2], [None], [["a"]], 7], ids=str)
def test_lists_that_are_none(run, vault, marked, keys):
    done, server = run(script=lambda request: Turn(reply=good({"keys": keys})) if request.kind == "list" else None)
    assert not server.asked("revoke") and (done.status == 2 or keys in (None, {})), done


def test_an_empty_list(run, vault):
    done, server = run(script=lambda request: Turn(reply=bad(404)) if request.kind == "list" else None)
    assert done.status == 0 and not server.asked("lookup"), done


def test_a_list_that_is_cut_off(run, vault, marked):
    """It is asked for again. Nobody is revoked before it was whole."""
    cuts = []

    def script(request):
        if request.kind == "list" and len(cuts) < 3:
            assert not vault.revocations
            cuts.append(request.number)
            return Turn(cut="after", part=0.2 * len(cuts))
        return None
    done, server = run(script=script)
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked)} and len(cuts) == 3, done
    assert len(server.asked("lookup")) < 2 * 61


def test_listed_again_and_again(run, vault, marked):
    keys = [*vault.tokens] * 5
    done, server = run(script=lambda request: Turn(reply=good({"keys": keys})) if request.kind == "list" else None)
    assert done.status == 0 and len(server.asked("lookup")) < 2 * len(vault.tokens) + 20, done
    assert sorted(server.asked("revoke")) == sorted(marked)


def test_a_list_that_takes_too_long(run, vault, marked):
    done, server = run(*FLAGS, "-list-timeout=1s", script=lambda request: Turn(part=0.5, hang=True) if request.kind == "list" else None)
    assert done.status == 2 and "-list-timeout" in done.err and not server.asked("revoke"), done


def test_revocations_that_say_odd_things(run, vault, marked):
    """Whatever the answer is: what is alive is not told to be revoked."""
    odd = iter([bad(418, "no"), (302, None), bad(400, "odd"), (200, b"[1]"), (200, b"rubbish")] * 3)

    def script(request):
        return Turn(reply=next(odd, bad(400, "no"))) if request.kind == "revoke" else None
    done, server = run("-policy=app", "-yes", "-rounds=2", script=script)
    assert done.status == 2 and done.counts["left"] == 20 and vault.with_policy() == marked, done


def test_connections_that_last_one_request(run, vault, marked):
    def script(request):
        return Turn(headers={"Connection": "close"}) if request.number % 2 else None
    done, _ = run(script=script)
    assert done.status == 0 and done.outcomes == {"revoked": sorted(marked)}, done
