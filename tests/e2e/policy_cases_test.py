"""The table of what policies allow, on the real server: lib/policy is held to the same one."""
import json
import urllib.parse
import urllib.request

import pytest

import policy_table
from servers import DevServer, ask

MOUNTS = ("kv", "other")


@pytest.fixture(scope="module")
def plain(folder):
    running = DevServer(folder / "policies")
    for mount in MOUNTS:
        running.ask("POST", f"sys/mounts/{mount}", {"type": "kv", "options": {"version": "1"}})
    yield running
    running.stop()


def token_of(server, policies):
    body = {"policies": policies, "no_default_policy": "default" not in policies, "no_parent": True}
    return server.ask("POST", "auth/token/create", body)["auth"]["client_token"]


def capabilities(server, token, path):
    return server.ask("POST", "sys/capabilities", {"token": token, "paths": [path]})["data"]["capabilities"]


def status_of(server, token, operation, path, data, wrap):
    method = {"create": "PUT", "read": "GET", "update": "PUT", "delete": "DELETE", "list": "LIST"}[operation]
    query = ""
    # What tells an update from a creation is whether there is something already.
    if operation == "update":
        ask(server.http, "PUT", path, {"there": "already"})
    elif operation == "create":
        ask(server.http, "DELETE", path)
    if operation == "read" and data:
        query, data = "?" + urllib.parse.urlencode(data, doseq=True), None
    headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
    if wrap:
        headers["X-Vault-Wrap-TTL"] = str(wrap)
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(f"{server.http}/v1/{path}{query}", data=body, headers=headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def answer_of(server, token, question):
    if question[0] == "capabilities":
        return capabilities(server, token, question[1])
    return "denied" if status_of(server, token, *question) == 403 else "allowed"


@pytest.mark.parametrize("section", policy_table.sections(), ids=lambda section: section.title)
def test_section(plain, section):
    wrong = []
    for line, text in section.refused:
        status, _ = ask(plain.http, "PUT", "sys/policies/acl/refused", {"policy": "\n".join(text)})
        if status != 400:
            wrong.append(f"line {line}: taken with {status}")
    for name, text in section.policies.items():
        plain.ask("PUT", f"sys/policies/acl/{name}", {"policy": "\n".join(text)})
    tokens = {}
    for line, policies, question, expected in section.questions:
        names = " ".join(policies)
        if names not in tokens:
            tokens[names] = token_of(plain, policies)
        answer = answer_of(plain, tokens[names], question)
        if answer != expected:
            wrong.append(f"line {line}: {answer}")
    for name in section.policies:
        plain.ask("DELETE", f"sys/policies/acl/{name}")
    assert not wrong, "\n".join(wrong)


def test_there_are_enough():
    assert sum(len(section.questions) + len(section.refused) for section in policy_table.sections()) >= 170

