"""What leaked is found and revoked: on real servers and on a store. And scans of what git knows."""
import os
import shlex
import subprocess

import pytest

import command
from servers import DevServer


class NewerServer(DevServer):
    """With the tokens of production servers (hvs.CAESI…); in development the default is the older kind (s.…)."""

    def _listeners(self):
        return "disable_ssct_tokens = false\n"


@pytest.fixture(scope="module")
def newer(folder):
    running = NewerServer(folder / "newer")
    yield running
    running.stop()


@pytest.fixture(params=["older tokens", "newer tokens", "store"])
def place(request, home):
    """vtoken with a back end: as root there."""
    if request.param == "store":
        store = command.vtoken(home, None, None, VTOKEN_STORE=str(home / "store.db"))
        store.ok("store", "init")
        return store
    server = request.getfixturevalue("server" if request.param == "older tokens" else "newer")
    return command.vtoken(home, server.http)


def shell(place, line, cwd=None):
    """A line of shell in which `vtoken` is ours."""
    script = f"vtoken() {{ {shlex.quote(str(command.VTOKEN))} \"$@\"; }}\n{line}"
    done = subprocess.run(["bash", "-c", script], env=place.environment, cwd=cwd or place.home, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)
    return command.Run(done)


def make(place, *flags):
    return place.field("token", "create", "-policy=default", "-ttl=1h", *flags).strip()


def alive(place, token):
    return place.run("lookup", token).status == 0


def leak(home, tokens):
    """The first in a log, the second in JSON within a line, the third in a folder's settings, others in a URL."""
    logs = home / "logs"
    (logs / "old").mkdir(parents=True)
    first, second, third, *others = tokens
    (logs / "app.log").write_text(f"starting\nlogin ok, token={first} ttl=3600\n{first}\n")
    (logs / "audit.json").write_text('{"auth":{"client_token":"%s","policies":["default"]}}\n' % second)
    (logs / "old" / ".env").write_text(f"export VAULT_TOKEN='{third}'\r\n")
    (logs / "old" / "access.log").write_text("".join(f'GET /?token=%22{token}%22 200\n' for token in others))
    return logs


def test_what_leaked_is_revoked_and_nothing_else(place, home):
    leaked, kept = [make(place) for _ in range(4)], [make(place) for _ in range(3)]
    leak(home, leaked)
    (home / "other.log").write_text(f"token={kept[0]}\n")  # not in the folder that is cleaned up
    found = place.run("scan", "-reveal", "-format=token", "logs")
    assert found.status == 1 and sorted(found.out.split()) == sorted(leaked), found
    done = shell(place, "vtoken scan -reveal -format=token logs/ | vtoken revoke -")
    assert done.status == 0, done
    assert [alive(place, token) for token in leaked] == [False] * 4
    assert [alive(place, token) for token in kept] == [True] * 3


def test_what_a_scan_prints_gives_no_token_away(place, home):
    leaked = [make(place) for _ in range(4)]
    leak(home, leaked)
    for form in ("text", "json", "ndjson", "sarif"):
        done = place.run("scan", f"-format={form}", "logs")
        assert done.status == 1 and not any(token[4:20] in done.out + done.err for token in leaked), form
    assert place.run("scan", "-format=token", "logs").status == 2
    assert all(alive(place, token) for token in leaked)


def test_batch_tokens_are_found_though_they_cannot_be_revoked(place, home):
    service, batch = make(place), make(place, "-type=batch")
    (home / "mixed.log").write_text(f"{batch},\n token: {service}\n")
    assert place.run("scan", "-q", "-reveal", "-format=token", "mixed.log").out.split() == [batch, service]
    done = shell(place, "vtoken scan -reveal -format=token mixed.log | vtoken revoke -")
    assert done.status == 2 and "batch tokens cannot be revoked" in done.out + done.err, done
    assert batch not in done.out + done.err
    assert not alive(place, service)


def test_a_token_of_a_namespace_is_found_with_its_namespace(server, home):
    server.ask("POST", "sys/namespaces/leaky", {})
    there = command.vtoken(home, server.http, VAULT_NAMESPACE="leaky")
    token = make(there)
    (home / "app.log").write_text(f"VAULT_TOKEN={token}.\n")
    assert there.run("scan", "-q", "-reveal", "-format=token", "app.log").out == token + "\n"
    assert shell(there, "vtoken scan -reveal -format=token app.log | vtoken revoke -").status == 0
    assert not alive(there, token)


class Repository:
    """A git repository in a home folder."""

    def __init__(self, place):
        self.place, self.folder = place, place.home / "repository"
        self.folder.mkdir()
        author = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                  for what, value in (("NAME", "Someone"), ("EMAIL", "someone@example.com"))}
        place.environment.update(author, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull)
        self.sh("git init -q -b main .")

    def run(self, line):
        return shell(self.place, line, self.folder)

    def sh(self, line):
        done = self.run(line)
        assert done.status == 0, (line, done)
        return done

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.sh("git add -A")


@pytest.fixture
def repository(server, home):
    made = Repository(command.vtoken(home, server.http))
    made.write("README.md", "# An example\n")
    made.sh("git commit -q -m begin")
    return made


def places(done):
    """path:line:column of each line of text."""
    return [line.split(": ", 1)[0] for line in done.out.splitlines()]


