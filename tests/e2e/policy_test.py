"""Policies and capabilities as `bao`: the real command, and ours on the same server and on a store, all three alike."""
import pathlib
import re

import pytest

import command
from servers import DevServer

RULES = """
# What a team may do.
path "team/*" { capabilities = ["create", "read", "list"] }
path "team/secret" {
  capabilities = ["deny"]
}
path "team/+/shared" { capabilities = ["update"] }
"""

# In this order; TEAM is the token of the team. Ours is told "token" before the commands about tokens, as theirs.
LINES = [
    "policy list",
    "policy list -format=json",
    "policy list -format=yaml",
    "policy read root",
    "policy read none",
    "policy read response-wrapping -format=nonsense",
    "policy write team rules.hcl",
    "policy write Team rules.hcl",
    "policy write team empty.hcl",
    "policy write team none.hcl",
    "policy write team .",
    "policy write root rules.hcl",
    "policy write response-wrapping rules.hcl",
    "policy write team",
    "policy write bad bad.hcl",
    "policy list",
    "policy list -format=json",
    "policy read TEAM",
    "policy read -format=json team",
    "policy read -format=yaml team",
    "policy read bad",
    "list sys/policies/acl",
    "list -format=json sys/policies/acl",
    "list sys/policies",
    "read -field=policy sys/policies/acl/team",
    "read sys/policies/acl/none",
    "read sys/policy/none",
    "read -field=rules sys/policy/team",
    "list sys/policy",
    "write sys/policies/acl/more policy=@rules.hcl",
    "write sys/policies/acl/more policy=",
    "write sys/policies/acl/more policy=nonsense",
    "write sys/policies/acl/more policy=@rules.hcl ttl=1h expiration=2200-01-01T00:00:00Z",
    "write sys/policies/acl/more policy=@rules.hcl cas=7",
    "write sys/policies/acl/more policy=@rules.hcl cas=-1",
    "write sys/policies/acl/more policy=@rules.hcl cas=1",
    "write sys/policies/acl/more policy=@rules.hcl cas=nonsense",
    "write sys/policies/acl/more nonsense=x policy=@rules.hcl",
    "write sys/policies/acl/More policy=@rules.hcl",
    "write sys/policy/more rules=@rules.hcl",
    "token capabilities team/a",
    "token capabilities TEAM team/a",
    "token capabilities TEAM team/",
    "token capabilities TEAM team",
    "token capabilities TEAM team/secret",
    "token capabilities TEAM team/b/shared",
    "token capabilities TEAM /team/a",
    "token capabilities TEAM auth/token/lookup-self",
    "token capabilities -format=json TEAM team/a",
    "token capabilities -format=yaml TEAM other",
    "token capabilities nobody team/a",
    "token capabilities TEAM",
    "token capabilities a b c",
    "write sys/capabilities token=TEAM paths=team/a,other",
    "write -format=json -field=data sys/capabilities-self paths=team/a",
    "write sys/capabilities-accessor paths=team/a",
    "write sys/capabilities-accessor accessor=nobody paths=team/a",
    "write sys/capabilities-self path=",
    "as TEAM policy list",
    "as TEAM policy read team",
    "as TEAM policy write team rules.hcl",
    "as TEAM policy delete team",
    "as TEAM list auth/token/accessors",
    "as TEAM token capabilities team/a",
    "as TEAM token capabilities TEAM team/a",
    "as TEAM token create",
    "as nobody policy list",
    "policy delete team",
    "policy delete team",
    "policy delete TEAM",
    "policy delete root",
    "policy delete default",
    "policy delete response-wrapping",
    "policy delete",
    "policy list",
    "token capabilities TEAM team/a",
]

# What the two know of a bad policy is worded otherwise: the store names line and column.
OTHER_WORDS = {"policy write bad bad.hcl", "write sys/policies/acl/more policy=nonsense"}


@pytest.fixture(scope="module")
def untouched(folder):
    running = DevServer(folder / "policies")
    yield running
    running.stop()


