"""A million accessors in one list: what is proved is how much memory a sweep takes, and that it begins to look tokens up
before the list is there.

The server holds all but 64 KiB of the list back until it sees a lookup. It is sealed when the list is out and some
lookups were answered, for a million of them take a minute; `VTOKEN_ALL_LOOKUPS=1` has it answer all."""
import json
import os
import subprocess
import tempfile
import urllib.request

import pytest

import sweeps

TOKENS = 1_000_000
LOOKUPS = TOKENS + 1 if os.environ.get("VTOKEN_ALL_LOOKUPS") else 30_000
MIB = 64


class Crowd:
    """The server with a million tokens, or so."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([os.environ["VTOKEN_CROWD_SERVER"], *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.address = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def counts(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.address + "/counts", timeout=60) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()  # its input ends, and so does it
        assert self.process.returncode == 0


def measured(home, address, *words):
    """Runs vtoken with its output in files: (status, size of its output, standard error, peak MiB)."""
    sweeper = sweeps.Sweeper(home, address)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = sweeper.start(*words, command=(), stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        return process.returncode, os.fstat(out.fileno()).st_size, err.read().decode(), usage.ru_maxrss / 1024


@pytest.mark.parametrize("words", [
    ("accessors", "revoke", "-dry-run", "-policy=app"),
    ("accessors", "revoke", "-dry-run", "-policy=default", "-format=ndjson"),  # all of them match
    ("accessors", "list", "-detailed", "-format=ndjson"),
], ids=" ".join)
def test_memory_and_the_first_lookup(home, words):
    with Crowd(TOKENS, LOOKUPS) as server:
        status, size, err, mib = measured(home, server.address, *words)
        counts = server.counts()
    print(words, f"{mib:.1f} MiB", counts)
    assert counts["early"] and counts["lists"] == 1 and counts["lookups"] >= LOOKUPS - 1, (counts, err[-2000:])
    if LOOKUPS > TOKENS:
        assert status == 0, err[-2000:]
    else:
        assert status == 2 and "sealed" in err, err[-2000:]
    if "list" in words:
        assert size > 100 * LOOKUPS
    if not sweeps.SANITIZED:
        assert mib < MIB


def test_many_revoked(home):
    """With no hurry but to come to an end, and nothing else gone."""
    tokens = 20_000 if not sweeps.SANITIZED else 5_000
    with Crowd(tokens) as server:
        status, _, err, mib = measured(home, server.address, "accessors", "revoke", "-policy=team", "-yes", "-q")
        counts = server.counts()
    assert status == 0, err[-2000:]
    assert counts["revoked"] == tokens - tokens // 1000 and mib < MIB * (8 if sweeps.SANITIZED else 1), (counts, mib)
