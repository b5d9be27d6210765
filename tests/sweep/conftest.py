"""What the tests share."""
import pathlib
import tempfile

import pytest

from scripted import Scripted
from sweeps import Sweeper
from vault import Vault


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="vtoken-sweep-") as name:
        yield pathlib.Path(name)


@pytest.fixture
def vault():
    return Vault()


@pytest.fixture
def marked(vault):
    """The accessors that have to go: 20 of 60."""
    return vault.crowd(60)


@pytest.fixture
def run(vault, marked, home):
    """Sweeps the vault, through a server that follows the script, for all that has the policy unless told otherwise:
    (Done, Scripted)."""
    def go(*flags, script=None, **more):
        with Scripted(vault, script) as server:
            return Sweeper(home, server.address).run(*(flags or ("-policy=app", "-yes", "-format=ndjson")), **more), server
    return go
