"""`renew -watch` on a real server and on a store, for as long as it takes to renew twenty times: through a restart of the
server, and through what happens to a file meanwhile. What takes less time is looked at while these two run."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

import pytest

import command
from processes import Process, die_with_parent, free_port, wait_until
from servers import PROGRAM, ask, healthy, stanza

RENEWALS = 20
PERIOD = 2  # seconds


class LastingServer:
    """A server that keeps what it knows on the disk, and unseals by itself: it can be restarted."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "data").mkdir(parents=True)
        (folder / "seal.key").write_bytes(os.urandom(32))
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        text = stanza("storage", "raft", path=str(folder / "data"), node_id="one", performance_multiplier="1")
        text += stanza("listener", "tcp", address=f"127.0.0.1:{self.port}", tls_disable=True)
        text += stanza("seal", "static", current_key_id="1", current_key=f"file://{folder / 'seal.key'}")
        text += f'api_addr = "{self.address}"\ncluster_addr = "https://127.0.0.1:{free_port()}"\n'
        text += "disable_ssct_tokens = false\n"
        (folder / "server.hcl").write_text(text)
        self.start()
        wait_until(lambda: healthy(self.address, (501,)), "a new server")
        made = ask(self.address, "PUT", "sys/init", {"recovery_shares": 1, "recovery_threshold": 1})[1]
        self.root = made["root_token"]
        wait_until(lambda: healthy(self.address), "a server")

    def start(self):
        self.process = Process([PROGRAM, "server", f"-config={self.folder / 'server.hcl'}"], self.folder / "log",
                               {"HOME": str(self.folder)})

    def restart(self):
        self.process.stop(signal.SIGKILL)
        self.start()
        wait_until(lambda: healthy(self.address), "the server again")


class Watcher:
    """A watch that prints its events."""

    def __init__(self, vtoken, token, *flags, **environment):
        folder = pathlib.Path(tempfile.mkdtemp(dir=vtoken.home))
        self.out, self.err = folder / "out", folder / "err"
        with open(self.out, "w") as out, open(self.err, "w") as err:
            self.child = subprocess.Popen(
                [vtoken.program, "renew", "-watch", "-format=ndjson", *flags], stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, env={**vtoken.environment, "VAULT_TOKEN": token, **environment}, cwd=vtoken.home,
                preexec_fn=die_with_parent)

    def events(self, kind=None):
        text = self.out.read_text()
        found = [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]
        return [each for each in found if kind in (None, each["event"])]

    def said(self):
        return self.err.read_text()

    def runs(self):
        return self.child.poll() is None

    def next(self, kind="renewed", count=1):
        """Waits for `count` more of them."""
        before = len(self.events(kind))
        wait_until(lambda: len(self.events(kind)) >= before + count or not self.runs(), f"{kind} events")
        assert self.runs(), (self.child.returncode, self.events()[-3:], self.said())

    def end(self, how=signal.SIGTERM):
        if self.runs():
            self.child.send_signal(how)
        return self.child.wait(60)

    def kill(self):
        self.child.kill()
        self.child.wait()


def make(vtoken, *flags):
    return vtoken.ok("create", "-policy=default", "-format=json", *flags).json["auth"]


@pytest.fixture(scope="module")
def on_server():
    with tempfile.TemporaryDirectory(prefix="vtoken-watch-") as name:
        server = LastingServer(pathlib.Path(name) / "server")
        yield server, command.vtoken(pathlib.Path(name), server.address, server.root)
        server.process.stop()


@pytest.fixture(scope="module")
def on_store():
    with tempfile.TemporaryDirectory(prefix="vtoken-watch-") as name:
        vtoken = command.vtoken(pathlib.Path(name), f"file://{name}/s.db", None)
        vtoken.ok("store", "init")
        yield vtoken


@pytest.fixture(scope="module")
def watchers(on_server, on_store):
    """Both begin here, and renew while other tests run."""
    with contextlib.ExitStack() as stack:
        both = []
        for vtoken in (on_server[1], on_store):
            watcher = Watcher(vtoken, make(vtoken, f"-period={PERIOD}s")["client_token"])
            stack.callback(watcher.kill)
            both.append(watcher)
        yield both


@pytest.fixture(params=["server", "store"])
def vtoken(request, on_server, on_store, watchers):
    return on_server[1] if request.param == "server" else on_store


def test_at_the_maximum_the_command_is_run(vtoken):
    auth = make(vtoken, "-ttl=2s", "-explicit-max-ttl=4s")
    out = pathlib.Path(vtoken.home) / "ended"
    script = f'echo "$VTOKEN_END $VTOKEN_ACCESSOR ${{VAULT_TOKEN+there}}" > {out}; echo noise'
    done = vtoken.run("renew", "-watch", f"-on-end={script}", VAULT_TOKEN=auth["client_token"])
    assert done.status == 3, done
    assert done.out == ""
    assert "maximum time to live" in done.err and "noise" in done.err
    assert auth["client_token"] not in done.err
    assert out.read_text() == f"maximum {auth['accessor']} there\n"


