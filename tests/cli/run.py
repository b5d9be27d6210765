#!/usr/bin/env python3
"""Runs scripts of command lines and compares everything they print.

usage: VTOKEN=build/vtoken run.py SCRIPT.txt...

A script is lines; the first characters say what a line is:

  # text          a comment
  env NAME=VALUE  sets a variable for all that follows; `env NAME` unsets it
  serve NAME      starts an HTTP server whose URL is {NAME} from here on; `serve NAME CERT KEY` one with TLS, which asks
                  for a certificate, too; see server.py for what it answers and notes
  backend NAME    makes a new store, whose address is {NAME} from here on, and sets VAULT_ADDR and VAULT_TOKEN for it (root);
                  or takes the server that VTOKEN_TEST_ADDR and VTOKEN_TEST_TOKEN name instead, as tests/e2e does
  $ command       run by sh, in a fresh folder, with vtoken, vault and bao (all the same program) on the PATH
  < text          a line of the command's standard input
  > text          a line expected on standard output
  ! text          a line expected on standard error
  ? status        the exit status expected; 0 unless given

What is not expected must not appear: a command without ">" and "!" lines is silent. In expected lines

  {*}             is any text, and {*} alone on a line any number of lines
  {NAME:regex}    is text that the regular expression matches; {NAME} is that text in all that follows
  {NAME}          in commands, inputs and expected lines: the text
  {WORK}          the folder the commands run in

Each line ends in a newline unless it ends in "{no newline}"; a ">" or "!" alone is an empty line.
"""
import contextlib
import os
import re
import subprocess
import sys
import tempfile

import server

PLACE = re.compile(r"\{(\*|no newline|[A-Z_]+(?::(?:[^{}]|\{[0-9,]+\})+)?)\}")


class Serve:
    def __init__(self, words):
        self.name, self.files = words[0], words[1:]


class BackEnd:
    def __init__(self, name):
        self.name = name

    def settings(self, program, work):
        """The variables that commands need to ask it, as root."""
        if "VTOKEN_TEST_ADDR" in os.environ:
            return {"VAULT_ADDR": os.environ["VTOKEN_TEST_ADDR"], "VAULT_TOKEN": os.environ["VTOKEN_TEST_TOKEN"]}
        path = os.path.join(work, f"{self.name}.db")
        subprocess.run([program, "store", "init", f"-store={path}"], env={}, stdout=subprocess.DEVNULL, check=True)
        with open(f"{path}.token") as token:
            return {"VAULT_ADDR": f"file://{path}", "VAULT_TOKEN": token.read().strip()}


class Step:
    def __init__(self, number, command):
        self.number, self.command = number, command
        self.stdin, self.out, self.err, self.status = [], [], [], 0


def read_script(path):
    """Settings (a pair), servers, back ends and steps in order."""
    items = []
    with open(path) as script:
        for number, line in enumerate(script, 1):
            line = line.rstrip("\n")
            kind, rest = line[:2], line[2:]  # "!" alone is an empty line
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("env "):
                name, equals, value = line[4:].partition("=")
                items.append((name, value if equals else None))
            elif line.startswith("serve "):
                items.append(Serve(line.split()[1:]))
            elif line.startswith("backend "):
                items.append(BackEnd(line.split()[1]))
            elif kind == "$ ":
                items.append(Step(number, rest))
            elif items and isinstance(items[-1], Step) and line[:1] in "<>!?":
                step = items[-1]
                if line[0] == "?":
                    step.status = int(rest)
                else:
                    {"<": step.stdin, ">": step.out, "!": step.err}[line[0]].append(rest)
            else:
                sys.exit(f"{path}:{number}: not a line of a script: {line!r}")
    return items


def fill(text, known):
    return PLACE.sub(lambda m: known.get(m.group(1), m.group(0)), text)


def pattern_of(lines, known):
    """One regular expression for a whole stream."""
    parts, names = [], []
    for line in lines:
        if line == "{*}":
            parts.append(r"(?:.*\n)*?")
            continue
        out, at, newline = "", 0, r"\n"
        line = fill(line, known)
        for m in PLACE.finditer(line):
            out += re.escape(line[at:m.start()])
            name, _, regex = m.group(1).partition(":")
            if name == "*":
                out += "[^\n]*"
            elif name == "no newline":
                newline = ""
            elif name in names:
                out += f"(?P={name})"
            elif regex:
                out += f"(?P<{name}>{regex})"
                names.append(name)
            else:
                raise ValueError(f"nothing is known as {{{name}}}")
            at = m.end()
        parts.append(out + re.escape(line[at:]) + newline)
    return re.compile("".join(parts)), names


def run_script(path, program):
    known, failures = {}, 0
    with contextlib.ExitStack() as running, tempfile.TemporaryDirectory() as work:
        work = os.path.realpath(work)
        known["WORK"] = work
        tools = os.path.join(work, ".bin")
        os.makedirs(tools)
        os.makedirs(os.path.join(work, "home"))
        for name in ("vtoken", "vault", "bao"):
            os.symlink(program, os.path.join(tools, name))
        environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": os.path.join(work, "home"), "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        for item in read_script(path):
            if isinstance(item, Serve):
                known[item.name] = running.enter_context(server.running(work, item.name, *item.files))
                continue
            if isinstance(item, BackEnd):
                environment.update(item.settings(program, work))
                known[item.name] = environment["VAULT_ADDR"]
                continue
            if not isinstance(item, Step):
                environment.pop(item[0], None)
                if item[1] is not None:
                    environment[item[0]] = fill(item[1], known)
                continue
            failures += run_step(path, item, known, work, environment)
    return failures


def run_step(path, step, known, work, environment):
    stdin = "".join(fill(line, known) + "\n" for line in step.stdin)
    done = subprocess.run(["sh", "-c", fill(step.command, known)], cwd=work, env=environment, input=stdin.encode(),
                          capture_output=True, timeout=120, check=False)
    wrong = []
    if done.returncode != step.status:
        wrong.append(f"status {done.returncode}, expected {step.status}")
    for what, got, lines in (("output", done.stdout, step.out), ("errors", done.stderr, step.err)):
        text = got.decode("utf-8", "replace")
        pattern, names = pattern_of(lines, known)
        found = pattern.fullmatch(text)
        if found is None:
            expected = "".join(f"    {line}\n" for line in lines) or "    nothing\n"
            shown = "".join(f"    {line}\n" for line in text.splitlines()) or "    nothing\n"
            wrong.append(f"{what} expected\n{expected}  but got\n{shown}")
        else:
            known.update({name: found.group(name) for name in names})
    if wrong:
        print(f"{path}:{step.number}: $ {step.command}\n  " + "\n  ".join(wrong))
    return 1 if wrong else 0


def main():
    program = os.path.abspath(os.environ.get("VTOKEN", "build/vtoken"))
    failures = sum(run_script(path, program) for path in sys.argv[1:])
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
