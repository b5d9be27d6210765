"""The sessions with a server that README.md and the pages of docs/ show, as they stand there."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


README = ROOT / "README.md"
# What is for a server, and what is for both: ```sh blocks, which tests/docs runs on a store.
PAGES = {"operators.md": ("shell",), "scripts.md": ("sh",)}


def blocks_of(page, kinds=("shell",)):
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [block for kind, block in blocks if kind in kinds and "VTOKEN_STORE" not in block]


def run(vtoken, folder, page, kinds=("shell",), shell=("bash", "-euo", "pipefail")):
    os.symlink(vtoken.program, folder / "vtoken")
    environment = {**vtoken.environment, "PATH": f"{folder}:/usr/bin:/bin"}
    done = subprocess.run([*shell, "-c", "\n".join(blocks_of(page, kinds))], env=environment, cwd=folder, capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page(vtoken, tmp_path, page):
    run(vtoken, tmp_path, ROOT / "docs" / page, PAGES[page])


def test_beside_hvac(vtoken, tmp_path):
    out = run(vtoken, tmp_path, ROOT / "docs" / "scripts.md", ("python",), (sys.executable,))
    assert re.search(r"^Type +batch$", out, re.MULTILINE)
    assert "Success! Revoked token (if it existed)" in out


def test_the_readme(vtoken, tmp_path):
    """It has a session, and that does what it says."""
    out = run(vtoken, tmp_path, README)
    assert "Success! Revoked token (if it existed)" in out
    assert re.search(r"^auth/token/create +deny$", out, re.MULTILINE)
