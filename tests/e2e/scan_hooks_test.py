"""The hook of .pre-commit-hooks.yaml under the real pre-commit, and what docs/scanning-in-ci.md gives, word for word."""
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOKEN = "hvs.CAESIAngtZrivI4rm_apucYy9Nrikx7J_fHWzfPtcXy-P5NpGh4KHGh2cy5LckRmU2s4UXQ3R2ZrY05uVjViSDFnMDM"
CONFIG = """repos:
  - repo: {hooks}
    rev: {commit}
    hooks:
      - id: vtoken-scan
        args: [{arguments}]
"""


class Repository:
    def __init__(self, path, environment):
        self.path, self.environment = path, environment
        path.mkdir()
        self.git("init", "-q", "-b", "main")

    def run(self, *words):
        return subprocess.run(words, cwd=self.path, env=self.environment, capture_output=True, text=True, timeout=120,
                              check=False)

    def git(self, *words):
        done = self.run("git", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")
        self.git("add", "--", name)

    def commit(self, message="change"):
        done = self.run("git", "commit", "-q", "-m", message)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def environment(tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    os.symlink(os.environ["VTOKEN"], programs / "vtoken")
    tools = pathlib.Path(sys.executable).parent  # pre-commit's
    who = {f"GIT_{role}_{what}": "t@example.invalid" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {"PATH": f"{programs}:{tools}:/usr/bin:/bin", "HOME": str(tmp_path), "PRE_COMMIT_HOME": str(tmp_path / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", **who}


@pytest.fixture
def hooks(tmp_path, environment):
    """A repository with the hook as a project that uses it sees it: address and commit."""
    repository = Repository(tmp_path / "hooks", environment)
    repository.write(".pre-commit-hooks.yaml", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert repository.commit()[0] == 0
    return repository.path, repository.git("rev-parse", "HEAD").strip()


def project(tmp_path, environment, hooks, arguments="--"):
    repository = Repository(tmp_path / "project", environment)
    repository.write(".pre-commit-config.yaml", CONFIG.format(hooks=hooks[0], commit=hooks[1], arguments=arguments))
    done = repository.run("pre-commit", "install", "--hook-type=pre-commit", "--hook-type=commit-msg")
    assert done.returncode == 0, done.stdout + done.stderr
    return repository


def test_a_commit_with_a_token_is_refused(tmp_path, environment, hooks):
    repository = project(tmp_path, environment, hooks)
    repository.write("notes.txt", "nothing\n")
    repository.write("-odd name", "nothing\n")
    status, told = repository.commit()
    assert status == 0, told
    repository.write("app.env", f"VAULT_TOKEN={TOKEN}\n")
    status, told = repository.commit()
    assert status == 1
    assert "app.env:1:13: SSC service token hvs.****" in told
    assert TOKEN not in told
    # What is staged counts, not what lies beside it.
    repository.git("reset", "-q", "app.env")
    repository.write("notes.txt", "more\n")
    status, told = repository.commit(f"the token is {TOKEN}")
    assert status == 1, told
    assert "COMMIT_EDITMSG:1:14: " in told


def test_known_tokens_pass(tmp_path, environment, hooks):
    repository = project(tmp_path, environment, hooks, "-baseline=known.json, --")
    repository.write("test.env", f"VAULT_TOKEN={TOKEN}\n")
    known = repository.run("vtoken", "scan", "-format=json", "test.env")
    assert known.returncode == 1
    repository.write("known.json", known.stdout)
    status, told = repository.commit()
    assert status == 0, told


def test_without_the_program_it_says_so(tmp_path, environment, hooks):
    repository = project(tmp_path, environment, hooks)
    os.unlink(tmp_path / "bin" / "vtoken")
    status, told = repository.commit()
    assert status == 1
    assert "`vtoken` not found" in told


def of_the_page(language, mark):
    """The page's block in that language that has a mark in it."""
    page = (ROOT / "docs" / "scanning-in-ci.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (block,) = [each for each in blocks if mark in each]
    return block


def install(path, script):
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def test_the_hook_for_git_alone(tmp_path, environment):
    repository = Repository(tmp_path / "project", environment)
    install(repository.path / ".git" / "hooks" / "pre-commit", of_the_page("sh", "--cached"))
    repository.write("notes.txt", "nothing\n")
    status, told = repository.commit()
    assert status == 0, told
    repository.git("config", "diff.noprefix", "true")
    repository.write("app.env", f"a\nVAULT_TOKEN={TOKEN}\n")
    status, told = repository.commit()
    assert status == 1
    assert "app.env:2:13: SSC service token" in told
    # It was there before: taking it away is welcome.
    repository.git("commit", "-q", "--no-verify", "-m", "leak")
    repository.write("app.env", "a\n")
    status, told = repository.commit()
    assert status == 0, told
    os.unlink(tmp_path / "bin" / "vtoken")
    repository.write("notes.txt", "more\n")
    status, told = repository.commit()
    assert status != 0, told


def test_the_hook_of_a_server(tmp_path, environment):
    server = Repository(tmp_path / "server", environment)
    server.git("init", "-q", "--bare", "here.git")
    install(server.path / "here.git" / "hooks" / "pre-receive", of_the_page("sh", "read -r _ new"))
    repository = Repository(tmp_path / "project", environment)
    repository.git("remote", "add", "origin", str(server.path / "here.git"))

    def push(*words):
        done = repository.run("git", "push", "-q", "origin", *words)
        return done.returncode, done.stderr

    repository.write("a.txt", "nothing\n")
    repository.commit()
    assert push("main") == (0, "")
    repository.write("a.txt", f"VAULT_TOKEN={TOKEN}\n")
    repository.commit()
    repository.write("a.txt", "gone again\n")
    repository.commit()
    status, told = push("main:new")
    assert status != 0
    assert "a.txt:1:13: SSC service token" in told
    # Behind what it has there is nothing new to look at, and a branch can go.
    assert push("main~2:refs/heads/old") == (0, "")
    assert push("--delete", "old") == (0, "")


def test_findings_for_a_merge_request(tmp_path, environment):
    folder = Repository(tmp_path / "project", environment)
    folder.write("a.env", f"VAULT_TOKEN={TOKEN}\nVAULT_TOKEN={TOKEN}\n")
    (folder.path / "code-quality.jq").write_text(of_the_page("jq", "check_name"), encoding="utf-8")
    done = folder.run("sh", "-c", "vtoken scan -q -format=json . | jq -f code-quality.jq")
    found = json.loads(done.stdout)
    assert [each["location"] for each in found] == [{"path": "a.env", "lines": {"begin": n}} for n in (1, 2)]
    assert len({each["fingerprint"] for each in found}) == 2
    assert {each["severity"] for each in found} == {"critical"}
