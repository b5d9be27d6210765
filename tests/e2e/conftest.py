"""What the tests share: a server and its authorities once per run, commands in a fresh home for each test."""
import pathlib
import tempfile

import pytest

import command
from certificates import Authority
from servers import DevServer


@pytest.fixture(scope="session")
def folder():
    """Short, because a socket's path has little room; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="vtoken-e2e-") as name:
        yield pathlib.Path(name)


@pytest.fixture(scope="session")
def authority(folder):
    return Authority(folder, "authority")


@pytest.fixture(scope="session")
def stranger(folder):
    """An authority that the servers' certificates are not from."""
    return Authority(folder, "stranger")


@pytest.fixture(scope="session")
def server(folder, authority):
    running = DevServer(folder / "server", authority)
    yield running
    running.stop()


@pytest.fixture
def home(folder):
    return pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=folder))


@pytest.fixture
def vtoken(server, home):
    """vtoken as root on the server, by http."""
    return command.vtoken(home, server.http)


@pytest.fixture
def bao(server, home):
    """The real command, likewise."""
    return command.real_bao(home, server.http)
