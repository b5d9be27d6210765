"""What is recorded of `bao policy fmt` in tests/policy/formats, done again by the real command."""
import os
import pathlib
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "policy" / "formats"


def recorded():
    """Each text before and after; None after for one that the command refuses."""
    texts = []
    for line in (line for file in sorted(FOLDER.iterdir()) for line in file.read_text().splitlines()):
        mark, text = line[:1], line[2:].replace("\\r", "\r") + "\n"
        if mark == "=":
            texts.append([line[3:], "", ""])
        elif mark == "<":
            texts[-1][1] += text
        elif mark == ">":
            texts[-1][2] += text
        elif mark == "~":
            texts[-1][1] = texts[-1][1][:-1]
        elif mark == "!":
            texts[-1][2] = None
    return texts


@pytest.mark.parametrize("title,before,after", recorded(), ids=[title for title, _, _ in recorded()])
def test_format(tmp_path, title, before, after):
    file = tmp_path / "policy.hcl"
    file.write_bytes(before.encode())
    ran = subprocess.run([os.environ["VTOKEN_BAO"], "policy", "fmt", file], capture_output=True, timeout=60, check=False)
    assert (ran.returncode == 0) == (after is not None), (title, ran.stderr)
    if after is not None:
        assert file.read_bytes().decode() == after
