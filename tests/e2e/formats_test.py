"""What `inspect` reads in a token is what an independent decoder reads: protoc, for all tokens in the golden records and for
tokens of real servers."""
import base64
import json
import os
import pathlib
import re
import subprocess
import urllib.request

import pytest

from cluster import Cluster

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
GOLDEN = sorted((pathlib.Path(__file__).resolve().parents[1] / "golden").glob("*.jsonl"))
STRUCTURED = re.compile(r"\b(?:hvs\.CAESI[A-Za-z0-9_-]{60,}|(?:hvb|b)\.[A-Za-z0-9_-]{44,}(?:\.[A-Za-z0-9]{5,6}\b)?)")
ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def unescape(text):
    """The bytes of a string as protoc prints it."""
    def one(match):
        found = match.group(1)
        return bytes([int(found, 8)]) if len(found) == 3 else LETTERS.get(found, found)
    return ESCAPE.sub(one, text)


def fields(lines):
    """What protoc printed: {number: int, bytes or, in braces, the same again}. Takes lines up to the closing brace."""
    found = {}
    for line in lines:
        line = line.strip()
        if line == b"}":
            break
        if line.endswith(b" {"):
            name, value = line[:-2], fields(lines)
        else:
            name, value = line.split(b": ", 1)
            value = unescape(value[1:-1]) if value.startswith(b'"') else int(value, 0)
        number = int(name.removeprefix(b"f"))
        assert number not in found
        found[number] = value
    return found


# The kinds of the fields, as no more than the wire tells; --decode_raw guesses, and takes some digits for a message.
KINDS = """syntax = "proto3";
message Signed { uint64 f1 = 1; bytes f2 = 2; bytes f3 = 3; }
message Inner { bytes f1 = 1; uint64 f2 = 2; uint64 f3 = 3; bytes f50 = 50; }
"""


def decode(kind, data, home):
    """The fields of a message, by protoc, which is asked for them with and without their kinds."""
    (home / "kinds.proto").write_text(KINDS)
    known, guessed = (fields(iter(subprocess.run(["protoc", f"--proto_path={home}", *flags], input=data, capture_output=True,
                                                 check=True).stdout.splitlines()))
                      for flags in ([f"--decode={kind}", "kinds.proto"], ["--decode_raw"]))
    assert set(known) == set(guessed)
    assert all(known[n] == value for n, value in guessed.items() if not isinstance(value, dict))
    return known


def raw(token):
    text = token.split(".")[1]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def inspect(tokens, home):
    """What vtoken says, an object for each token."""
    done = subprocess.run([VTOKEN, "inspect", "-reveal", "-format=ndjson", "-"], input="".join(f"{t}\n" for t in tokens),
                          capture_output=True, text=True, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode == 0, done
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["token"] for one in found] == tokens
    return found


def compare_ssc(said, token, home):
    outer = decode("Signed", raw(token), home)
    assert set(outer) == {1, 2, 3}
    inner = decode("Inner", outer[3], home)
    assert said["format"] == "ssc" and said["type"] == "service" and said["problem"] is None
    assert said["version"] == outer[1]
    assert said["hmac_hex"] == outer[2].hex()
    assert said["inner_id"] == inner[1].decode()
    assert said["wal_index"] == (int(inner[50]) if 50 in inner else inner.get(2, 0))
    assert said["index_epoch"] == inner.get(3, 0)
    assert (said["namespace"] or "") == ".".join(said["inner_id"].split(".")[2:])


def compare_batch(said, token, _home=None):
    data = raw(token)
    assert said["format"] == "batch" and said["type"] == "batch" and said["problem"] is None
    assert said["prefix"] == token.split(".")[0] + "."
    assert said["key_term"] == int.from_bytes(data[:4], "big")
    assert said["cipher_version"] == data[4]
    assert said["ciphertext_size"] == len(data) - 5 - 12 - 16
    assert (said["namespace"] or "") == ".".join(token.split(".")[2:])


def compare(tokens, home):
    for token, said in zip(tokens, inspect(tokens, home)):
        (compare_ssc if token.startswith("hvs.") else compare_batch)(said, token, home)


def test_tokens_of_the_golden_records(home):
    tokens = sorted({token for file in GOLDEN for token in STRUCTURED.findall(file.read_text())})
    compare(tokens, home)
    assert sum(token.startswith("hvs.") for token in tokens) >= 58
    assert sum(token.startswith("hvb.") for token in tokens) >= 10


@pytest.fixture(scope="module")
def node(folder, authority):
    """One server with a history, which gives out server side consistent tokens."""
    alone = Cluster(folder / "formats", authority, size=1)
    try:
        alone.start()
        one = alone.nodes[0]
        for _ in range(30):  # so that the index has a few digits
            assert one.ask("POST", "sys/policies/acl/some", {"policy": "path \"a\" { capabilities = [\"read\"] }"}, token=alone.root)[0] < 300
        yield one
    finally:
        for one in alone.nodes:
            one.stop()


def client_token(node, path="auth/token/create", body=None, token=None):
    status, answer = node.ask("POST", path, body or {"policies": ["default"]}, token=token or node.cluster.root)
    assert status == 200, answer
    return answer["auth"]["client_token"]


def test_tokens_of_a_real_server(node, home):
    tokens = [client_token(node) for _ in range(20)]
    tokens.append(client_token(node, body={"policies": ["default"], "ttl": "90s", "num_uses": 3}))
    tokens += [client_token(node, body={"policies": ["default"], "type": "batch", "meta": {"n": "x" * n}}) for n in range(20)]
    compare(tokens, home)
    assert all(said["wal_index"] > 30 for said in inspect(tokens[:21], home))
    (root,) = inspect([node.cluster.root], home)
    assert (root["format"], root["prefix"], root["problem"]) == ("inner", "hvs.", None)


def test_tokens_of_a_namespace(node, home):
    root = node.cluster.root
    assert node.ask("POST", "sys/namespaces/team", {}, token=root)[0] == 200
    kinds = [{"policies": ["default"]}, {"policies": ["default"], "type": "batch"}]
    tokens = [client_token(node, "team/auth/token/create", body) for body in kinds]
    compare(tokens, home)
    service, batch = inspect(tokens, home)
    assert re.fullmatch("[A-Za-z0-9]{5,6}", service["namespace"]) and service["namespace"] == batch["namespace"]


def test_older_tokens_of_a_server_in_development(server, home):
    made = [server.ask("POST", "auth/token/create", body)["auth"] for body in (
        {"policies": ["default"]}, {"policies": ["default"], "type": "batch"})]
    service, batch, accessor = inspect([made[0]["client_token"], made[1]["client_token"], made[0]["accessor"]], home)
    assert (service["format"], service["prefix"], service["problem"]) == ("legacy", "s.", None)
    assert batch["prefix"] == "b."
    compare_batch(batch, made[1]["client_token"])
    assert (accessor["format"], accessor["type"]) == ("accessor", "accessor")


def test_a_wrapping_token_in_the_form_of_a_jwt(node, home):
    request = urllib.request.Request(f"{node.address}/v1/auth/token/create", data=b'{"policies":["default"]}', method="POST",
                                     headers={"X-Vault-Token": node.cluster.root, "X-Vault-Wrap-TTL": "60",
                                              "X-Vault-Wrap-Format": "jwt"})
    handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=node.cluster.context)
    with urllib.request.build_opener(*handlers).open(request, timeout=30) as answer:
        token = json.load(answer)["wrap_info"]["token"]
    (said,) = inspect([token], home)
    assert said["format"] == "jwt" and said["problem"] is None
    assert said["length"] == len(token)
