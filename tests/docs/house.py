"""A store of its own for one block of a document, and the programs `vault` and `vtoken` on it."""
import json
import os
import pathlib
import re
import subprocess


class House:
    """A temporary folder with a store, its root token beside it, and `vault`, a symbolic link to the program."""

    def __init__(self, folder, program):
        self.folder = pathlib.Path(folder)
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("vault", "vtoken"):
            (programs / name).symlink_to(program)
        self.store = self.folder / "store.db"
        self.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(self.folder),
                            "VAULT_ADDR": f"file://{self.store}", "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.vtoken("store", "init")
        self.root = (self.folder / "store.db.token").read_text().strip()
        # The documents let tokens make tokens, and say nothing of the policy that this needs.
        default = self.json("read", "sys/policies/acl/default")["data"]["policy"]
        (self.folder / "default.hcl").write_text(
            default + 'path "auth/token/create" { capabilities = ["create", "update"] }\n')
        self.vtoken("policy", "write", "default", str(self.folder / "default.hcl"))

    def _run(self, command, token, script=None):
        environment = dict(self.environment)
        if token:
            environment["VAULT_TOKEN"] = token
        return subprocess.run(command, env=environment, cwd=self.folder, input=script, capture_output=True, text=True,
                              timeout=120, check=False)

    def shell(self, block, token=None):
        """Runs a block as a script of its own, as it stands."""
        path = self.folder / "block.sh"
        path.write_text(block)
        return self._run(["bash", str(path)], token)

    def attempt(self, *arguments, token=None):
        return self._run(["vtoken", *arguments], token)

    def vtoken(self, *arguments, token=None):
        done = self.attempt(*arguments, token=token)
        assert done.returncode == 0, f"vtoken {arguments[:2]}: exit {done.returncode}: {done.stderr}"
        return done.stdout

    def json(self, *arguments, token=None):
        return json.loads(self.vtoken(*arguments, "-format=json", token=token))

    def create(self, *flags, token=None):
        """Makes a token and returns it with its accessor."""
        auth = self.json("create", *flags, token=token)["auth"]
        return auth["client_token"], auth["accessor"]

    def lookup(self, token):
        return self.json("lookup", token)["data"]

    def dead(self, token):
        """Whether the store no longer knows a token that it once made."""
        done = self.attempt("lookup", token=token)
        assert done.returncode in (0, 2), done.stderr
        assert done.returncode == 0 or "permission denied" in done.stderr or "bad token" in done.stderr, done.stderr
        return done.returncode == 2

    def accessors(self):
        return set(self.json("accessors", "list"))


def table_tokens(text):
    """The values of `token` in printed tables."""
    return re.findall(r"^token +(\S+)$", text, re.MULTILINE)
