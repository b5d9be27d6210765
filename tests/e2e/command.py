"""Runs vtoken, by any of its names, and the real `bao`."""
import json
import os
import pathlib
import subprocess

from servers import PROGRAM, ROOT

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()


class Run:
    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"status {self.status}\n{self.out}{self.err}"

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def documents(self):
        """Several JSON documents, one after the other."""
        found, at, decoder = [], 0, json.JSONDecoder()
        while at < len(self.out.rstrip()):
            document, at = decoder.raw_decode(self.out, at)
            found.append(document)
            at += len(self.out[at:]) - len(self.out[at:].lstrip())
        return found


class Command:
    """A program in a home folder of its own, with an environment that holds nothing else than what it is given."""

    def __init__(self, program, home, **environment):
        self.program, self.home = program, home
        self.environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", **environment}

    def run(self, *arguments, stdin=None, timeout=120, **environment):
        """Runs it, and returns a Run. `environment` is added; a variable that is None is taken away."""
        merged = {k: v for k, v in {**self.environment, **environment}.items() if v is not None}
        return Run(subprocess.run([self.program, *map(str, arguments)], input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                                  capture_output=True, text=True, env=merged, cwd=self.home, timeout=timeout, check=False))

    def ok(self, *arguments, **more):
        """Runs it; a status other than 0 ends the test."""
        done = self.run(*arguments, **more)
        assert done.status == 0, (arguments, done)
        return done

    def field(self, name, *arguments, **more):
        """The bare value of a field: `arguments` begin with the subcommand's words."""
        return self.ok(*arguments, f"-field={name}", **more).out

    def with_environment(self, **environment):
        return Command(self.program, self.home, **{**self.environment, **environment})

    def named(self, name):
        """The same program, started under another name."""
        link = pathlib.Path(self.home) / "bin" / name
        link.parent.mkdir(exist_ok=True)
        if not link.exists():
            link.symlink_to(VTOKEN)
        return Command(link, self.home, **self.environment)


def vtoken(home, address=None, token=ROOT, **environment):
    settings = {"VAULT_ADDR": address, "VAULT_TOKEN": token}
    return Command(VTOKEN, home, **{k: v for k, v in {**settings, **environment}.items() if v is not None})


def real_bao(home, address, token=ROOT, **environment):
    return Command(PROGRAM, home, BAO_ADDR=address, BAO_TOKEN=token, **environment)
