"""Colours: on a terminal, for what is no data, unless somebody does not want them."""
import os
import pathlib
import pty
import subprocess
import tempfile

import pytest

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
RED, YELLOW, PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[0m"


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([VTOKEN, "store", "init", "-store=s.db"], cwd=folder, env={}, stdout=subprocess.DEVNULL, check=True)
        yield folder


def shown(home, *words, program=VTOKEN, out=False, **environment):
    """What a terminal gets: of standard error, and with `out` of standard output, too."""
    ours, theirs = pty.openpty()
    settings = {"HOME": home, "TERM": "xterm", "VAULT_ADDR": f"file://{home}/s.db", "PATH": "/usr/bin:/bin", **environment}
    process = subprocess.Popen([program, *words], cwd=home, env=settings, stdin=subprocess.DEVNULL, stderr=theirs,
                               stdout=theirs if out else subprocess.DEVNULL)
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            piece = b""
        if not piece:
            break
        text += piece
    os.close(ours)
    process.wait(60)
    return text.decode().replace("\r\n", "\n")


def test_errors_are_red_and_warnings_yellow(home):
    failed = shown(home, "lookup", "none")
    assert failed.startswith(f"{RED}Error looking up token: ") and failed.count(RED) == failed.count(PLAIN) == 1
    warned = shown(home, "create", "-policy=a,b")
    assert warned.startswith(f"{YELLOW}Warning: ") and RED not in warned


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"VAULT_CLI_NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}], ids=str)
def test_nobody_is_forced(home, variables):
    for words in (("lookup", "none"), ("create", "-policy=a,b")):
        text = shown(home, *words, **variables)
        assert text and "\x1b" not in text, text


def test_an_empty_variable_says_nothing(home):
    assert RED in shown(home, "lookup", "none", NO_COLOR="")


def test_data_is_plain(home):
    for words in (("lookup",), ("lookup", "-format=json"), ("policy", "list"), ("create", "-format=env"), ("inspect", "none"),
                  ("accessors", "list", "-detailed"), ("lookup", "-help")):
        text = shown(home, *words, out=True)
        assert text and "\x1b" not in text, text


def test_the_real_names_are_as_they_were(home):
    link = pathlib.Path(home, "vault")
    link.symlink_to(VTOKEN)
    text = shown(home, "token", "lookup", "none", program=link)
    assert text.startswith("Error looking up token: ") and "\x1b" not in text, text


def test_no_terminal_no_colours(home):
    done = subprocess.run([VTOKEN, "lookup", "none", "-store=s.db"], cwd=home, env={"TERM": "xterm"}, capture_output=True, check=False)
    assert done.returncode == 2 and b"\x1b" not in done.stderr
