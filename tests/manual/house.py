"""A folder in which the manual's examples find what they name: a store with tokens, a role and policies, and files."""
import os
import pathlib
import shutil
import subprocess

POLICY = 'path "auth/token/create" {\n  capabilities = ["update"]\n}\n'
# Those that an example may name.
POLICIES = ("app", "ops", "worker", "ci-build")
# What stands for the commands that examples start with a token.
COMMAND = '#!/bin/sh\nexec vtoken lookup -field=policies\n'
SETTINGS = {"user.name": "a", "user.email": "a@b.c", "init.defaultBranch": "main"}


class House:
    """Made once, and copied for each example. `texts`: what stands for the examples' made-up tokens and accessors."""

    def __init__(self, folder, program):
        self.folder = pathlib.Path(folder)
        self.programs = self.folder.parent / "bin"
        self.programs.mkdir()
        for name in ("vtoken", "vault"):
            (self.programs / name).symlink_to(program)
        self.folder.mkdir()
        for name in (self.folder / "deploy.sh", self.programs / "app", self.programs / "make"):
            name.write_text(COMMAND, encoding="utf-8")
            name.chmod(0o700)
        self._run("store", "init")
        self._write("app.hcl", POLICY)
        for policy in POLICIES:
            self._run("policy", "write", policy, "app.hcl")
        for role in ("ci", "deploy"):
            self._run("roles", "write", role, "allowed_policies=app,ops", "orphan=true", "token_period=1h")
        self._write("role.json", '{"allowed_policies": ["app"], "orphan": true}\n')
        self._write("passphrase.txt", "correct horse battery staple\n")
        self._tokens()
        self._repository()
        self._run("store", "backup", "monday.db")

    def _tokens(self):
        tokens = [self._make("-policy=app", "-ttl=2h") for _ in range(2)] + [self._make("-policy=ci-build")]
        self._make("-role=deploy")
        wrapping = self._run("create", "-policy=app", "-wrap-ttl=1h", "-field=wrapping_token")
        accessors = [self._run("lookup", "-field=accessor", token) for token in tokens]
        for name in ("token.txt", "app.token"):
            self._write(name, tokens[0] + "\n")
        self._write("tokens.txt", "\n".join(tokens) + "\n")
        self._write("leaked.txt", "\n".join(accessors) + "\n")
        self._write("wrapped.txt", wrapping + "\n")
        for name in ("logs", "app"):
            (self.folder / name).mkdir()
        self._write("logs/app.log", f"2026-11-22 10:00:00 asked with {tokens[1]}\n")
        self.texts = {"hvs.CAESIJ…": wrapping, "hvs.CAESI…": tokens[0], "2Szvb6bbFGqnKREqDJCFZ7cq": accessors[0],
                      "8609694a-cdbc-db9b-d345-e782dbb562ed": accessors[0]}

    def _repository(self):
        work = self.folder / "logs"
        git = ["git"] + [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "logs"]):
            subprocess.run(git + command, cwd=work, env={"PATH": os.environ["PATH"], "HOME": str(self.folder)}, check=True)
        (work / ".git").rename(self.folder / ".git")

    def _write(self, name, text):
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")

    def _make(self, *flags):
        return self._run("create", "-q", "-field=token", *flags)

    def _run(self, *arguments):
        done = subprocess.run([self.programs / "vtoken", *arguments], cwd=self.folder, env=self.environment(self.folder),
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"vtoken {arguments}: {done.stderr}"
        return done.stdout.strip()

    def environment(self, folder):
        """For a program that runs in a copy of the house."""
        passed = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        return passed | {"PATH": f"{self.programs}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                         "TERM": "dumb", "VTOKEN_STORE": f"{folder}/store.db"}

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
