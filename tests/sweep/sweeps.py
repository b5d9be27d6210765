"""Sweeps as processes: run, watched, interrupted; and what they wrote."""
import json
import os
import re
import signal
import subprocess

from command import VTOKEN

with open(VTOKEN, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()
SLOWER = 5 if SANITIZED else 1  # how much more time a process may take
CRASHED = re.compile(r"Sanitizer|runtime error:|terminate called|Assertion|stack smashing")


class Done:
    """A sweep that has ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err
        assert not CRASHED.search(err), err

    def __repr__(self):
        return f"status {self.status}\n{self.out[-3000:]}\n--- stderr\n{self.err[-3000:]}"

    @property
    def rows(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def outcomes(self):
        """Of -format=ndjson: accessors by outcome."""
        found = {}
        for row in self.rows:
            found.setdefault(row["outcome"], []).append(row["accessor"])
        return {outcome: sorted(accessors) for outcome, accessors in found.items()}

    @property
    def counts(self):
        """Of the summary table on standard output: numbers by outcome."""
        lines = [line.split() for line in self.out.splitlines()[2:] if line.strip()]
        return {words[0]: int(words[1].replace(",", "")) for words in lines}


class Sweeper:
    """`vtoken accessors revoke` on a server, or with address None on the store at `home`/store.db."""

    def __init__(self, home, address=None, token="s.ScriptedCaller", **environment):
        self.home = home
        self.environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        self.environment |= {"VAULT_ADDR": address, "VAULT_TOKEN": token} if address else {"VTOKEN_STORE": str(home / "store.db")}
        self.environment |= {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        self.environment |= environment

    def start(self, *flags, command=("accessors", "revoke"), **more):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        return subprocess.Popen([VTOKEN, *command, *map(str, flags)], env=self.environment, cwd=self.home, text=True, **pipes)

    def run(self, *flags, seconds=60, stdin=None, **more):
        """Runs a sweep to its end."""
        process = self.start(*flags, **({"stdin": subprocess.PIPE} if stdin is not None else {}), **more)
        return finish(process, seconds, stdin)

    def call(self, *words, seconds=60):
        """Another command, which has to succeed: its standard output."""
        done = self.run(command=words, seconds=seconds)
        assert done.status == 0, (words, done)
        return done.out


def kill_after(process, seconds):
    """Sends SIGKILL when so much time has passed, unless the process has ended before: its status."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.returncode in (0, -signal.SIGKILL), process.returncode
    return process.returncode


def finish(process, seconds=60, stdin=None):
    """Waits for the end. One that takes longer is killed and fails the test."""
    try:
        out, err = process.communicate(stdin, timeout=seconds * SLOWER)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"still running after {seconds} s: {Done(0, out or '', err or '')}") from None
    return Done(process.returncode, out or "", err or "")


def journal(path):
    """The lines of a journal; the last one may be cut off."""
    lines = path.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1]]
