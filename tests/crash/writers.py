"""Processes that write to one store, and what the test knows about its tokens."""
import json
import os
import pathlib
import subprocess
import time
from dataclasses import dataclass, field


class Store:
    """A store in a folder of its own; every call is a process of its own."""

    def __init__(self, folder, program):
        self.program = str(program)
        self.path = pathlib.Path(folder) / "store.db"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "VTOKEN_STORE": str(self.path)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.call("store", "init")

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def call(self, *arguments):
        status, out, err = self.run(*arguments)
        assert status == 0, f"vtoken {' '.join(arguments[:2])}: exit {status}: {err}"
        return out

    def killed(self, delay, *arguments):
        """Runs a command and sends SIGKILL after `delay` seconds: (exit status, output); -9 when the kill came first."""
        process = self.start(*arguments)
        time.sleep(delay)
        process.kill()
        out, err = process.communicate(timeout=120)
        assert process.returncode in (0, -9), f"vtoken {arguments[:2]}: exit {process.returncode}: {err}"
        return process.returncode, out

    def alive(self, token):
        status, _, err = self.run("lookup", token)
        if status == 0:
            return True
        assert status == 2 and "bad token" in err or "permission denied" in err or "Code: 403" in err, err
        return False


@dataclass
class Node:
    """A token that a `create` acknowledged."""
    token: str
    children: list = field(default_factory=list)
    revoked: bool = False  # a `revoke` of it or of an ancestor exited 0
    maybe: bool = False    # a `revoke` of it was killed: it and its descendants live or die together

    def family(self):
        yield self
        for child in self.children:
            yield from child.family()


def read_token(out):
    """The token that a `create -format=json` printed."""
    return json.loads(out)["auth"]["client_token"]
