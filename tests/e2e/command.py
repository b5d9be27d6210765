"""Runs vtoken, by any of its names, and the real `bao`."""
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile

from processes import die_with_parent
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


class Started:
    """A program that runs."""

    def __init__(self, child, out, err):
        self.child, self.out, self.err = child, out, err

    def running(self):
        return self.child.poll() is None

    def finish(self, timeout=120):
        """Waits until it has ended, and returns a Run."""
        self.child.wait(timeout)
        for file in (self.out, self.err):
            file.seek(0)
        return Run(subprocess.CompletedProcess([], self.child.returncode, self.out.read(), self.err.read()))


class Command:
    """A program in a home folder of its own, with an environment that holds nothing else than what it is given."""

    def __init__(self, program, home, **environment):
        self.program, self.home = program, home
        self.environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", **environment}

    def _merged(self, environment):
        return {k: v for k, v in {**self.environment, **environment}.items() if v is not None}

    def run(self, *arguments, stdin=None, timeout=120, **environment):
        """Runs it, and returns a Run. `environment` is added; a variable that is None is taken away."""
        return Run(subprocess.run([self.program, *map(str, arguments)], input=stdin, stdin=None if stdin else subprocess.DEVNULL,
                                  capture_output=True, text=True, env=self._merged(environment), cwd=self.home, timeout=timeout,
                                  check=False))

    @contextlib.contextmanager
    def started(self, *arguments, **environment):
        """Runs it meanwhile; it is killed at the end, unless it has ended by itself."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = subprocess.Popen([self.program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                     env=self._merged(environment), cwd=self.home, preexec_fn=die_with_parent)
            try:
                yield Started(child, out, err)
            finally:
                child.kill()
                child.wait()

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
