"""The journal: written before anything is done, read again by -resume, and refused where it does not fit."""
import resource
import signal

import pytest

from scripted import Scripted, Turn
from sweeps import Sweeper, finish, journal
from vault import Vault

FLAGS = ("-policy=app", "-yes", "-journal=journal")


@pytest.fixture
def server(vault, marked):
    with Scripted(vault, latency=0.002) as running:
        yield running


@pytest.fixture
def sweeper(home, server):
    return Sweeper(home, server.address)


@pytest.fixture
def half_done(sweeper, server, vault, home):
    """A journal of a sweep that was killed in the middle of revoking."""
    kill_after(server, vault, sweeper.start(*FLAGS, "-concurrency=2"), 8)
    return home / "journal"


def kill_after(server, vault, process, count):
    """Lets a sweep of two requests at once revoke so many and kills it."""
    server.script = lambda request: Turn(hang=True) if request.kind == "revoke" and server.seen["revoke"] > count else None
    server.wait_for("revoke", count + 2)
    process.kill()
    process.communicate()
    server.script = None
    assert len(vault.revocations) == count


def test_what_is_in_it(sweeper, server, vault, marked, home):
    done = sweeper.run(*FLAGS)
    assert done.status == 0, done
    path = home / "journal"
    assert path.stat().st_mode & 0o777 == 0o600 and "ScriptedCaller" not in path.read_text()
    lines = journal(path)
    assert server.address in str(lines[0]) and "app" in str(lines[0])
    texts = [str(line) for line in lines]
    for accessor in marked:
        mine = [line for line in lines[1:] if accessor in str(line)]
        assert len(mine) == 3 and mine[-1]["outcome"] == "revoked", mine  # planned, being revoked, revoked
    assert not any(accessor in text for accessor in set(vault.tokens) for text in texts)


def test_resumed(sweeper, vault, marked, half_done):
    before = len(vault.revocations)
    done = sweeper.run(*FLAGS, "-resume", "-format=ndjson")
    assert done.status == 0 and not vault.with_policy(), done
    assert len(vault.revocations) - before < 20
    again = sweeper.run(*FLAGS, "-resume")
    assert again.status == 0 and not vault.with_policy(), again


def test_the_filter_is_the_journals(sweeper, vault, half_done):
    done = sweeper.run("-journal=journal", "-resume", "-yes")
    assert done.status == 0 and not vault.with_policy(), done


def test_the_plan_is_asked_for_again(sweeper, vault, half_done):
    left = vault.with_policy()
    done = sweeper.run("-journal=journal", "-resume")
    assert done.status == 1 and "-yes" in done.err and vault.with_policy() == left, done


@pytest.mark.parametrize("flags", [
    ("-policy=app", "-yes"),  # it is there already
    ("-policy=team", "-yes", "-resume"), ("-policy=app", "-path=x", "-yes", "-resume"), ("-all", "-yes", "-resume"),
    ("-yes", "-resume", "-address=http://127.0.0.1:1"), ("-yes", "-resume", "-namespace=other"),
], ids=" ".join)
def test_one_that_does_not_fit(sweeper, vault, half_done, flags):
    before, text = set(vault.tokens), half_done.read_bytes()
    done = sweeper.run(*flags, "-journal=journal")
    assert done.status in (1, 2) and done.err.strip() and set(vault.tokens) == before, done
    assert half_done.read_bytes() == text
    if "-resume" not in flags:
        assert "-resume" in done.err


def test_none_to_resume(sweeper, vault, marked):
    done = sweeper.run(*FLAGS, "-resume")
    assert done.status in (1, 2) and "journal" in done.err and vault.with_policy() == marked, done


