"""`run` on a real server and on a store: the token of the command is gone when the command is, however that ends."""
import concurrent.futures
import json
import os
import pathlib
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import time

import pytest

import command
from processes import free_port, wait_until
from servers import DevServer


class Place:
    """Where tokens are: how vtoken asks there, and whether a token is alive, as root sees it."""

    def __init__(self, name, vtoken):
        self.name, self.vtoken = name, vtoken

    def lookup(self, token):
        done = self.vtoken.run("lookup", "-q", "-format=json", token)
        return done.json["data"] if done.status == 0 else None

    def alive(self, token):
        return self.lookup(token) is not None


@pytest.fixture
def store(home):
    made = command.Command(command.VTOKEN, home, VTOKEN_STORE=str(home / "store.db"))
    made.ok("store", "init")
    return Place("store", made)


@pytest.fixture
def remote(vtoken):
    return Place("server", vtoken)


@pytest.fixture(params=["store", "remote"])
def place(request):
    return request.getfixturevalue(request.param)


# A command that says which token it has, and waits.
TELL = "printf '%s\\n' \"$VAULT_TOKEN\" > token.new && mv token.new token; "


class Running:
    """`run` with a command that tells its token first. `script` is for sh."""

    def __init__(self, place, script, *flags, **environment):
        self.place, self.home = place, pathlib.Path(place.vtoken.home) / f"run-{time.monotonic_ns()}"
        self.home.mkdir()
        self.err = open(self.home / "err", "w+", encoding="utf-8")
        self.child = subprocess.Popen([command.VTOKEN, "run", "-policy=default", *flags, "--", "sh", "-c", TELL + script],
                                      cwd=self.home, env={**place.vtoken.environment, **environment},
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.err)

    @property
    def token(self):
        path = self.home / "token"
        wait_until(path.exists, "the command's token")
        return path.read_text().strip()

    def finish(self, seconds=60):
        status = self.child.wait(seconds)
        self.err.seek(0)
        return status, self.err.read()


def gone_after(place, script, *flags, **environment):
    """Runs to the end: the status and what is said. The token was alive in between, and is not any more."""
    running = Running(place, "touch ready; while [ ! -e go ]; do sleep 0.02; done; " + script, *flags, **environment)
    token = running.token
    wait_until((running.home / "ready").exists, "the command")
    assert place.alive(token)
    (running.home / "go").touch()
    status, said = running.finish()
    assert not place.alive(token), said
    assert token not in said
    return status, said


@pytest.mark.parametrize("script, status", [("exit 0", 0), ("exit 3", 3), ("exit 200", 200), ("kill -KILL $$", 137), ("kill -SEGV $$", 139)])
def test_the_status_is_the_commands(place, script, status):
    assert gone_after(place, script) == (status, "")


def test_a_command_that_forks_leaves_its_children_without_the_token(place):
    status, said = gone_after(place, "sleep 30 & echo $! > grandchild; exit 5")
    assert (status, said) == (5, "")
    for file in pathlib.Path(place.vtoken.home).glob("run-*/grandchild"):
        os.kill(int(file.read_text()), signal.SIGKILL)  # it was alive


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_both(place, number):
    running = Running(place, "exec sleep 60")
    token = running.token
    running.child.send_signal(number)
    assert running.finish() == (128 + number, "")
    assert not place.alive(token)


def test_a_command_that_ignores_sigterm(place):
    running = Running(place, "trap '' TERM; touch ready; while [ ! -e go ]; do sleep 0.02; done; exit 4")
    wait_until((running.home / "ready").exists, "the command")
    running.child.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert running.child.poll() is None and place.alive(running.token)
    (running.home / "go").touch()
    assert running.finish() == (4, "")
    assert not place.alive(running.token)


def test_a_command_that_ignores_sigterm_is_killed_when_asked(place):
    running = Running(place, "trap '' TERM; touch ready; while :; do sleep 0.05; done", "-kill-after=300ms")
    wait_until((running.home / "ready").exists, "the command")
    running.child.send_signal(signal.SIGTERM)
    assert running.finish() == (137, "")
    assert not place.alive(running.token)


# Notes each signal, also those that come in quick succession, which Python's own handlers take for one.
RECORDER = """
import os, select, signal
reading, writing = os.pipe2(os.O_NONBLOCK)
signal.set_wakeup_fd(writing)
for number in NUMBERS: signal.signal(number, lambda *_: None)
open("ready", "w").close()
while not os.path.exists("go"):
    if select.select([reading], [], [], 0.01)[0]:
        with open("signals", "a") as file: file.writelines(f"{number}\\n" for number in os.read(reading, 100))
"""


