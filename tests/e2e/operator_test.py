"""A day's work under policies, on a real server: the script that the store passes, word for word."""
import os
import pathlib
import subprocess
import sys

import command
from servers import ROOT

SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "cli"


def test_an_operators_day(server):
    environment = {**os.environ, "VTOKEN": str(command.VTOKEN), "VTOKEN_TEST_ADDR": server.http, "VTOKEN_TEST_TOKEN": ROOT}
    done = subprocess.run([sys.executable, SCRIPTS / "run.py", SCRIPTS / "operator.txt"], env=environment, timeout=300,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
