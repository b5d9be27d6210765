"""What the tests share: a store with names to complete, and a shell of each kind."""
import json
import os
import pathlib
import subprocess
import tempfile

import pytest

from shells import VTOKEN, Shell

ODD = "odd $(touch pwned) 'name'"  # a policy that somebody named so that it harms who completes it


@pytest.fixture(scope="session")
def folder():
    with tempfile.TemporaryDirectory(prefix="vtoken-completions-") as name:
        yield pathlib.Path(name)


class Tokens:
    """A store, or a server, with a role, policies and an accessor."""

    def __init__(self, **environment):
        self.environment = environment
        self.run("roles", "write", "deployer", "allowed_policies=ops")
        for name in ("operators", "readers-all", "readers-some", "we:ird=na@me", "Ünder", ODD):
            self.run("policy", "write", name, "-", stdin='path "auth/token/lookup-self" { capabilities = ["read"] }')
        self.accessor = json.loads(self.run("create", "-format=json").stdout)["auth"]["accessor"]

    def run(self, *arguments, stdin=""):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **self.environment}
        return subprocess.run([VTOKEN, *arguments], input=stdin, capture_output=True, text=True, check=True, env=environment)


@pytest.fixture(scope="session")
def store(folder):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "VTOKEN_STORE": str(folder / "tokens.db")}
    subprocess.run([VTOKEN, "store", "init"], check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Tokens(VTOKEN_STORE=str(folder / "tokens.db"))


@pytest.fixture(scope="session", params=Shell.KINDS, ids=lambda kind: kind.replace(" ", "-"))
def shell(request, folder, store):
    """A shell that has the store's variable."""
    home = folder / request.param.replace(" ", "-")
    running = Shell(request.param, home, **store.environment)
    (home / "some key.pem").write_text("")
    (home / "only-folder").mkdir()
    (home / "only-folder/inner.txt").write_text("")
    yield running
    running.stop()