class Place:
    """A program, and where it asks."""

    def __init__(self, home, program, address, token):
        home.mkdir()
        self.program, self.address, self.root = command.Command(program, home), address, token
        for name, text in {"rules.hcl": RULES, "empty.hcl": "", "bad.hcl": 'path "a" { capabilities = ["reed"] }'}.items():
            (home / name).write_text(text)
        self.ask("policy write team rules.hcl")
        self.team = self.ask("token create -policy=team -ttl=1h -field=token").out
        self.ask("policy delete team")

    def ask(self, line, token=None):
        return self.program.run(*line.split(" "), BAO_ADDR=self.address, BAO_TOKEN=token or self.root)

    def run(self, line):
        words = re.fullmatch(r"(?:as (\S+) )?(.*)", line)
        caller = {None: self.root, "TEAM": self.team}.get(words[1], words[1])
        return self.ask(words[2].replace(" TEAM ", f" {self.team} ").replace("=TEAM ", f"={self.team} "), caller)

    def errors(self, done):
        text = " ".join(done.err.split()).replace(self.address, "ADDRESS")
        return text.replace("returned from OpenBao", "returned from Vault")


def test_three_ways_alike(folder, home, untouched):
    store = home / "store.db"
    vtoken = command.vtoken(home, None, None)
    vtoken.ok("store", "init", f"-store={store}")
    root = pathlib.Path(f"{store}.token").read_text().strip()
    ours = vtoken.named("bao").program
    real = Place(folder / "real", command.PROGRAM, untouched.http, command.ROOT)
    on_store = Place(folder / "ours-store", ours, f"file://{store}", root)
    differences = []
    told = []
    for line in LINES:
        theirs, done = real.run(line), on_store.run(line)
        told.append((theirs.status, theirs.out, real.errors(theirs)))
        compare(line, told[-1], (done.status, done.out, on_store.errors(done)), "store", differences)
    # Afterwards the server is as it was: ours begins where the real command began.
    on_server = Place(folder / "ours-server", ours, untouched.http, command.ROOT)
    on_server.ask("delete sys/policies/acl/more")
    for line, expected in zip(LINES, told):
        done = on_server.run(line)
        compare(line, expected, (done.status, done.out, on_server.errors(done)), "server", differences)
    assert not differences, "\n".join(differences)


def compare(line, theirs, ours, where, differences):
    same = theirs[:2] == ours[:2] and (line in OTHER_WORDS or ours[2].startswith(theirs[2]))
    if not same:
        differences.append(f"{where}: {line}\n  real {theirs}\n  ours {ours}")


FILES = {
    "messy": 'path "a"   {capabilities=["read",\n"list"]} # end\n\n\n\npath "b" {\n  policy = "read" }',
    "comments": '# top\n\n/* two\n lines */\npath "a" { # inside\n  capabilities = ["read"] // last\n}\n# bottom',
    "parameters": 'path "a" {\n allowed_parameters = { "*" = []\n "long" = ["x", "y"] }\n capabilities = ["update"]\n}\n',
    "empty": "",
    "formed": 'path "a" {\n  capabilities = ["read"]\n}\n',
    "carriage returns": 'path "a" {\r\n capabilities = ["read"]\r\n}\r\n',
    "not closed": 'path "a" {',
    "unknown key": 'path "a" { capabilites = [] }',
    "unknown capability": 'path "a" { capabilities = ["reed"] }',
    "json": '{"path": {"a": {"capabilities": ["read"]}}}',
}


@pytest.mark.parametrize("name", FILES)
def test_fmt(name, home, vtoken, bao):
    ours, theirs = home / "ours.hcl", home / "theirs.hcl"
    for file in (ours, theirs):
        file.write_bytes(FILES[name].encode())
    mine, real = vtoken.named("bao").run("policy", "fmt", ours), bao.run("policy", "fmt", theirs)
    assert mine.status == real.status
    assert mine.out == real.out.replace("theirs.hcl", "ours.hcl")
    assert ours.read_bytes() == theirs.read_bytes()
    assert bool(mine.err) == bool(real.err)


@pytest.mark.parametrize("line", ["policy fmt", "policy fmt a b", "policy fmt none.hcl", "policy fmt .", "policy fmt -",
                                  "policy fmt -format=json a", "policy fmt ~other/a"])
def test_fmt_refuses(line, vtoken, bao):
    ours, theirs = (program.run(*line.split(" ")) for program in (vtoken.named("bao"), bao))
    assert (ours.status, ours.out) == (theirs.status, theirs.out)
    assert " ".join(theirs.err.split()).startswith(" ".join(ours.err.split()))
