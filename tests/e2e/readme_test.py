"""The README's session with a server, as it stands there."""
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def test_the_readme(vtoken, tmp_path):
    text = (HERE.parent.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```shell\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks, "README.md has no block for a server"
    os.symlink(vtoken.program, tmp_path / "vtoken")
    environment = {**vtoken.environment, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(blocks)], env=environment, cwd=tmp_path,
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Success! Revoked token (if it existed)" in done.stdout
    assert re.search(r"^auth/token/create +deny$", done.stdout, re.MULTILINE)
