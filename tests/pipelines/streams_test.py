"""Every command in a pipeline: standard output holds data or nothing, and a reader that goes away ends it quietly.

Which commands and formats there are the program says itself (__describe): a new command needs a call here."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import pytest
import yaml

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
DESCRIBED = {each["name"]: each for each in
             json.loads(subprocess.run([VTOKEN, "__describe"], env={}, capture_output=True, check=True).stdout)["commands"]}

# A call that succeeds, and one that fails. In words {token} and the like are of the world below.
CALLS = {
    "create": (["-policy=none", "-metadata=a=b"], ["-role=none"]),
    "lookup": (["{token}", "{batch}"], ["none"]),
    "renew": (["{token}", "-increment=999h"], ["none"]),
    "revoke": (["{token}", "{other}"], ["{batch}"]),
    "capabilities": (["{token}", "auth/token/create", "sys/health"], ["none", "sys/health"]),
    "run": (["--", "echo", '["data"]'], ["-role=none", "--", "echo", "data"]),
    "inspect": (["{token}", "{batch}"], []),
    "scan": (["-reveal", "{tokens}"], ["none"]),
    "roles list": ([], ["-address=unix:///none"]),
    "roles read": (["ci"], ["none"]),
    "roles write": (["other", "allowed_policies=default", "surprising=1"], ["other", "token_type=none"]),
    "roles delete": (["ci"], ["a/b"]),
    "accessors list": (["-detailed"], ["-address=unix:///none"]),
    "accessors lookup": (["{accessor}"], ["none"]),
    "accessors revoke": (["-policy=default", "-yes"], ["-accessors-from=none", "-policy=default", "-yes"]),
    "list": (["auth/token/accessors"], ["auth/none"]),
    "read": (["auth/token/lookup-self"], ["auth/none"]),
    "write": (["auth/token/create", "policies=none"], ["auth/token/create/none", "ttl=1h"]),
    "delete": (["auth/token/roles/ci"], ["auth/none"]),
    "unwrap": (["{wrapped}"], ["none"]),
    "policy list": ([], ["-address=unix:///none"]),
    "policy read": (["default"], ["none"]),
    "policy write": (["app", "{rules}"], ["app", "none"]),
    "policy delete": (["app"], ["default"]),
    "policy fmt": (["{rules}"], ["none"]),
    "print token": ([], ["-token-file=none"]),
    "store init": (["-store=new.db"], []),
    "store status": ([], ["-store=none"]),
    "store verify": ([], ["-store=none"]),
    "store rotate": ([], ["-store=none"]),
    "store rekey": ([], ["-store=none"]),
    "store backup": (["copy.db"], ["s.db"]),
    "store restore": (["{backup}"], ["none"]),
    "store tidy": ([], ["-store=none"]),
    "store audit enable": (["-file=audit.log"], ["-store=none", "-file=audit.log"]),
    "store audit disable": ([], ["-store=none"]),
    "store audit status": ([], ["-store=none"]),
    "store audit hash": (["{accessor}"], ["@none"]),
}
AUDITED = ("store audit disable", "store audit hash")  # these need a store whose requests are noted
ANSWERED = {"scan": 1}  # the status of a call that succeeds, where that is not 0


class World:
    """A store with what the calls name, made once and copied for each call."""

    def __init__(self, folder):
        self.folder = folder
        self.names = {}
        self.vtoken("store", "init")
        self.names["token"] = self.vtoken("create", "-policy=default", "-ttl=2h", "-field=token")
        self.names["accessor"] = self.vtoken("lookup", "-field=accessor", self.names["token"])
        self.names["batch"] = self.vtoken("create", "-type=batch", "-policy=default", "-ttl=2h", "-field=token")
        self.names["wrapped"] = self.vtoken("create", "-policy=default", "-wrap-ttl=1h", "-field=wrapping_token")
        self.names["other"] = self.vtoken("create", "-policy=default", "-field=token")
        self.vtoken("roles", "write", "ci", "allowed_policies=default")
        self.vtoken("store", "backup", "backup.db")
        (folder / "tokens").write_text(f"{self.names['token']}\n{self.names['batch']}\n")
        (folder / "rules").write_text('path "a" { capabilities = ["read"] }\n')
        self.names.update({name: name for name in ("tokens", "rules")}, backup="backup.db")

    def vtoken(self, *words):
        return subprocess.run([VTOKEN, *words], cwd=self.folder, env=environment(self.folder), capture_output=True,
                              text=True, check=True).stdout

    def words(self, command, which):
        return command.split() + [word.format(**self.names) if "{" in word else word for word in CALLS[command][which]]


def environment(folder):
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin", "VTOKEN_STORE": "s.db", "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def world():
    with tempfile.TemporaryDirectory() as folder:
        yield World(pathlib.Path(folder))


@contextlib.contextmanager
def copied(world, words):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(world.folder, folder, dirs_exist_ok=True)
        if " ".join(words[:3]) in AUDITED:
            subprocess.run([VTOKEN, "store", "audit", "enable", "-file=audit.log"], cwd=folder, env=environment(folder),
                           stdout=subprocess.DEVNULL, check=True)
        yield folder


def run(world, words, **more):
    """The variable with which some calls fail leads nowhere."""
    with copied(world, words) as folder:
        variables = environment(folder)
        if "-address=unix:///none" in words:
            del variables["VTOKEN_STORE"]
        return subprocess.run([VTOKEN, *words], cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=60, **more)


def formats(command):
    flags = {flag["name"]: flag for flag in DESCRIBED[command]["flags"]}
    return flags["format"]["choices"] if "format" in flags else []


def parse(text, format):
    """Reads all of it, or fails."""
    if format in ("json", "sarif"):
        found, decoder = [], json.JSONDecoder()
        while text.strip():  # of several tokens there are several documents
            document, end = decoder.raw_decode(text.lstrip())
            found, text = [*found, document], text.lstrip()[end:]
        return found
    if format == "ndjson":
        return [json.loads(line) for line in text.splitlines()]
    if format == "yaml":
        return list(yaml.safe_load_all(text))
    if format == "env":
        return subprocess.run(["sh", "-n"], input=text, text=True, check=True)
    return None


def test_all_commands_are_called():
    assert set(CALLS) == set(DESCRIBED)


@pytest.mark.parametrize("command", CALLS)
def test_standard_output_is_data(world, command):
    for format in formats(command) or [None]:
        words = world.words(command, 0) + ([f"-format={format}"] if format else [])
        if format == "env" and command == "renew":
            words.remove("-increment=999h")
        done = run(world, words, stdout=subprocess.PIPE)
        assert done.returncode == ANSWERED.get(command, 0), (words, done)
        parse(done.stdout, format)
        assert "arning" not in done.stdout.replace('"warnings"', "") or format in ("json", "yaml", "ndjson"), (words, done)


@pytest.mark.parametrize("command", CALLS)
def test_a_failure_prints_nothing_there(world, command):
    words = world.words(command, 1)
    if words == command.split():
        pytest.skip("it cannot fail that way")
    for format in [each for each in formats(command) if each in ("table", "text", "json", "sarif")] or [None]:
        done = run(world, words + ([f"-format={format}"] if format else []), stdout=subprocess.PIPE)
        assert done.returncode not in (0, ANSWERED.get(command, 0)), (words, done)
        if format in ("json", "ndjson", "yaml", "sarif"):
            parse(done.stdout, format)  # such as a list of nothing
        else:
            assert done.stdout == "", (words, done)
        assert done.stderr != "", (words, done)
    done = run(world, command.split() + ["-no-such-flag"], stdout=subprocess.PIPE)
    assert done.stdout == "" and done.returncode in (1, 2, 125), done


@pytest.mark.parametrize("command", CALLS)
def test_a_reader_that_is_gone_ends_it_quietly(world, command):
    """Also when whoever started it ignores the signal, as Python does."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        words = world.words(command, 0)
        done = run(world, words, stdout=writing, restore_signals=False)
        usual = run(world, words, stdout=subprocess.DEVNULL)
    finally:
        os.close(writing)
    if command == "run":  # what is said is the child's
        return
    if command == "accessors revoke":  # a sweep goes on
        assert "all is there" in done.stderr and done.returncode == 2, done
        return
    assert done.returncode in (-signal.SIGPIPE, usual.returncode), (words, done)
    assert "ipe" not in done.stderr, (words, done)


@pytest.mark.parametrize("command", [name for name in CALLS if formats(name)])
def test_a_file_instead(world, command):
    """-output-file holds what a pipe would have got."""
    words = world.words(command, 0)
    with copied(world, words) as folder:
        done = subprocess.run([VTOKEN, *words, "-output-file=printed"], cwd=folder, env=environment(folder),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (ANSWERED.get(command, 0), ""), (words, done)
        printed = pathlib.Path(folder, "printed")
        assert printed.stat().st_mode & 0o777 == 0o600
        usual = run(world, words, stdout=subprocess.PIPE).stdout
        assert bool(printed.read_text()) == bool(usual), (words, done)
        assert not list(pathlib.Path(folder).glob("printed.*"))
