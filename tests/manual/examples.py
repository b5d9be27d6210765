#!/usr/bin/env python3
"""Runs the examples of the help texts, also of those under the name `vault`, and of the manual's pages, as a person
would: each in a folder where what it names is there, on a terminal, questions answered. What needs a server is printed
by -output-curl-string instead.

usage: examples.py [TEXT]    only those that hold TEXT; then also what they print

The program is named by the environment's VTOKEN. The last line is "N examples, M failed".
"""
import concurrent.futures
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

import scd
from house import House

PROGRAM = os.path.abspath(os.environ["VTOKEN"])
SECONDS = 60
ANSWERS = [(r"\[y/N\] $", "y\n"), (r"(?:New passphrase|The same again).*: ?$", "correct horse\n"),
           (r"[#$] $", "vtoken lookup; exit\n"), (r"Renewed.*\n$", "\x03")]

# Where an example leads to a server: it prints what it would send.
SERVER = """
unset VTOKEN_STORE
export VAULT_ADDR=http://127.0.0.1:9 VAULT_TOKEN=hvs.x
vtoken() { command vtoken "$@" -output-curl-string; }
vault() { command vault "$@" -output-curl-string; }
curl() { printf '%s\\n' "$*"; }
export() { :; }
"""
# The commands that `vault` has, and what leads it to the store.
REAL = [*(f"token {name}" for name in "create lookup renew revoke capabilities".split()),
        *(f"policy {name}" for name in "list read write delete fmt".split()),
        "list", "read", "write", "delete", "unwrap", "print token"]
AS_VAULT = "export VAULT_ADDR=file://$PWD/store.db; unset VTOKEN_STORE"
# `before` is run first; `statuses` are those that an example of that kind may end with; `says` is in what it prints.
Kind = namedtuple("Kind", "mark before statuses says", defaults=("", (0,), ""))
KINDS = [
    Kind("vtoken store init", before="unset VTOKEN_STORE"),
    Kind("vtoken scan", statuses=(0, 1)),
    Kind('grep "$(vtoken store audit', before='vtoken store audit enable -q -file="$PWD/audit.log"; vtoken lookup @token.txt; :'),
    Kind("store audit disable", before='vtoken store audit enable -file="$PWD/audit.log"'),
    Kind("store audit status", before='vtoken store audit enable -file="$PWD/audit.log"'),
    Kind("store backup", before="rm monday.db"),
    Kind("vtoken renew\n", before="export VAULT_TOKEN=$(< token.txt)"),
    Kind("-watch", before="trap : INT", statuses=(0, 130), says="Renewed"),
    Kind("-store=tokens.db", before="for end in '' .key .token; do cp store.db$end tokens.db$end; done"),
    Kind("-resume", before="vtoken create -q -policy=app > made"),
    Kind("version=1", before=SERVER, says="version=1"),
    Kind("sys/raw/core", before=SERVER, statuses=(0, 1)),
    Kind("vault.example.org", before=SERVER, says="auth/token/create"),
    Kind('"$VAULT_ADDR/v1', before=SERVER, says="sys/health"),
    Kind("-address=https://vault", before=SERVER, statuses=(0, 2)),
]


def sessions(text, indent):
    """The commands of the examples in a text: lists of commands that stand below each other."""
    found, last = [], False
    for line in text.splitlines():
        if line.startswith(f"{indent}$ "):
            command = line[len(indent) + 2:]
            found[-1].append(command) if last else found.append([command])
            last = True
        elif last and line.startswith(f"{indent} ") and line.strip():
            found[-1][-1] += "\n" + line.strip()
        else:
            last = False
    return found


def vault_sessions(folder):
    """(where it stands, commands) of the help under the name `vault`."""
    (folder / "vault").symlink_to(PROGRAM)
    for name in REAL:
        text = subprocess.run([folder / "vault", *name.split(), "-help"], check=True, capture_output=True, text=True,
                              timeout=60).stdout
        for each in sessions(text, " " * 6):
            yield f"help of vault {name}", each