def test_a_token_that_is_revoked_meanwhile_ends_it(vtoken):
    auth = make(vtoken, f"-period={PERIOD}s")
    watcher = Watcher(vtoken, auth["client_token"], "-on-end=echo over: $VTOKEN_END")
    try:
        watcher.next()
        vtoken.ok("revoke", "-accessor", auth["accessor"])
        assert watcher.child.wait(60) == 2
        assert watcher.events()[-1]["reason"] == "refused"
        assert "over: refused" in watcher.said()
    finally:
        watcher.kill()


def test_by_accessor_and_from_a_file(vtoken):
    auth = make(vtoken, f"-period={PERIOD}s")
    (pathlib.Path(vtoken.home) / "token").write_text(auth["client_token"] + "\n")
    root = {} if "VAULT_TOKEN" not in vtoken.environment else {"VAULT_TOKEN": vtoken.environment["VAULT_TOKEN"]}
    for arguments in (["-accessor", auth["accessor"]], ["@token"]):
        with vtoken.started("renew", "-watch", *arguments, **root) as watch:
            def said(watch=watch):
                return pathlib.Path(f"/proc/self/fd/{watch.err.fileno()}").read_text()
            wait_until(lambda: said().count("Renewed") >= 2 or not watch.running(), "two renewals")
            assert watch.running(), said()
            watch.child.send_signal(signal.SIGINT)
            assert watch.finish().status == -signal.SIGINT


def test_systemd_is_told(on_store, watchers):
    auth = make(on_store, f"-period={PERIOD}s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        path = pathlib.Path(on_store.home) / "notify"
        systemd.bind(str(path))
        systemd.settimeout(60)
        watcher = Watcher(on_store, auth["client_token"], NOTIFY_SOCKET=str(path), WATCHDOG_USEC="300000")
        try:
            assert systemd.recv(4096).decode().startswith("READY=1\nSTATUS=Renewed")
            messages = [systemd.recv(4096).decode() for _ in range(12)]
            assert messages.count("WATCHDOG=1") > 3
            assert any(each.startswith("STATUS=Renewed") for each in messages)
            assert watcher.end() == 0  # a clean stop
            while not (last := systemd.recv(4096).decode()).startswith("STOPPING=1"):
                assert last == "WATCHDOG=1" or last.startswith("STATUS=")
            assert watcher.events()[-1]["reason"] == "stopped"
        finally:
            watcher.kill()


def hold_the_lock(path, seconds):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def restart_in_time(server, vtoken, watcher):
    """Restarts the server. A machine that is too slow for what a token of two seconds bears gets another token."""
    for _ in range(4):
        watcher.next()
        began = time.monotonic()
        server.restart()
        took = time.monotonic() - began
        time.sleep(PERIOD + 1)  # what was alive before has ended by now unless it was renewed since
        if watcher.runs():
            return watcher
        assert took > PERIOD / 2, (took, watcher.events(), watcher.said())
        watcher.kill()
        watcher = Watcher(vtoken, make(vtoken, f"-period={PERIOD}s")["client_token"])
    raise AssertionError("the server never came back in time")


def test_twenty_renewals_through_a_restart(on_server, on_store, watchers):
    in_server, in_store = watchers
    server, vtoken = on_server
    home = pathlib.Path(on_store.home)

    in_server = restart_in_time(server, vtoken, in_server)
    restarted_after = len(in_server.events("renewed"))

    in_store.next()
    hold_the_lock(home / "s.db", 0.6)
    in_store.next()
    (home / "s.db.key").rename(home / "away")
    in_store.next("failed")
    (home / "away").rename(home / "s.db.key")
    in_store.next()
    # Restored is the token as it was when it was renewed the last time.
    on_store.ok("store", "backup", "copy.db")
    on_store.ok("store", "restore", "copy.db")
    in_store.next()

    for watcher in (in_server, in_store):
        wait_until(lambda watcher=watcher: len(watcher.events("renewed")) >= RENEWALS or not watcher.runs(), "renewals")
        assert watcher.runs(), watcher.said()
        assert all(each["growth"] == "extended" for each in watcher.events("renewed"))
        assert not watcher.events("last")
    assert len(in_server.events("renewed")) > restarted_after
    assert in_server.end(signal.SIGTERM) == -signal.SIGTERM
    assert in_store.end(signal.SIGINT) == -signal.SIGINT
    assert in_server.said() == "" and in_store.said() == ""
    assert in_server.events()[-1]["event"] == "ended"