def test_signals_are_passed_on_once_each(store):
    numbers = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
               signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP, signal.SIGRTMIN + 3]
    recorder = pathlib.Path(store.vtoken.home) / "recorder.py"
    recorder.write_text(f"NUMBERS = {[int(number) for number in numbers]}\n" + RECORDER)
    running = Running(store, f"exec {sys.executable} {recorder}")
    wait_until((running.home / "ready").exists, "the command")
    noted = running.home / "signals"
    for count, number in enumerate(numbers, 1):
        running.child.send_signal(number)
        wait_until(lambda: noted.exists() and len(noted.read_text().split()) >= count, number)
    (running.home / "go").touch()
    assert running.finish() == (0, "")
    assert noted.read_text().split() == [str(int(number)) for number in numbers]


def outlives_renewals(place):
    running = Running(place, "sleep 5; touch late; sleep 1", "-ttl=3s")
    token = running.token
    wait_until((running.home / "late").exists, "the command")
    assert place.alive(token)
    assert running.finish() == (0, "")
    assert not place.alive(token)


def killed_for_good_the_token_ends_by_itself(place):
    running = Running(place, "exec sleep 9", "-ttl=3s", "-sink=sink")
    token = running.token
    running.child.kill()
    running.child.wait()
    assert place.alive(token)
    wait_until(lambda: not place.alive(token), "the token's end", 10)


def a_maximum_is_told(place):
    running = Running(place, "sleep 3", "-ttl=2s", "-explicit-max-ttl=2s")
    token = running.token
    status, said = running.finish()
    assert status == 0 and "maximum time to live" in said, said
    assert not place.alive(token)


def the_caller_does_what_the_token_may_not(place):
    """Without the policy "default" it may neither renew nor revoke itself, with few uses it should not."""
    place.vtoken.ok("policy", "write", "little", "-", stdin='path "secret/*" { capabilities = ["read"] }')

    def run(flags):
        done = place.vtoken.run("run", "-ttl=3s", *flags, "--", "sh", "-c", "echo $VAULT_TOKEN; sleep 4")
        assert (done.status, done.err) == (0, ""), (flags, done)
        assert not place.alive(done.out.strip())

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (["-policy=little", "-no-default-policy"], ["-policy=default", "-use-limit=1"])))


def test_what_takes_its_time(store, remote):
    """All of it, in both places, at once."""
    stories = (outlives_renewals, killed_for_good_the_token_ends_by_itself, a_maximum_is_told,
               the_caller_does_what_the_token_may_not)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        told = {(story.__name__, place.name): pool.submit(story, place) for story in stories for place in (store, remote)}
    assert {which: done.exception() for which, done in told.items() if done.exception()} == {}


def test_by_default_a_token_ends_soon(place):
    running = Running(place, "exec sleep 5")
    assert 200 < place.lookup(running.token)["ttl"] <= 300
    running.child.send_signal(signal.SIGTERM)
    running.finish()


def test_the_environment(place):
    script = "env > environment; tr '\\0' ' ' < /proc/$PPID/cmdline > parent"
    running = Running(place, script, BAO_TOKEN=place.vtoken.environment.get("VAULT_TOKEN", "x"), OTHER="kept") \
        if place.name == "server" else Running(place, script, OTHER="kept")
    token = running.token
    assert running.finish() == (0, "")
    seen = dict(line.split("=", 1) for line in (running.home / "environment").read_text().splitlines())
    assert seen["VAULT_TOKEN"] == token != place.vtoken.environment.get("VAULT_TOKEN")
    assert seen["OTHER"] == "kept" and "VTOKEN_STORE" not in seen
    if place.name == "server":
        assert seen["VAULT_ADDR"] == place.vtoken.environment["VAULT_ADDR"] and seen["BAO_TOKEN"] == token
    else:
        assert seen["VAULT_ADDR"] == "file://" + place.vtoken.environment["VTOKEN_STORE"]
    assert token not in (running.home / "parent").read_text()


def test_the_command_can_ask(place):
    words = [command.VTOKEN, "run", "-policy=default", "--", command.VTOKEN, "lookup", "-field=policies"]
    assert place.vtoken.ok(*words[1:]).out == "[default]"
    assert place.vtoken.ok("run", "--", *words).out == "[default]"  # a child's child


@pytest.mark.parametrize("end", ["exit 0", "kill -KILL $$"])
def test_a_sink(place, end):
    home = pathlib.Path(place.vtoken.home)
    (home / "sink").write_text("old\n")
    (home / "sink").chmod(0o644)
    running = Running(place, f"cp -p ../sink copy; {end}", f"-sink={home / 'sink'}")
    running.finish()
    copy = running.home / "copy"
    assert copy.read_text() == running.token and stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not (home / "sink").exists() and not list(home.glob("sink*"))