def all_sessions():
    """(where it stands, commands), each once."""
    described = subprocess.run([PROGRAM, "__describe"], check=True, capture_output=True, timeout=60).stdout
    found, without = {}, []
    for command in json.loads(described)["commands"]:
        here = sessions(command["help"], " " * 6)
        if not here:
            without.append(f"{command['name']}: its help has no example")
        for each in here:
            found.setdefault("\n".join(each), (f"help of {command['name']}", each))
    for page in scd.pages():
        for literal in scd.literals(page):
            for each in sessions(literal.replace("\\\\", "\\"), ""):
                found.setdefault("\n".join(each), (page.name, each))
    return list(found.values()), without


def script_of(commands, house):
    """The commands as one script, which says which of them ended with what status."""
    whole = "\n".join(commands)
    as_vault = re.search(r"\bvault ", whole) is not None
    ours = re.sub(r"\bvault (?:token )?", "vtoken ", whole) + "\n"
    kinds = [kind for kind in KINDS if kind.mark in ours]
    allowed = sorted({status for kind in kinds for status in kind.statuses} | {0})
    lines = ["set -o pipefail", AS_VAULT if as_vault else ""] + [kind.before for kind in kinds]
    for number, command in enumerate(commands, 1):
        for made_up, real in house.texts.items():
            command = command.replace(made_up, real)
        for folder in ("/run/", "/var/log/vtoken/"):
            command = command.replace(folder, "$PWD/")
        lines += [command, f'ended=$?; [[ " {" ".join(map(str, allowed))} " == *" $ended "* ]] || '
                           f'{{ echo "command {number} ended with status $ended"; exit 1; }}']
    return "\n".join(lines) + "\n", [kind.says for kind in kinds if kind.says]


def on_terminal(command, folder, environment):
    """(exit status, what was shown), with questions answered."""
    child, ours = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, environment)
    shown, answered, end = "", 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        ready, _, _ = select.select([ours], [], [], 1)
        try:
            piece = os.read(ours, 65536) if ready else None
        except OSError:  # the other side is closed
            break
        if piece == b"":
            break
        shown += (piece or b"").decode("utf-8", "replace")
        for pattern, answer in ANSWERS:
            if re.search(pattern, shown[answered:]):
                answered = len(shown)
                os.write(ours, answer.encode())
    else:
        os.kill(child, 9)
        shown += f"\nnot done after {SECONDS} s"
    _, status = os.waitpid(child, 0)
    os.close(ours)
    return os.waitstatus_to_exitcode(status), shown.replace("\r\n", "\n")


def run(house, folder, where, commands):
    """Nothing, or what went wrong, and what was shown."""
    house.copy(folder)
    script, says = script_of(commands, house)
    path = folder / "example.sh"
    path.write_text(script, encoding="utf-8")
    status, shown = on_terminal(["bash", str(path)], folder, house.environment(folder))
    lacking = [text for text in says if text not in shown]
    title = f"{where}: {commands[0]}"
    if status == 0 and not lacking:
        return None, f"{title}\n{shown}"
    missing = "".join(f"\nit does not say {text}" for text in lacking)
    return f"{title}\nstatus {status}{missing}\n{shown}", ""


def main():
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    examples, failures = all_sessions()
    with tempfile.TemporaryDirectory() as text, concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(text)
        examples += vault_sessions(folder)
        examples = [each for each in examples if chosen in "\n".join(each[1])]
        house = House(folder / "house", PROGRAM)
        jobs = [pool.submit(run, house, folder / str(number), *each) for number, each in enumerate(examples)]
        for job in jobs:
            failure, shown = job.result()
            failures += [failure] if failure else []
            print(shown if chosen else "", end="")
    print("".join(f"{failure}\n" for failure in failures), end="")
    print(f"{len(examples)} examples, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
