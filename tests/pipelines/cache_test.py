"""create -cache: jobs that start together share one token, whatever happens to those that make it."""
import concurrent.futures
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

import pytest

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
JOBS = 100
COMMAND = ("create", "-cache=ci", "-policy=default", "-ttl=1h", "-field=token")


class Home:
    def __init__(self, path):
        self.path = path
        self.ok("store", "init")

    def start(self, *words, **more):
        environment = {"HOME": str(self.path), "PATH": "/usr/bin:/bin", "VTOKEN_STORE": "s.db"}
        return subprocess.Popen([VTOKEN, *words], cwd=self.path, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    def ok(self, *words):
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, ""), (words, process.returncode, err)
        return out

    def many(self, count):
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            return {done.result() for done in [pool.submit(self.ok, *COMMAND) for _ in range(count)]}

    def tokens(self):
        """How many there are in the store, the root token left out."""
        return len(json.loads(self.ok("list", "-format=json", "auth/token/accessors"))) - 1


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory() as folder:
        yield Home(pathlib.Path(folder))


def test_jobs_that_start_together_make_one_token(home):
    first = home.many(JOBS)
    assert len(first) == 1 and home.tokens() == 1
    # And one again, when that one is revoked.
    home.ok("revoke", "-q", *first)
    second = home.many(JOBS)
    assert len(second) == 1 and second != first and home.tokens() == 1


def test_a_killed_maker_leaves_nothing_behind(home):
    """Killed at any time: the next one finds a whole token or makes one, and never waits for the dead."""
    for milliseconds in range(0, 20):
        process = home.start(*COMMAND)
        time.sleep(milliseconds / 1000)
        process.kill()
        process.communicate()
    assert len({home.ok(*COMMAND) for _ in range(3)}) == 1
    cache = pathlib.Path(home.path, ".cache/vtoken")
    assert [each.stat().st_mode & 0o777 for each in cache.iterdir()] == [0o600]


def test_a_maker_at_work_is_waited_for(home):
    home.ok(*COMMAND)
    file, = pathlib.Path(home.path, ".cache/vtoken").iterdir()
    holder = subprocess.Popen(["flock", "-x", str(file), "sleep", "1000"], start_new_session=True)
    try:
        time.sleep(0.2)
        process = home.start(*COMMAND)
        time.sleep(2)
        assert process.poll() is None  # it waits for whoever makes a token
    finally:
        os.killpg(holder.pid, signal.SIGKILL)
        holder.wait()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and err == "" and out == home.ok(*COMMAND)