def test_cut_off_anywhere(sweeper, vault, marked, half_done):
    """Every length of a journal is either resumed to the right end or refused."""
    whole = half_done.read_bytes()
    others = set(vault.tokens) - marked
    for length in sorted({0, 1, 10, len(whole) - 1, *range(0, len(whole), max(1, len(whole) // 12))}):
        half_done.write_bytes(whole[:length])
        done = sweeper.run(*FLAGS, "-resume")
        assert done.status in (0, 1, 2) and others <= set(vault.tokens), done
        assert (done.status == 0) <= (not vault.with_policy()), done
        if b"\n" in whole[:length]:
            assert done.status == 0, (length, done)


@pytest.mark.parametrize("damage", [b"rubbish\n", b'{"half":\n', b"[]\n", b"\0\0\0\n", b'{"outcome":7,"accessor":"x"}\n', b"\xff\xfe\n"])
def test_damaged_in_the_middle(sweeper, vault, half_done, damage):
    lines = half_done.read_bytes().splitlines(keepends=True)
    half_done.write_bytes(b"".join([*lines[:5], damage, *lines[5:]]))
    left = vault.with_policy()
    done = sweeper.run(*FLAGS, "-resume")
    assert done.status in (1, 2) and "6" in done.err and vault.with_policy() == left, done


def test_one_journal_two_sweeps(sweeper, server, vault, home):
    server.latency = 0.02
    first = sweeper.start(*FLAGS, "-concurrency=2")
    server.wait_for("revoke", 4)
    server.latency = 1  # the first has to be at work still when the second has started
    second = sweeper.run(*FLAGS, "-resume")
    server.latency = 0
    assert second.status in (1, 2) and "journal" in second.err, second
    assert finish(first).status == 0 and not vault.with_policy()


@pytest.mark.parametrize("size", [0, 1000, 3000, 4000, 5000])
def test_a_full_disk(sweeper, vault, marked, home, size):
    """Nothing is done that could not be noted before."""
    def full():  # what is written beyond fails as it does on a full disk
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    done = finish(sweeper.start(*FLAGS, "-concurrency=2", preexec_fn=full))
    assert done.status in (1, 2) and "journal" in done.err, done
    noted = (home / "journal").read_bytes() if (home / "journal").exists() else b""
    assert all(noted.count(accessor.encode()) >= 2 for accessor in vault.revocations), done
    assert len(vault.with_policy()) > 0
    # One that holds nothing that was done may be gone again.
    again = sweeper.run(*FLAGS, *(["-resume"] if noted else []))
    assert again.status == 0 and not vault.with_policy(), again


@pytest.mark.parametrize("name", ["nowhere/journal", ".", ""])
def test_a_journal_that_cannot_be(sweeper, vault, marked, name):
    done = sweeper.run("-policy=app", "-yes", f"-journal={name}")
    assert done.status in (1, 2) and done.err.strip() and vault.with_policy() == marked, done


def test_what_comes_later_goes_too(sweeper, vault, half_done):
    """A resumed sweep looks around as any other does."""
    new = vault.add(policies=["app"])
    done = sweeper.run(*FLAGS, "-resume", "-format=ndjson")
    assert done.status == 0 and new.accessor in done.outcomes["revoked"], done


def test_given_accessors(sweeper, server, vault, marked, home):
    """The accessors of a file are the journal's too: the file is not needed again, and no others are touched."""
    some = sorted(marked)[:12]
    (home / "saved").write_text("\n".join(some))
    kill_after(server, vault, sweeper.start("-accessors-from=saved", "-yes", "-journal=journal", "-concurrency=2"), 4)
    (home / "saved").unlink()
    done = sweeper.run("-journal=journal", "-resume", "-yes")
    assert done.status == 0 and vault.with_policy() == marked - set(some), done


def test_cut_off_by_a_seal(sweeper, server, vault, home):
    """What the journal is for."""
    server.script = lambda request: (Turn(reply=(503, {"errors": ["Vault is sealed"]}))
                                     if request.kind == "revoke" and len(vault.revocations) >= 7 else None)
    done = sweeper.run(*FLAGS, "-concurrency=2")
    assert done.status == 2 and "-resume" in done.err and len(vault.with_policy()) == 20 - len(vault.revocations), done
    server.script = None
    again = sweeper.run(*FLAGS, "-resume")
    assert again.status == 0 and not vault.with_policy() and len(vault.revocations) == 20, again
