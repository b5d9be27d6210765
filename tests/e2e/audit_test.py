"""The store's audit log beside the one of a real server's file device: the same commands, line by line."""
import json
import re

import pytest

import command
from servers import ROOT, DevServer, stanza

HASH = re.compile(r"^hmac-sha256:[0-9a-f]{64}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$")
SECOND = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

# What a store has not: ports, plugins and their versions, clients that are counted.
LEFT_OUT = {"remote_port", "client_id", "mount_accessor", "mount_running_version", "mount_running_plugin_version"}
POINTS = {"time", "token_issue_time", "creation_time", "last_renewal_time", "expire_time", "issue_time", "last_renewal",
          "modified"}
LENGTHS = {"ttl", "token_ttl"}


class AuditedServer(DevServer):
    def _listeners(self):
        return f'audit "file" "file" {{\n  options = {{ file_path = {json.dumps(str(self.log))} }}\n}}\n'

    @property
    def log(self):
        return self.folder / "audit.log"


@pytest.fixture(scope="module")
def audited(folder):
    running = AuditedServer(folder / "audited")
    yield running
    running.stop()


class Side:
    """Commands for one back end, and its log."""

    def __init__(self, program, log):
        self.program, self.log = program, log
        self.seen = len(log.read_text().splitlines())

    def run(self, *arguments, token=None, stdin=None):
        environment = {} if token is None else {"VAULT_TOKEN": token}
        return self.program.run(arguments[0], "-q", *arguments[1:], stdin=stdin, **environment)

    def json(self, *arguments, **more):
        done = self.run(arguments[0], "-format=json", *arguments[1:], **more)
        assert done.status == 0, (arguments, done)
        return done.json

    def lines(self):
        lines = [json.loads(line) for line in self.log.read_text().splitlines()[self.seen:]]
        return [line for line in lines if line["type"] == "response"]


def story(side):
    """What the two are asked. Answers are used, so that tokens appear again."""
    made = side.json("create", "-policy=default", "-policy=nobody", "-ttl=1h", "-metadata=a=b", "-display-name=dn",
                     "-use-limit=3")["auth"]
    token, accessor = made["client_token"], made["accessor"]
    side.run("lookup", token=token)
    side.run("write", "auth/token/create-orphan", "ttl=1h", token=token)
    side.run("lookup", token=token)
    side.run("lookup", token=token)
    side.run("lookup", token="hvs.nobodys")
    batch = side.json("create", "-type=batch", "-policy=default", "-ttl=1h")["auth"]["client_token"]
    side.run("lookup", token=batch)
    side.run("list", "auth/token/roles", token=batch)
    child = side.json("create", "-policy=default", "-period=1h", "-orphan")["auth"]
    side.run("renew", child["client_token"])
    side.run("lookup", child["client_token"])
    side.run("lookup", "-accessor", child["accessor"])
    side.run("lookup", "-accessor", accessor)
    side.run("renew", "-increment=2h", token=child["client_token"])
    side.run("capabilities", child["client_token"], "cubbyhole/x")
    side.run("create", "-id=chosen-by-me", "-policy=default")
    side.run("create", "-id=chosen-by-me", "-policy=default")
    side.run("create", "-ttl=nonsense")
    wrapped = side.json("create", "-policy=default", "-wrap-ttl=60")["wrap_info"]["token"]
    side.run("unwrap", wrapped)
    wrapped = side.json("write", "-wrap-ttl=60", "sys/wrapping/wrap", "v=secret")["wrap_info"]["token"]
    side.run("write", "sys/wrapping/lookup", f"token={wrapped}")
    side.run("write", "sys/wrapping/lookup", f"token={wrapped}", token="hvs.nobodys")
    side.run("write", "-f", "sys/wrapping/lookup", token=wrapped)
    wrapped = side.json("write", "sys/wrapping/rewrap", f"token={wrapped}")["wrap_info"]["token"]
    side.run("write", "sys/wrapping/unwrap", f"token={wrapped}")
    body = json.dumps({"k": "v", "n": 1.5, "z": None, "o": {"p": ["q", "2026-11-22T11:06:25Z"]}, "e": "", "b": True,
                       "big": 12345678901234567890123, "small": 1e-9, "<\u2028>": "x"})
    for _ in range(2):
        side.run("write", "cubbyhole/a/b", "-", stdin=body)
    side.run("read", "cubbyhole/a/b")
    side.run("list", "cubbyhole/a")
    side.run("read", "cubbyhole/none")
    side.run("delete", "cubbyhole/a/b")
    side.run("write", "auth/token/roles/r1", "allowed_policies=default,p2", "orphan=true", "token_period=1h")
    side.run("read", "auth/token/roles/r1")
    side.run("list", "auth/token/roles")
    side.run("create", "-role=r1", "-policy=default")
    side.run("create", "-role=missing")
    side.run("write", "sys/policies/acl/p1", 'policy=path "cubbyhole/*" { capabilities = ["read", "list"] }')
    side.run("read", "sys/policies/acl/p1")
    side.run("write", "sys/policies/acl/bad", 'policy=path "x" { capabilities = ["reed"] }')
    side.run("read", "sys/policy/p1")
    # Several policies, of which the rule for the most specific path decides.
    side.run("write", "sys/policies/acl/wide", 'policy=path "cubbyhole/*" { capabilities = ["read"] }\n'
             'path "cubbyhole/x" { capabilities = ["update", "create"] }\npath "+/token/roles" { capabilities = ["list"] }')
    side.run("write", "sys/policies/acl/narrow", 'policy=path "cubbyhole/x" { capabilities = ["read"] }\n'
             'path "auth/token/accessors" { capabilities = ["list", "sudo"] }\npath "cubbyhole/d" { capabilities = ["deny"] }')
    several = side.json("create", "-policy=p1", "-policy=wide", "-policy=narrow", "-no-default-policy")["auth"]["client_token"]
    for words in (["read", "cubbyhole/x"], ["read", "cubbyhole/y"], ["write", "cubbyhole/x", "k=v"], ["list", "cubbyhole/x"],
                  ["read", "cubbyhole/d"], ["list", "auth/token/roles"], ["delete", "cubbyhole/x"]):
        side.run(*words, token=several)
    side.run("read", "auth/token/nothing")
    side.run("read", "nothing/x")
    side.run("delete", "auth/token/create")
    side.run("write", "sys/audit-hash/file", "input=x")
    side.run("revoke", "-accessor", child["accessor"])
    side.run("revoke", "-accessor", "no-such-accessor")
    side.run("revoke", token="hvs.nobodys")
    side.run("write", "-f", "auth/token/revoke-self", token=batch)


