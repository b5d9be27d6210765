"""Names from a real server, and no waiting for one that does not answer."""
import socket
import subprocess
import time

import pytest

from conftest import Tokens
from servers import ROOT, DevServer
from shells import VTOKEN, Shell

SOON = 3  # seconds: a slow machine is no server that is waited for


@pytest.fixture(scope="module")
def server(folder):
    running = DevServer(folder / "server")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def tokens(server):
    return Tokens(VAULT_ADDR=server.http, VAULT_TOKEN=ROOT)


@pytest.fixture(scope="module", params=("bash", "zsh", "fish"))
def shell(request, folder, tokens):
    running = Shell(request.param, folder / f"live-{request.param}", **tokens.environment)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def silent():
    """Takes connections, and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def complete(*arguments, home="/nonexistent", **environment):
    """(candidates, seconds) of the program itself."""
    begin = time.monotonic()
    done = subprocess.run([VTOKEN, "__complete", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={"HOME": str(home), "PATH": "/usr/bin:/bin", **environment}, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.splitlines(), time.monotonic() - begin


def finds(wanted, *arguments, **environment):
    """Whether the program has these names; again, for a machine that is too busy to have them at once."""
    return any(complete(*arguments, **environment)[0] == wanted for _ in range(3))


def test_names_from_a_server(shell, tokens):
    assert shell.becomes("vtoken create -role=dep\t", ["create", "-role=deployer"])
    assert shell.becomes("vtoken policy read oper\t", ["policy", "read", "operators"])
    assert shell.becomes(f"vtoken accessors revoke {tokens.accessor[:12]}\t", ["accessors", "revoke", tokens.accessor])
    assert shell.becomes("vtoken read sys/policies/acl/oper\t", ["read", "sys/policies/acl/operators"])


def test_a_silent_server_is_not_waited_for(shell, silent):
    begin = time.monotonic()
    assert shell.run(f"vtoken create -address={silent} -role=dep\t") == ["create", f"-address={silent}", "-role=dep"]
    assert time.monotonic() - begin < SOON


@pytest.mark.parametrize("kind", ["role", "policy", "accessor"])
def test_silence_is_no_failure(kind, silent):
    names, seconds = complete(kind, "", VAULT_ADDR=silent, VAULT_TOKEN="x")
    assert names == [] and seconds < SOON


def test_what_asks_is_what_the_line_says(tokens, store, silent):
    """Flags beat variables, as they will when the line is run; the words behind `--` are no flags."""
    there = tokens.environment["VAULT_ADDR"]
    line = ["--", "create", "-ttl", "-address=ignored", f"-address={there}", "-policy"]
    assert finds(["deployer"], "role", "d", *line, VAULT_ADDR=silent, VAULT_TOKEN=ROOT)
    line = ["--", "-store", store.environment["VTOKEN_STORE"], "roles", "read"]
    assert finds(["deployer"], "role", "d", *line, VAULT_ADDR=silent)
    assert complete("role", "d", "--", "create", "-token-file=-", **store.environment)[0] == []
    assert complete("role", "d", "--", "create", VTOKEN_LIVE_COMPLETION="false", **store.environment)[0] == []


def test_no_helper_and_no_wrapping(tokens, folder):
    """A program that keeps tokens may ask for a passphrase, which TAB must not; VAULT_WRAP_TTL is for the command."""
    assert finds(["deployer"], "role", "d", VAULT_WRAP_TTL="1m", **tokens.environment)
    home = folder / "helper"
    home.mkdir()
    (home / "get").write_text(f"#!/bin/sh\ntouch '{home}/asked'\necho {ROOT}\n")
    (home / "get").chmod(0o755)
    (home / ".vault").write_text(f'token_helper = "{home}/get"\n')
    assert complete("role", "d", home=home, VAULT_ADDR=tokens.environment["VAULT_ADDR"])[0] == []
    assert not (home / "asked").exists()


def test_failures_are_silent(tokens, folder):
    address = tokens.environment["VAULT_ADDR"]
    for arguments, environment in (
            (("role", ""), {"VAULT_ADDR": address, "VAULT_TOKEN": "wrong"}),
            (("role", ""), {"VAULT_ADDR": "http://127.0.0.1:1", "VAULT_TOKEN": "x"}),
            (("role", ""), {"VAULT_ADDR": "nonsense"}),
            (("role", ""), {"VTOKEN_STORE": str(folder / "no.db")}),
            (("role", ""), {"VTOKEN_STORE": "a", "VAULT_ADDR": "http://b"}),
            (("role", "", "--", "-store"), {}),
            (("role", "", "--", "-tls-skip-verify=perhaps", "create"), {}),
            (("nonsense", ""), {}), (("role",), {}), ((), {})):
        assert complete(*arguments, **environment)[0] == [], arguments
    assert not (folder / "no.db").exists()
