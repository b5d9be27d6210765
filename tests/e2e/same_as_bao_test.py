"""vtoken, started as `bao`, beside the real one: the same requests, the same output and status."""
import re

import pytest

RANDOM = [
    (r"\b(?:hvs|s|hvb|b)\.[A-Za-z0-9_-]{20,}", "TOKEN"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UUID"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| ?[+-]\d{4} \w+)?", "TIME"),
    (r"\b1[789]\d{8}\b", "EPOCH"),
    (r"(?m)^((?:ttl|lease_duration|token_duration)\s+).*$", r"\1TTL"),
    (r'max_ttl of "[^"]*"', "max_ttl of TTL"),
    (r'("?\bttl"?: )\d+', r"\1TTL"),
    (r"\b[A-Za-z0-9]{24}\b", "ACCESSOR"),
]


def plain(text):
    for pattern, word in RANDOM:
        text = re.sub(pattern, word, text)
    return HEADERS.sub(sorted_headers, text)


# The real command's order of headers is that of a Go map: another one each time.
HEADER = r'-H "[^"]*"'
HEADERS = re.compile(rf"{HEADER}(?: {HEADER})*")


def sorted_headers(match):
    return " ".join(sorted(re.findall(HEADER, match[0])))


FULL = {"text": "t", "number": 5, "deep": {"list": [1, "x"]}, "none": None, "yes": True, "big": 12345678901234567890}


@pytest.fixture(scope="session")
def prepared(server):
    """What the commands below read."""
    server.ask("PUT", "sys/policies/acl/app", {"policy": 'path "secret/*" { capabilities = ["read", "list"] }'})
    server.ask("PUT", "auth/token/roles/app", {"allowed_policies": "app", "token_period": "2h", "orphan": True})
    server.ask("PUT", "auth/token/roles/other", {"allowed_policies": "default"})
    return server


