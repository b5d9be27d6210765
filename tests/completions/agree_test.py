"""The parser, -help, the manual and the completions name the same commands and flags."""
import json
import re
import subprocess

import pytest

import scd
from shells import COMPLETIONS, ROOT, VTOKEN

EVERYWHERE = {"help": ""}  # every command takes it; it is in the completions, and in no list of flags

DESCRIBED = json.loads(subprocess.run([VTOKEN, "__describe"], capture_output=True, check=True).stdout)["commands"]
NAMES = [command["name"] for command in DESCRIBED]


def run(*arguments):
    done = subprocess.run([VTOKEN, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          env={"HOME": "/nonexistent"}, timeout=60)
    return done.returncode, done.stdout, done.stderr


def described(command, hidden=False):
    """{flag: what stands for its value}, aliases too."""
    found = {}
    for flag in command["flags"]:
        if hidden or not flag["hidden"]:
            found |= {name: flag["value"] for name in (flag["name"], flag["alias"]) if name}
    return found


def helped(text):
    """The same from the list of flags in a help."""
    found = {}
    for line in re.findall(r"^  (-[a-z].*)$", text, re.MULTILINE):
        value = line.partition("=")[2]
        found |= {name: value for name in re.findall(r"-([a-z][a-z-]*)", line.partition("=")[0])}
    return found


def bash_tables(names):
    script = f". '{COMPLETIONS}/vtoken.bash'; _vtoken_names; printf '%s\\n' \"${{names[@]}}\"; for each; do echo; " \
        "_vtoken_command \"$each\"; echo $arguments $further; printf '%s\\n' $flags; done"
    return ["bash", "-c", script, "bash", *names]


def zsh_tables(names):
    code = (COMPLETIONS / "_vtoken").read_text()
    assert code.endswith('\n_vtoken "$@"\n')
    code = code[:-len('_vtoken "$@"\n')]
    script = code + "\n_vtoken_names; print -rl -- ${names%%\\|*}; for each; do print; _vtoken_command $each; " \
        "print $arguments $further; print -rl -- ${flags%%\\|*}; done"
    return ["zsh", "-f", "-c", script, "zsh", *names]


def fish_tables(names):
    script = f"source '{COMPLETIONS}/vtoken.fish'; __vtoken_names | string replace -r '\\|.*' ''; for each in $argv; echo; " \
        "set table (__vtoken_command $each); echo $table[1..2]; string replace -r '\\|.*' '' $table[3..]; end"
    return ["fish", "--no-config", "-c", script, *names]


def tables(make):
    """(names of commands, {command: (kinds of its arguments, {flag: kind of its value, "" for none})}) of a shell's file."""
    names = ["", *NAMES]
    text = subprocess.run(make(names), capture_output=True, text=True, check=True).stdout
    blocks = text.rstrip("\n").split("\n\n")
    assert len(blocks) == len(names) + 1
    commands = {}
    for name, block in zip(names, blocks[1:]):
        kinds, *flags = block.split("\n")
        assert len(flags) == len(set(flags)), name
        commands[name] = tuple(kinds.split()), {flag.partition("=")[0]: flag.partition("=")[2] for flag in flags}
    return blocks[0].split("\n"), commands


def kind(flag):
    if flag["kind"] == "boolean":
        return ""
    return "choice:" + ",".join(flag["choices"]) if flag["values"] == "choice" else flag["values"]


def test_something_is_compared():
    assert len(NAMES) > 30 and len(described(DESCRIBED[0])) > 30


@pytest.mark.parametrize("command", DESCRIBED, ids=NAMES)
def test_parser(command):
    """The parser takes all of them, and none but them."""
    flags = described(command, hidden=True)
    words = [f"-{name}" if value == "" else f"-{name}=1" for name, value in flags.items()]
    status, out, err = run(*command["name"].split(), *words, "-help")
    assert (status, err) == (0, "") and out == command["help"]
    wrong = f"-{next(iter(flags), 'flag')}x"
    status, _, err = run(*command["name"].split(), wrong, "-help")
    assert status != 0 and f"flag provided but not defined: {wrong}" in err


@pytest.mark.parametrize("command", DESCRIBED, ids=NAMES)
def test_help(command):
    assert helped(command["help"]) == described(command)


def test_help_lists_the_commands():
    text = run("-help")[1]
    assert re.findall(r"^  ([a-z]+(?: [a-z]+)*)  ", text, re.MULTILINE) == NAMES


@pytest.mark.parametrize("command", DESCRIBED, ids=NAMES)
def test_manual(command):
    page = scd.page_of(command["name"])
    assert page.exists(), f"no {page.relative_to(ROOT)}"
    assert {name: value for name, value in scd.flags(page).items() if name != "help"} == described(command)


def test_manual_has_no_page_of_a_command_that_there_is_not():
    groups = {name.rsplit(" ", count)[0] for name in NAMES for count in range(1, name.count(" ") + 1)}
    known = {scd.page_of(name).name for name in {*NAMES, *groups}}
    assert {page.name for page in scd.pages() if page.name.endswith(".1.scd")} - {"vtoken.1.scd"} <= known


@pytest.mark.parametrize("make", [bash_tables, zsh_tables, fish_tables])
def test_completions(make):
    names, commands = tables(make)
    assert names == NAMES
    for command in DESCRIBED:
        kinds, flags = commands[command["name"]]
        assert kinds == (command["arguments"], command["further"])
        wanted = {name: kind(flag) for flag in command["flags"] if not flag["hidden"]
                  for name in (flag["name"], flag["alias"]) if name}
        assert flags == EVERYWHERE | wanted, command["name"]
    # Before a command stand flags that many have in common.
    assert {"store", "address", "namespace", "format", "q", "help"} <= set(commands[""][1])


def test_tables_are_the_scripts_own():
    done = subprocess.run([ROOT / "scripts/completions", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