def test_a_sink_that_another_put_there_stays(store):
    running = Running(store, "echo another > other && mv other sink", "-sink=sink")
    assert running.finish() == (0, "")
    assert (running.home / "sink").read_text() == "another\n"


def test_a_sink_that_cannot_be(place):
    for path, word in (("/nowhere/sink", "/nowhere/sink"), ("/dev/null", "regular file")):
        before = place.vtoken.ok("accessors", "list", "-format=ndjson").out
        done = place.vtoken.run("run", "-policy=default", f"-sink={path}", "--", "sh", "-c", "touch ran")
        assert done.status == 125 and word in done.err, done
        assert not (pathlib.Path(place.vtoken.home) / "ran").exists()
        assert place.vtoken.ok("accessors", "list", "-format=ndjson").out == before  # the token is gone


def test_commands_that_cannot_be_run(place):
    home = pathlib.Path(place.vtoken.home)
    (home / "plain").write_text("echo ran \"$@\"\n")
    (home / "plain").chmod(0o755)
    before = place.vtoken.ok("accessors", "list", "-format=ndjson").out
    for words, status in ((["no-such-program"], 127), (["./no-such-program"], 127), (["/tmp"], 126), (["/etc/passwd"], 126),
                          (["/etc/passwd/x"], 127), ([""], 127)):
        done = place.vtoken.run("run", "-policy=default", "--", *words)
        assert done.status == status and done.out == "" and words[0] in done.err, (words, done)
    assert place.vtoken.ok("run", "-policy=default", "--", "./plain", "-x").out == "ran -x\n"  # the shell's
    assert place.vtoken.ok("accessors", "list", "-format=ndjson").out == before


def test_batch_tokens(place):
    refused = place.vtoken.run("run", "-type=batch", "-policy=default", "--", "true")
    assert refused.status == 125 and "-ttl" in refused.err
    running = Running(place, "exit 6", "-type=batch", "-ttl=2s")
    status, said = running.finish()
    assert status == 6 and "neither renewed nor revoked" in said
    assert place.alive(running.token)


def test_wrapping_is_refused(place):
    for arguments, environment in ((["-wrap-ttl=1m"], {}), ([], {"VAULT_WRAP_TTL": "60"})):
        done = place.vtoken.run("run", *arguments, "--", "echo", "ran", **environment)
        assert done.status == 125 and done.out == "" and "wrap" in done.err


@pytest.fixture
def own(folder):
    running = DevServer(folder / f"own-{time.monotonic_ns()}")
    yield running
    running.process.child.send_signal(signal.SIGCONT)
    running.stop()