# Arguments; TOKEN and ACCESSOR are those of a token made for each run.
COMMANDS = [
    "token create",
    "token create -policy=app -ttl=1h -display-name=ci -metadata=a=b",
    "token create -policy=app -policy=missing -explicit-max-ttl=2h -ttl=3h",
    "token create -type=batch -policy=app -ttl=20m",
    "token create -type=batch",
    "token create -orphan -no-default-policy -policy=app -period=30m -renewable=false",
    "token create -use-limit=3 -policy=app -format=json",
    "token create -policy=app -format=yaml",
    "token create -policy=app -field=token",
    "token create -policy=app -field=policies",
    "token create -policy=app -field=nothing",
    "token create -role=app -format=json",
    "token create -role=missing",
    "token create -ttl=nonsense",
    "token create -id=s.mine",
    "token create -wrap-ttl=5m -policy=app",
    "token create -wrap-ttl=5m -policy=app -format=json",
    "token create -wrap-ttl=5m -policy=app -field=wrapping_token",
    "token create extra",
    "token create -output-curl-string -policy=app",
    "token create -namespace=a/b -wrap-ttl=5m -header=x-more=y -output-curl-string",
    "token create -output-policy -role=app",
    "token revoke -self -output-curl-string",
    "token lookup -header=x-vault-other=1 -field=path",
    "token lookup -header=X-Vault-Other=1 -field=path",
    "list -output-curl-string auth/token/roles",
    "write -output-curl-string cubbyhole/new key=it's",
    "token lookup",
    "token lookup -format=json",
    "token lookup -format=yaml",
    "token lookup TOKEN",
    "token lookup -accessor ACCESSOR",
    "token lookup -accessor -format=json ACCESSOR",
    "token lookup -field=policies TOKEN",
    "token lookup -field=meta TOKEN",
    "token lookup -field=ttl",
    "token lookup nobody",
    "token lookup -accessor nobody",
    "token lookup -accessor",
    "token lookup one two",
    "token lookup -output-curl-string TOKEN",
    "token renew TOKEN",
    "token renew -increment=2h TOKEN",
    "token renew -increment=90000h TOKEN",
    "token renew -accessor ACCESSOR",
    "token renew -accessor -format=json ACCESSOR",
    "token renew",
    "token renew nobody",
    "token renew -accessor nobody",
    "token revoke TOKEN",
    "token revoke -accessor ACCESSOR",
    "token revoke -mode=orphan TOKEN",
    "token revoke -mode=path auth/token/create/nothing",
    "token revoke -mode=nonsense TOKEN",
    "token revoke -self TOKEN",
    "token revoke",
    "token revoke -accessor nobody",
    "token revoke nobody",
    "token capabilities auth/token/lookup-self",
    "token capabilities TOKEN auth/token/lookup-self",
    "token capabilities TOKEN secret/foo",
    "token capabilities -format=json TOKEN secret/foo",
    "token capabilities -accessor ACCESSOR secret/foo",
    "token capabilities nobody secret/foo",
    "token capabilities TOKEN",
    "token capabilities",
    "token capabilities -accessor ACCESSOR",
    "list auth/token/roles",
    "list -format=json auth/token/roles",
    "list -format=yaml auth/token/roles",
    "list cubbyhole",
    "list cubbyhole/none",
    "list sys/policies/acl",
    "read cubbyhole/full",
    "read -format=json cubbyhole/full",
    "read -format=yaml cubbyhole/full",
    "read -field=deep cubbyhole/full",
    "read -field=number cubbyhole/full",
    "read -field=none cubbyhole/full",
    "read -field=missing cubbyhole/full",
    "read -format=json -field=deep cubbyhole/full",
    "read cubbyhole/none",
    "read auth/token/roles/app",
    "read -format=json auth/token/roles/other",
    "read sys/nothing",
    "read sys/health",
    "read -format=json sys/seal-status",
    "read sys/mounts",
    "read auth/token/lookup-self",
    "read nothing/here",
    "read sys/policies/acl/app",
    "write cubbyhole/new key=value",
    "write cubbyhole/new",
    "write -force cubbyhole/new",
    "write auth/token/roles/new allowed_policies=app nonsense=1",
    "write auth/token/roles/new token_type=weird",
    "write auth/token/create policies=app ttl=1h",
    "write -format=json auth/token/lookup token=TOKEN",
    "write sys/policies/acl/new policy=@missing",
    "write -field=keys cubbyhole/new key=value",
    "write sys/wrapping/wrap a=b",
    "write sys/tools/hash/sha2-256 input=YWJj",
    "write -format=json sys/tools/hash/sha2-256 input=YWJj",
    "write -field=sum sys/tools/hash/sha2-256 input=YWJj",
    "write nothing/here a=b",
    "write",
    "write one",
    "write -format=yaml auth/token/create policies=app",
    "write -wrap-ttl=90s auth/token/create policies=app",
    "read -wrap-ttl=1m cubbyhole/full",
    "list -format=json cubbyhole/none",
    "list",
    "list -wrap-ttl=1m auth/token/roles",
    "list nothing/here",
    "read",
    "read cubbyhole/full list=true",
    "read /cubbyhole/full/",
    "read -field=keys sys/health",
    "read -format=table sys/wrapping/lookup",
    "delete",
    "delete cubbyhole",
    "read auth/token/lookup",
    "token lookup -format=nonsense",
    "token lookup -nonsense",
    "token lookup -format=table -field=orphan",
    "token lookup -format=json -field=policies",
    "token lookup -format=yaml -field=meta TOKEN",
    "token create -policy=app -metadata=novalue",
    "token create -use-limit=-1 -policy=app",
    "token create -type=weird",
    "token create -explicit-max-ttl=90000h",
    "token create -display-name=a/b! -policy=app -format=json",
    "token create -entity-alias=x",
    "token create -policy=app -ttl=90",
    "token create -ttl=1h30m -policy=app -policy=default -policy=app",
    "token create -period=90000h -policy=app",
    "token create -type=batch -period=1h -policy=app",
    "token renew -increment=1.5h TOKEN",
    "token renew -i=90 TOKEN",
    "token renew one two",
    "token renew -format=yaml TOKEN",
    "token revoke -self",
    "token revoke -mode=path",
    "token revoke -accessor -self ACCESSOR",
    "token revoke -accessor -mode=orphan ACCESSOR",
    "token revoke -mode=path -accessor x",
    "policy read root",
    "policy delete default",
    "policy delete",
    "policy list extra",
    "policy read -format=yaml app",
    "unwrap",
    "unwrap one two",
    "unwrap -field=token nobody",
    "delete cubbyhole/new",
    "delete auth/token/roles/never",
    "delete nothing/here",
    "print token",
    "policy list",
    "policy list -format=json",
    "policy read app",
    "policy read -format=json app",
    "policy read missing",
    "policy read",
    "policy delete never",
    "policy write one",
    "policy write one missing.hcl",
    "unwrap nobody",
    "token list",
    "token nothing",
]

# Standard error says more, or says it otherwise: nothing was sent, and there is advice or our own help.
OTHER_WORDS = {
    "token create -ttl=nonsense",
    "write sys/policies/acl/new policy=@missing",
    "token capabilities TOKEN",
    "token list",
    "token nothing",
}


@pytest.mark.parametrize("line", COMMANDS)
def test_output_and_status(line, prepared, vtoken, bao):
    ours, theirs = (run_as(program, line, prepared) for program in (vtoken.named("bao"), bao))
    assert plain(ours.out) == plain(theirs.out)
    assert ours.status == theirs.status
    if line not in OTHER_WORDS:  # what we say begins with what the real command says; advice may follow
        assert warnings_and_errors(ours.err).startswith(warnings_and_errors(theirs.err))


def run_as(program, line, server):
    """Asks with a root token of its own, which may revoke itself."""
    caller = server.ask("POST", "auth/token/create", {})["auth"]["client_token"]
    auth = server.ask("POST", "auth/token/create", {"policies": ["app"], "ttl": "1h", "meta": {"k": "v"}})["auth"]
    words = line.replace("TOKEN", auth["client_token"]).replace("ACCESSOR", auth["accessor"]).split(" ")
    server.ask("PUT", "cubbyhole/full", FULL, token=caller)
    return program.run(*words, BAO_ADDR=server.http, BAO_TOKEN=caller, VAULT_ADDR=None, VAULT_TOKEN=None)


def warnings_and_errors(text):
    """Standard error as one line: the real command fills lines to the terminal's width."""
    return plain(" ".join(text.split())).replace("returned from OpenBao", "returned from Vault")
