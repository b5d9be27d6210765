"""The sessions with a server that README.md and the pages of docs/ show, as they stand there."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def blocks_of(page):
    return re.findall(r"^```shell\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


README = ROOT / "README.md"
PAGES = [ROOT / "docs" / name for name in ("operators.md",)]


def run(vtoken, folder, page):
    os.symlink(vtoken.program, folder / "vtoken")
    environment = {**vtoken.environment, "PATH": f"{folder}:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(blocks_of(page))], env=environment, cwd=folder,
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page(vtoken, tmp_path, page):
    run(vtoken, tmp_path, page)


def test_the_readme(vtoken, tmp_path):
    """It has a session, and that does what it says."""
    out = run(vtoken, tmp_path, README)
    assert "Success! Revoked token (if it existed)" in out
    assert re.search(r"^auth/token/create +deny$", out, re.MULTILINE)
