"""On a terminal: the question, a progress bar that leaves nothing behind; none of that in a pipe."""
import os
import pty
import re
import select
import subprocess
import time

import pytest

from scripted import Scripted
from sweeps import SLOWER, Done, Sweeper
from vault import Vault


class Terminal:
    """A sweep whose standard input and error (and output, unless told otherwise) are a terminal of 100 columns."""

    def __init__(self, sweeper, *flags, **more):
        self.ours, theirs = pty.openpty()
        subprocess.run(["stty", "cols", "100", "rows", "30"], stdin=theirs, check=True)
        self.process = sweeper.start(*flags, **({"stdin": theirs, "stdout": theirs, "stderr": theirs} | more))
        os.close(theirs)
        self.text = ""

    def read_until(self, pattern, seconds=20):
        """Waits for what the terminal shows. None: for the end."""
        end = time.monotonic() + seconds * SLOWER
        while pattern is None or not re.search(pattern, self.text):
            ready, _, _ = select.select([self.ours], [], [], max(0, end - time.monotonic()))
            try:
                piece = os.read(self.ours, 65536) if ready else None
            except OSError:  # the other side is closed
                piece = b""
            assert piece is not None, f"not shown: {pattern}\n{self.text}"
            if not piece:
                assert pattern is None, f"not shown: {pattern}\n{self.text}"
                break
            self.text += piece.decode()

    def type(self, text):
        os.write(self.ours, text.encode())

    def finish(self):
        self.read_until(None)
        out = self.process.stdout.read() if self.process.stdout else ""
        status = self.process.wait(20)
        os.close(self.ours)
        return Done(status, out, self.text)


def seen(text):
    """What is left on the screen: a terminal in few words."""
    lines, at = [[]], 0
    for code, letter in re.findall(r"(\x1b\[[0-9;?]*[A-Za-z])|([\s\S])", text):
        if code.endswith("K"):
            del lines[-1][0 if code.endswith("2K") else at:]
        elif letter == "\r":
            at = 0
        elif letter == "\n":
            lines.append([])
            at = 0
        elif letter:
            lines[-1] += " " * (at + 1 - len(lines[-1]))
            lines[-1][at] = letter
            at += 1
    return "\n".join("".join(line).rstrip() for line in lines)


@pytest.fixture
def vault():
    made = Vault()
    made.crowd(90)
    return made


@pytest.fixture
def terminal(vault, home):
    with Scripted(vault, latency=0.01) as server:
        yield lambda *flags, **more: Terminal(Sweeper(home, server.address, TERM="xterm"), *flags, "-concurrency=4", **more)


QUESTION = r"Revoke these 30 tokens\? \[y/N\]"


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n", "x\n", "yess\n", "\x04"])
def test_no(terminal, vault, answer):
    screen = terminal("-policy=app")
    screen.read_until(QUESTION)
    screen.type(answer)
    done = screen.finish()
    assert done.status == 1 and not vault.revocations, done


@pytest.mark.parametrize("answer", ["y\n", "yes\n", "Y\n"])
def test_yes(terminal, vault, answer):
    screen = terminal("-policy=app")
    screen.read_until(QUESTION)
    assert "http://127.0.0.1" in screen.text and "app" in screen.text and "auth/userpass/login/user1" in screen.text
    screen.type(answer)
    done = screen.finish()
    assert done.status == 0 and not vault.with_policy(), done


def test_ctrl_c_at_the_question(terminal, vault):
    screen = terminal("-policy=app")
    screen.read_until(QUESTION)
    screen.type("\x03")
    screen.process.send_signal(2)  # the terminal is not the process's own: nobody else sends it
    done = screen.finish()
    assert done.status in (1, 2, -2, 130) and not vault.revocations, done


def test_a_bar_that_leaves_nothing(terminal, vault):
    vault.crowd(150)
    screen = terminal("-policy=app", "-yes", stdout=subprocess.PIPE)
    done = screen.finish()
    assert done.status == 0, done
    assert re.search(r"\r(?!\n)", done.err) and "%" in done.err
    assert "%" not in seen(done.err) and "/s" not in seen(done.err), seen(done.err)
    assert "\x1b" not in done.out and "\r" not in done.out
    # The cursor is shown when it was hidden.
    assert done.err.count("\x1b[?25l") == done.err.count("\x1b[?25h")


def test_a_bar_that_is_interrupted(terminal, vault):
    vault.crowd(600)
    screen = terminal("-policy=app", "-yes", stdout=subprocess.PIPE)
    screen.read_until("%")
    time.sleep(0.5)
    screen.process.send_signal(2)
    done = screen.finish()
    assert done.status == 2, done
    assert "%" not in seen(done.err) and done.err.count("\x1b[?25l") == done.err.count("\x1b[?25h")


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_a_plain_terminal(vault, home, variables):
    with Scripted(vault) as server:
        done = Terminal(Sweeper(home, server.address, **variables), "-policy=app", "-yes").finish()
    assert done.status == 0, done
    if "TERM" in variables:
        assert "\x1b" not in done.err


def test_nothing_of_it_in_a_pipe(vault, home):
    with Scripted(vault, latency=0.01) as server:
        done = Sweeper(home, server.address).run("-policy=app", "-yes", "-concurrency=4")
    assert done.status == 0, done
    assert "\x1b" not in done.err + done.out and "\r" not in done.err + done.out


def test_quiet_asks_and_says_no_more(terminal, vault):
    screen = terminal("-policy=app", "-q")
    screen.read_until(r"\[y/N\]")
    screen.type("n\n")
    assert screen.finish().status == 1 and not vault.revocations


def test_questions_are_for_terminals(vault, home):
    """A "y" in a pipe is no answer of a person."""
    with Scripted(vault) as server:
        done = Sweeper(home, server.address).run("-policy=app", stdin="y\n")
    assert done.status == 1 and "-yes" in done.err and not vault.revocations, done