def compared(lines):
    """The lines without what differs from run to run: hashes become names in the order in which they appear."""
    names = {}

    def walk(value, key=None):
        if isinstance(value, dict):
            return {k: walk(v, k) for k, v in sorted(value.items()) if k not in LEFT_OUT}
        if isinstance(value, list):
            return [walk(each, key) for each in value]
        if isinstance(value, str) and HASH.match(value):
            return names.setdefault(value, f"hash {len(names)}")
        if key in POINTS and value is not None:
            return "a time" if isinstance(value, int) or TIME.match(value) else value
        if key in LENGTHS and isinstance(value, int):
            return "a length" if value > 0 else value
        if key == "id" and value != "root":
            return "an id"
        return value

    return [walk(line) for line in lines]


@pytest.fixture(scope="module")
def both(folder, audited):
    home = folder / "audit-home"
    home.mkdir()
    store = command.vtoken(home, None, None, VTOKEN_STORE=str(home / "s.db"))
    store.ok("store", "init", f"-audit={home / 'audit.log'}")
    root = (home / "s.db.token").read_text().strip()
    sides = [Side(command.vtoken(home, audited.http, ROOT), audited.log),
             Side(store.with_environment(VAULT_TOKEN=root), home / "audit.log")]
    for side in sides:
        story(side)
    return sides


def test_each_line_is_as_the_servers(both):
    theirs, ours = (compared(side.lines()) for side in both)
    for line in theirs:  # the root token of a server in memory was made by another
        if line["auth"].get("policies") == ["root"]:
            line["auth"]["display_name"] = "root"
    for number, (their, our) in enumerate(zip(theirs, ours)):
        assert our == their, f"line {number}: {their['request']['operation']} {their['request']['path']}"
    assert len(ours) == len(theirs)


def test_members_come_in_the_servers_order(both):
    def order(value, found, at=""):
        if isinstance(value, dict):
            found.append((at, [key for key in value if key not in LEFT_OUT]))
            for key, inner in value.items():
                if key not in LEFT_OUT:
                    order(inner, found, f"{at}/{key}")
        return found

    theirs, ours = ([order(line, []) for line in side.lines()] for side in both)
    assert [line[0] for line in ours] == [line[0] for line in theirs]
    for their, our in zip(theirs, ours):
        assert dict(our)["/request"] == dict(their)["/request"]


def test_times_are_written_as_the_servers(both):
    for side in both:
        for line in side.lines():
            assert TIME.match(line["time"])
            issued = line["auth"].get("token_issue_time")
            assert issued is None or SECOND.match(issued)
