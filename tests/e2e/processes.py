"""Servers as child processes: they never outlive the tests, however those end."""
import ctypes
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def die_with_parent():
    """Runs in the child: the kernel kills it when the thread that started it ends, so when the tests are killed too."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A program that runs until stop(), with its output in a file."""

    def __init__(self, command, log, environment):
        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                          env=environment, preexec_fn=die_with_parent)

    def running(self):
        return self.child.poll() is None

    def stop(self, how=signal.SIGKILL):
        if self.running():
            self.child.send_signal(how)
        self.child.wait()


def wait_until(done, what, seconds=60):
    """Polls until `done` gives something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = done()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s: {what}")