def test_a_server_that_hangs_delays_no_signal(own, home):
    place = Place("server", command.vtoken(home, own.http))
    running = Running(place, "trap 'touch got; exit 7' TERM; touch ready; while :; do sleep 0.02; done", "-ttl=3s")
    wait_until((running.home / "ready").exists, "the command")
    accessor = place.lookup(running.token)["accessor"]
    own.process.child.send_signal(signal.SIGSTOP)
    time.sleep(2)  # a renewal is under way
    began = time.monotonic()
    running.child.send_signal(signal.SIGTERM)
    wait_until((running.home / "got").exists, "the signal")
    assert time.monotonic() - began < 1.5
    # No answer to the token's end, either: a second signal cuts that short.
    running.child.send_signal(signal.SIGINT)
    status, said = running.finish(20)
    assert status == 7 and "could not be revoked" in said and accessor in said and running.token not in said
    # A token that is not there yet.
    waiting = subprocess.Popen([command.VTOKEN, "run", "--", "touch", home / "ran"], env=place.vtoken.environment, cwd=home,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    waiting.send_signal(signal.SIGTERM)
    out, said = waiting.communicate(timeout=20)
    assert (waiting.returncode, out) == (143, "") and "may be made" in said and not (home / "ran").exists()


def test_a_server_that_comes_back_is_asked_again(own, home):
    place = Place("server", command.vtoken(home, own.http))
    running = Running(place, "touch ready; while [ ! -e go ]; do sleep 0.02; done; exit 9")
    token = running.token
    wait_until((running.home / "ready").exists, "the command")
    own.ask("PUT", "sys/seal")
    (running.home / "go").touch()
    time.sleep(1)
    assert running.child.poll() is None
    key = re.search(r"Unseal Key: (\S+)", (own.folder / "log").read_text())[1]
    own.ask("PUT", "sys/unseal", {"key": key})
    assert running.finish() == (9, "")
    assert not place.alive(token)


def test_nobody_to_ask(home):
    done = command.vtoken(home, f"http://127.0.0.1:{free_port()}", VAULT_MAX_RETRIES="0").run("run", "--", "echo", "ran")
    assert done.status == 125 and done.out == "" and "connection refused" in done.err


class Shell:
    """A shell on a terminal, with jobs."""

    def __init__(self, place):
        environment = {**place.vtoken.environment, "PS1": "$ ", "TERM": "dumb"}
        child, self.ours = pty.fork()
        if child == 0:
            os.chdir(place.vtoken.home)
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"], environment)
        self.child, self.text = child, ""

    def type(self, text):
        os.write(self.ours, text.encode())

    def until(self, wanted, seconds=30):
        """Waits for a text, and forgets what was before it."""
        end = time.monotonic() + seconds
        while wanted not in self.text:
            assert select.select([self.ours], [], [], max(0, end - time.monotonic()))[0], f"not shown: {wanted}\n{self.text}"
            self.text += os.read(self.ours, 65536).decode()
        before, self.text = self.text.split(wanted, 1)
        return before

    def close(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.ours)


@pytest.fixture
def shell(store):
    started = Shell(store)
    yield started
    started.close()


def test_keys_of_a_terminal(shell, store):
    recorder = pathlib.Path(store.vtoken.home) / "recorder.py"
    recorder.write_text(f"NUMBERS = [{int(signal.SIGINT)}]\n" + RECORDER)
    home = recorder.parent
    run = f"{command.VTOKEN} run -policy=default --"
    # The interrupt key is the command's, once each time.
    shell.type(f"{run} {sys.executable} recorder.py; echo status-$?\n")
    wait_until((home / "ready").exists, "the command")
    noted = home / "signals"
    for count in range(1, 9):
        shell.type("\x03")
        wait_until(lambda: noted.exists() and len(noted.read_text().split()) >= count, "the signal")
        time.sleep(0.03)
    time.sleep(0.2)
    (home / "go").touch()
    shell.until("status-0")
    assert noted.read_text().split() == ["2"] * 8
    # It stops and goes on with its command.
    shell.type(f"{run} sh -c 'echo $VAULT_TOKEN > token; read line; echo got-$line; exit 5'\n")
    wait_until(lambda: (home / "token").exists() and (home / "token").read_text().strip(), "the command")
    shell.type("\x1a")
    shell.until("Stopped")
    shell.type("echo in-$((1 + 1))\n")
    shell.until("in-2")
    shell.type("fg\n")
    shell.until("sh -c")
    shell.type("word\n")
    shell.until("got-word")
    shell.type("echo status-$?\n")
    shell.until("status-5")
    assert not store.alive((home / "token").read_text().strip())
    # A loop ends with the interrupt key, as the program is seen to end by it.
    shell.type(f"for i in 1 2 3; do echo turn-$i-; {run} sleep 60; done\n")
    shell.until("turn-1-")
    time.sleep(0.5)
    shell.type("\x03")
    shell.type("echo status-$?\n")
    assert "turn-2-" not in shell.until("status-130")


def test_a_command_in_the_background_that_reads_the_terminal_stops_with_us(shell):
    shell.type(f"{command.VTOKEN} run -policy=default -- cat &\n")
    shell.type("sleep 1; jobs\n")
    shell.until("Stopped")
    shell.type("fg\n")
    shell.type("line\n")
    shell.until("line")
    shell.type("\x04")
    shell.type("echo status-$?\n")
    shell.until("status-0")


def test_what_a_process_was_started_with_reaches_the_command(store):
    def run(prelude):
        show = "grep -E 'Sig(Blk|Ign)' /proc/self/status; ulimit -S -c"
        done = subprocess.run(["sh", "-c", f"{prelude} exec {command.VTOKEN} run -policy=default -- sh -c \"{show}\""],
                              env=store.vtoken.environment, cwd=store.vtoken.home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=True, restore_signals=True)
        direct = subprocess.run(["sh", "-c", f"{prelude} exec sh -c \"{show}\""], env=store.vtoken.environment,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
        # The C library ignores its own two signals in what it starts.
        theirs = [re.sub(r"(?<=SigIgn:\t)\S+", lambda found: f"{int(found[0], 16) & ~0x180000000:016x}", each.stdout)
                  for each in (done, direct)]
        assert theirs[0] == theirs[1]
    run("")
    run("trap '' HUP PIPE XFSZ USR1; ulimit -S -c 0;")


def test_many_at_once(store):
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: store.vtoken.run("run", "-policy=default", "--", "sh", "-c", "echo $VAULT_TOKEN"), range(12)))
    tokens = {each.out.strip() for each in done}
    assert len(tokens) == 12 and all(each.status == 0 and each.err == "" for each in done), done
    left = store.vtoken.ok("accessors", "list", "-format=json")
    assert len(json.loads(left.out)) == 1  # root's