def test_what_is_about_to_be_committed(repository):
    token = make(repository.place)
    repository.write("src/a file.py", f"import os\n\nTOKEN = '{token}'  # token\n")
    done = repository.run("git diff --cached | vtoken scan")
    assert done.status == 1 and places(done) == ["src/a file.py:3:10"], done
    repository.sh("git commit -q -m leak")
    assert repository.run("git diff --cached | vtoken scan").status == 0
    repository.write("src/a file.py", "import os\n")
    assert repository.run("git diff --cached | vtoken scan").status == 0  # taking it out is no leak
    repository.sh("git commit -q -m clean")
    assert repository.run("vtoken scan .").status == 0
    history = repository.run("git log -p --all | vtoken scan -reveal -format=token")
    assert history.status == 1 and history.out == token + "\n"
    assert repository.run("git log -p --all -1 | vtoken scan").status == 0


@pytest.mark.parametrize("form", ["-U0", "--no-prefix", "--color=always", "--src-prefix=i/ --dst-prefix=w/"])
def test_diffs_of_any_form(repository, form):
    token = make(repository.place)
    repository.write("große/a file.env", f"A=1\nB=2\nVAULT_TOKEN={token}\n")
    for quoted in ("true", "false"):
        done = repository.run(f"git -c core.quotePath={quoted} diff --cached {form} | vtoken scan -q")
        assert done.status == 1 and places(done) == ["große/a file.env:3:13"], done


def test_patches(repository):
    """Diffs with something before them are told by themselves, too."""
    token, gone = make(repository.place), make(repository.place)
    repository.write("a.env", f"VAULT_TOKEN={gone}\n")
    repository.sh("git commit -q -m old")
    repository.write("a.env", f"#\nVAULT_TOKEN={token}\n")
    repository.sh("git commit -q -m new")
    for form in ("git show", "git show -m --format=raw", "git show --stat -p", "git format-patch --stdout -1", "git log -p -1"):
        for flag in ("", "-diff"):
            done = repository.run(f"{form} | vtoken scan -q {flag}")
            assert done.status == 1 and places(done) == ["a.env:2:13"], (form, done)
    plain = repository.run("git show | vtoken scan -q -reveal -format=token -diff=false")
    assert sorted(plain.out.split()) == sorted([token, gone])


def test_ignored_files_are_left_out_unless_asked_for(repository):
    token = make(repository.place)
    repository.write(".gitignore", "*.log\n!kept.log\n")
    for name in ("app.log", "kept.log"):
        repository.write(name, f"token={token}\n")
    assert places(repository.run("vtoken scan -q .")) == ["./kept.log:1:7"]
    assert len(places(repository.run("vtoken scan -q -no-ignore ."))) == 2
    assert places(repository.run("vtoken scan -q app.log")) == ["app.log:1:7"]


def test_what_a_merge_adds(repository):
    """A merge's diff has two columns of signs."""
    token, other = make(repository.place), make(repository.place)
    repository.sh("git checkout -q -b side")
    repository.write("README.md", "# An example\nside\n")
    repository.sh("git commit -q -m side && git checkout -q main")
    repository.write("README.md", f"# An example\nVAULT_TOKEN={other}\n")
    repository.sh("git commit -q -m main")
    repository.run("git merge -q side")
    repository.write("README.md", f"# An example\nVAULT_TOKEN={token}\nside\n")
    repository.sh("git commit -q -m merge")
    for form in ("git show", "git show --cc", "git show -c", "git show -m -1"):
        done = repository.run(f"{form} | vtoken scan -q -reveal -format=ndjson")
        assert done.status == 1 and token in done.out, (form, done)
        assert [(row["path"], row["line"], row["column"]) for row in done.documents if row["token"] == token][0] == ("README.md", 2, 13), form


def test_a_token_in_a_message(repository):
    token = make(repository.place)
    repository.sh(f"git commit -q --allow-empty -m 'revoke VAULT_TOKEN={token}'")
    done = repository.run("git log -p | vtoken scan -q -reveal -format=token")
    assert done.status == 1 and done.out == token + "\n"


@pytest.mark.parametrize("hook", ["git diff --cached | vtoken scan",
                                  "git diff --cached --name-only -z --diff-filter=ACMR | xargs -0 vtoken-of-the-test scan"])
def test_a_hook_keeps_tokens_out_of_commits(repository, hook):
    folder = repository.place.home / "bin"
    folder.mkdir()
    (folder / "vtoken-of-the-test").symlink_to(command.VTOKEN)
    repository.place.environment["PATH"] = f"{folder}:{repository.place.environment['PATH']}"
    script = repository.folder / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/bash\nset -o pipefail\n{hook.replace('| vtoken ', '| vtoken-of-the-test ')}\n")
    script.chmod(0o755)
    token = make(repository.place)
    repository.write("settings.yaml", f"a: b\ntoken: {token}\n")
    refused = repository.run("git commit -m leak")
    assert refused.status == 1 and "settings.yaml:2:8: " in refused.out + refused.err, refused
    assert token not in refused.out + refused.err
    repository.write("settings.yaml", "a: b\ntoken: ${VAULT_TOKEN}\n")
    repository.sh("git commit -q -m clean")


def test_what_is_known_is_not_told_again(repository):
    known, new = make(repository.place), make(repository.place)
    repository.write("old.env", f"VAULT_TOKEN={known}\n")
    for form in ("json", "ndjson", "sarif"):
        assert repository.run(f"vtoken scan -format={form} . >../known.{form}").status == 1
        assert repository.run(f"vtoken scan -baseline=../known.{form} .").status == 0
        assert known not in (repository.place.home / f"known.{form}").read_text()
    repository.write("new.env", f"VAULT_TOKEN={new}\nSPARE_TOKEN={known}\n")
    done = repository.run("git diff --cached | vtoken scan -q -baseline=../known.json")
    assert done.status == 1 and places(done) == ["new.env:1:13"], done
