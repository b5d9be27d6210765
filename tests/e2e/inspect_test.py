"""Inspecting tokens of a real server: offline, with the server's own keys, and with its answers."""
import base64
import json
import pathlib
import tempfile
import urllib.request

import pytest

import command
from processes import Process, free_port, wait_until
from server_keys import barrier_keys
from servers import PROGRAM, ask, stanza


class SealedServer:
    """A server as people run one: keys in its storage, a share that unseals, signed tokens. Root may read raw storage."""

    def __init__(self, folder):
        (folder / "data").mkdir(parents=True)
        port, cluster_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{port}"
        text = stanza("storage", "raft", path=str(folder / "data"), node_id="one", performance_multiplier="1")
        text += stanza("listener", "tcp", address=f"127.0.0.1:{port}", cluster_address=f"127.0.0.1:{cluster_port}",
                       tls_disable=True)
        text += f'api_addr = "{self.address}"\ncluster_addr = "https://127.0.0.1:{cluster_port}"\n'
        text += "raw_storage_endpoint = true\ndisable_ssct_tokens = false\n"
        (folder / "server.hcl").write_text(text)
        self.process = Process([PROGRAM, "server", f"-config={folder / 'server.hcl'}"], folder / "log", {"HOME": str(folder)})
        wait_until(lambda: self.status() == 501, "a server that can be initialised")
        made = ask(self.address, "PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})[1]
        self.root, self.unseal_key = made["root_token"], made["keys_base64"][0]
        self.unseal()

    def status(self):
        try:
            return ask(self.address, "GET", "sys/health")[0]
        except OSError:
            return 0

    def unseal(self):
        ask(self.address, "PUT", "sys/unseal", {"key": self.unseal_key})
        wait_until(lambda: self.status() == 200, "an unsealed server")

    def ask(self, method, path, body=None, **more):
        status, answer = ask(self.address, method, path, body, token=self.root, **more)
        assert status < 300, (status, answer)
        return answer

    def snapshot(self):
        request = urllib.request.Request(f"{self.address}/v1/sys/storage/raft/snapshot", headers={"X-Vault-Token": self.root})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return answer.read()


@pytest.fixture(scope="module")
def maker(folder):
    running = SealedServer(pathlib.Path(tempfile.mkdtemp(prefix="inspect-", dir=folder)) / "server")
    yield running
    running.process.stop()


@pytest.fixture
def vtoken(maker, home):
    return command.vtoken(home, maker.address, maker.root, VAULT_MAX_RETRIES="0")


@pytest.fixture
def nobody(maker, home):
    """Without a token to ask with."""
    return command.vtoken(home, maker.address, None, VAULT_MAX_RETRIES="0")


def inspected(program, *arguments, status=0, **environment):
    done = program.run("inspect", "-format=json", *arguments, **environment)
    assert done.status == status, done
    return done.json


def created(maker, namespace=None, **body):
    return maker.ask("POST", "auth/token/create", {"policies": ["default"], "ttl": "1h", **body}, namespace=namespace)["auth"]


def wrapped(maker, **headers):
    request = urllib.request.Request(
        f"{maker.address}/v1/auth/token/create", data=json.dumps({"policies": ["default"]}).encode(),
        headers={"X-Vault-Token": maker.root, "X-Vault-Wrap-TTL": "300", **headers}, method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)["wrap_info"]


def forged(token):
    """With another bit in its HMAC."""
    content = bytearray(base64.urlsafe_b64decode(token[4:] + "=" * (-len(token[4:]) % 4)))
    content[10] ^= 1
    return "hvs." + base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_the_key_that_root_reads_verifies_signed_tokens(vtoken, maker, home):
    maker.ask("POST", "sys/namespaces/signing", {})
    key = vtoken.field("value", "read", "sys/raw/core/index-header-hmac-key", "compressed=false")
    assert len(key) == 36
    (home / "key").write_text(key)
    for made in (created(maker), created(maker, namespace="signing"), created(maker, num_uses=3)):
        token = made["client_token"]
        found = inspected(vtoken, "-verify-key=key", token)
        assert (found["verified"], found["verified_by"], found["hmac"]) == (True, "key file", "valid")
        assert inspected(vtoken, "-verify-key=key", forged(token), status=2)["verified"] is False


def test_the_key_of_its_term_opens_a_batch_token(vtoken, maker, home):
    first = created(maker, type="batch", meta={"team": "build"})["client_token"]
    maker.ask("PUT", "sys/rotate")
    second = created(maker, type="batch")["client_token"]
    keys = barrier_keys(maker.snapshot(), maker.unseal_key)
    for term, token in ((1, first), (2, second)):
        (home / "key").write_bytes(keys[term])
        found = inspected(vtoken, "-verify-key=key", "-explain", token)
        assert (found["verified"], found["verified_by"], found["key_term"]) == (True, "key file", term)
        assert found["contents"]["policies"] == ["default"] and found["contents"]["path"] == "auth/token/create"
        assert found["contents"]["ttl"] == 3600 and 3500 < found["ttl"] <= 3600
        assert found["explain"]["layers"][-1]["name"].startswith("TokenEntry")
        (home / "key").write_text(keys[3 - term].hex())
        assert inspected(vtoken, "-verify-key=key", token, status=2)["verified"] is False
    assert inspected(vtoken, first)["contents"] is None


def test_a_lookup_is_joined(vtoken, maker):
    maker.ask("POST", "sys/namespaces/joined", {})
    for made in (created(maker, meta={"a": "b"}), created(maker, type="batch"), created(maker, namespace="joined"),
                 created(maker, num_uses=2), created(maker, policies=["root"])):
        token = made["client_token"]
        theirs = maker.ask("POST", "auth/token/lookup", {"token": token})["data"]
        found = inspected(vtoken, "-lookup", token)
        ours = found["lookup"]
        assert token not in json.dumps(found) and ours.pop("id") != theirs.pop("id")
        assert abs(ours.pop("ttl") - theirs.pop("ttl")) <= 5
        assert ours == theirs
        assert found["expire_time"] == theirs["expire_time"] and found["ttl"] is not None
        assert (found["verified"], found["verified_by"]) == (True, "server")
        assert vtoken.ok("inspect", "-lookup", "-verify", token).status == 0


def test_accessors(vtoken, maker):
    maker.ask("POST", "sys/namespaces/named", {})
    made = created(maker)
    found = inspected(vtoken, "-lookup", made["accessor"])
    assert found["type"] == "accessor" and found["lookup"]["policies"] == ["default"]
    inside = created(maker, namespace="named")["accessor"]
    assert inspected(vtoken, "-lookup", "-namespace=named", inside)["lookup"]["namespace_path"] == "named/"
    refused = vtoken.run("inspect", "-lookup", inside)
    assert refused.status == 2 and "-namespace=PATH" in refused.err
    assert vtoken.run("inspect", "-lookup", "A" * 24).status == 2


def test_a_token_that_asks_about_itself_counts_a_use(nobody, maker):
    token = created(maker, num_uses=3)["client_token"]
    asked = nobody.run("inspect", "-lookup", "-format=json", token)
    assert asked.status == 0 and asked.json["lookup"]["num_uses"] == 2 and "counts as a use" in asked.err
    assert maker.ask("POST", "auth/token/lookup", {"token": token})["data"]["num_uses"] == 2
    assert inspected(nobody, "-q", "-lookup", token)["lookup"]["num_uses"] == 1
    assert token not in asked.out + asked.err


def test_others_asking_count_none(vtoken, maker):
    token = created(maker, num_uses=2)["client_token"]
    for _ in range(3):
        assert inspected(vtoken, "-lookup", token)["lookup"]["num_uses"] == 2


@pytest.mark.parametrize("kind", ["token", "jwt"])
def test_a_wrapping_token_survives_whoever_asks(vtoken, nobody, maker, kind):
    info = wrapped(maker, **({"X-Vault-Wrap-Format": "jwt"} if kind == "jwt" else {}))
    token = info["token"]
    for program, environment in ((vtoken, {}), (nobody, {}), (nobody, {"VAULT_TOKEN": token})):
        found = inspected(program, "-lookup", token, **environment)
        assert found["wrapping"]["creation_path"] == "auth/token/create" and found["wrapping"]["creation_ttl"] == 300
        assert found["verified"] is (True if kind == "jwt" or program is vtoken else None) and 200 < found["ttl"] <= 300
        assert token not in json.dumps(found)
    assert vtoken.field("token_accessor", "unwrap", token) == info["wrapped_accessor"]
    gone = vtoken.run("inspect", "-lookup", "-format=json", token)
    assert gone.status == 2 and gone.json["wrapping"] is None


def test_a_jwt_is_told_with_its_claims(vtoken, maker):
    info = wrapped(maker, **{"X-Vault-Wrap-Format": "jwt"})
    found = inspected(vtoken, info["token"], VAULT_ADDR=None)
    claims = found["jwt"]["claims"]
    assert (found["format"], found["type"], found["jwt"]["wrapping"]) == ("jwt", "service", True)
    assert claims["addr"] == maker.address and claims["accessor"] == info["wrapped_accessor"]
    assert claims["jti"].startswith("hvs.****") and 200 < found["ttl"] <= 300
    inner = inspected(vtoken, "-reveal", info["token"])["jwt"]["claims"]["jti"]
    assert maker.ask("POST", "auth/token/lookup", {"token": inner})["data"]["policies"] == ["response-wrapping"]
    assert inner not in vtoken.ok("inspect", "-explain", info["token"]).out


def test_a_forged_wrapping_token(vtoken, nobody, maker):
    token = wrapped(maker)["token"]
    jwt = wrapped(maker, **{"X-Vault-Wrap-Format": "jwt"})["token"]
    head, claims, signature = jwt.split(".")
    other = head + "." + claims + "." + signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    for program in (vtoken, nobody):
        for text in (forged(token), other):
            done = program.run("inspect", "-lookup", "-verify", "-format=json", text)
            assert done.status == 2 and done.json["verified"] is None, done
    assert vtoken.ok("unwrap", token).status == 0  # nothing of that has spent it


def test_who_may_not_look_up_is_told_what_a_token_wraps(maker, home):
    caller = command.vtoken(home, maker.address, created(maker)["client_token"], VAULT_MAX_RETRIES="0")
    done = caller.run("inspect", "-lookup", "-format=json", wrapped(maker)["token"])
    assert done.status == 2 and done.json["wrapping"]["creation_ttl"] == 300 and done.json["lookup"] is None


def test_dead_and_foreign_tokens(vtoken, maker):
    token = created(maker)["client_token"]
    maker.ask("POST", "auth/token/revoke", {"token": token})
    for dead in (token, forged(created(maker)["client_token"]), "hvs." + "B" * 24, "s." + "C" * 24):
        done = vtoken.run("inspect", "-lookup", "-verify", "-format=json", dead)
        assert done.status == 2 and done.json["lookup"] is None and done.json["verified"] is None
        assert done.json["lookup_problem"] == "bad token" and "not verified" in done.err
        assert vtoken.run("inspect", "-lookup", "-exit-codes=detailed", dead).status == 10


def test_a_server_that_is_away_or_sealed(vtoken, maker):
    token = created(maker)["client_token"]
    away = vtoken.run("inspect", "-lookup", "-exit-codes=detailed", token, VAULT_ADDR=f"http://127.0.0.1:{free_port()}")
    assert away.status == 12 and "the server did not answer" in away.out and "WAL index " in away.out
    maker.ask("PUT", "sys/seal")
    try:
        sealed = vtoken.run("inspect", "-lookup", "-exit-codes=detailed", token)
        assert sealed.status == 13 and "SSC" in sealed.out
        assert vtoken.ok("inspect", "-field=hmac", token).out == "present"  # nobody was asked
    finally:
        maker.unseal()
