"""The documents' emergency script on a real server, word for word, with vtoken under the name that the script calls."""
import pathlib
import re

import pytest

from command import Command
from population import Client, Population

TESTS = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = TESTS.parent.parent / "shared" / "seeds"


def scripts():
    """The documents' where they are at hand, and our own with the same commands."""
    yield pytest.param((TESTS / "docs" / "blocks" / "sweep.sh").read_text(), id="own")
    for path in DOCUMENTS.glob("002_*.txt"):
        for block in re.findall(r"^```bash\n(.*?)^```$", path.read_text(), re.MULTILINE | re.DOTALL):
            if "POLICY_TO_REVOKE" in block:
                yield pytest.param(block, id="documents")


@pytest.mark.parametrize("name", ["vault", "bao"])
@pytest.mark.parametrize("script", list(scripts()))
def test_it_revokes_what_it_promises(server, vtoken, script, name):
    tokens = Population(Client(server.http))
    rules = 'path "auth/token/create" { capabilities = ["update"] }'
    tokens.client.policy("compromised-app-policy", rules)
    tokens.make("guilty", 12, lambda n: {"policies": ["compromised-app-policy", f"p{n}"], "ttl": "1h", "no_parent": n % 2 == 0})
    tokens.make("descendants", 6, lambda n: {"policies": ["default"], "type": "batch" if n < 3 else "service"},
                by=tokens.of("guilty"))
    tokens.make("innocent", 12, lambda n: {"policies": [f"p{n}"], "ttl": "1h", "period": "1h" if n < 6 else ""})
    command = script if name == "vault" else re.sub(r"\bvault (?=list|token)", f"{name} ", script)
    programs = vtoken.named(name).program.parent
    shell = Command("bash", vtoken.home, **{**vtoken.environment, "PATH": f"{programs}:/usr/bin:/bin"})
    done = shell.ok("-c", command)
    assert done.out.endswith("Revocation complete\n") and done.err == ""
    said = re.findall(r"^Revoking token with accessor: (\S+)$", done.out, re.MULTILINE)
    assert sorted(said) == sorted(token.accessor for token in tokens.of("guilty"))
    assert done.out.count("Success! Revoked token (if it existed)") == 12
    tokens.bury(tokens.dying(tokens.of("guilty")))
    tokens.check_all()
