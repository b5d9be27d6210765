"""Tokens for scripts, from a real server: kept ones (create -cache), and ones handed to a shell (-format=env)."""
import concurrent.futures
import subprocess

import pytest

from command import VTOKEN


def shell(home, script, **environment):
    """What sh prints; the program is on its PATH."""
    tools = home / "tools"
    tools.mkdir(exist_ok=True)
    if not (tools / "vtoken").exists():
        (tools / "vtoken").symlink_to(VTOKEN)
    done = subprocess.run(["sh", "-euc", script], cwd=home, capture_output=True, text=True, timeout=120, check=False,
                          env={"HOME": str(home), "PATH": f"{tools}:/usr/bin:/bin", **environment})
    assert done.returncode == 0, done
    return done.stdout


def made(server):
    """How many tokens the server has."""
    return len(server.ask("LIST", "auth/token/accessors")["data"]["keys"])


@pytest.mark.parametrize("kind", ["service", "batch"])
def test_one_token_for_many_jobs(vtoken, server, kind):
    before = made(server)
    command = ("create", "-cache=jobs", f"-type={kind}", "-policy=default", "-ttl=1h")
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        tokens = {done.result() for done in [pool.submit(vtoken.field, "token", *command) for _ in range(30)]}
    assert len(tokens) == 1
    assert made(server) - before == (1 if kind == "service" else 0)
    assert 3500 < int(vtoken.field("token_duration", *command)) <= 3600


def test_a_revoked_token_is_never_given(vtoken, server):
    parent = vtoken.field("token", "create", "-policy=root", "-ttl=1h")
    for flags in (["-policy=default"], ["-policy=default", "-type=batch"], ["-policy=none", "-no-default-policy"]):
        command = ("create", "-q", "-cache=dead", "-ttl=1h", *flags)
        first = vtoken.field("token", *command, VAULT_TOKEN=parent)
        assert vtoken.field("token", *command, VAULT_TOKEN=parent) == first
        if first.startswith("hvb.") or first.startswith("b."):  # it ends with its parent, whose token the cache is for
            server.ask("POST", "auth/token/revoke-orphan", {"token": parent})
            assert vtoken.run(*command, "-field=token", VAULT_TOKEN=parent).status == 2
            parent = vtoken.field("token", "create", "-policy=root", "-ttl=1h")
        else:
            server.ask("POST", "auth/token/revoke", {"token": first})
            second = vtoken.run("create", *[word for word in command[1:] if word != "-q"], "-field=token", VAULT_TOKEN=parent)
            assert second.status == 0 and second.out != first and "looked up" not in second.err, second
            assert vtoken.ok("lookup", second.out).status == 0


def test_a_token_that_nobody_may_look_at(vtoken, server, home):
    """It cannot be told from a dead one, so a new one is made, and that is said."""
    server.ask("PUT", "sys/policies/acl/maker", {"policy": 'path "auth/token/create" { capabilities = ["update", "sudo"] }'})
    maker = vtoken.field("token", "create", "-policy=maker", "-policy=none", "-ttl=1h")
    command = ("create", "-cache=blind", "-policy=maker", "-no-default-policy", "-ttl=1h", "-field=token")
    first = vtoken.run(*command, VAULT_TOKEN=maker)
    again = vtoken.run(*command, VAULT_TOKEN=maker)
    assert first.status == again.status == 0 and first.out != again.out
    assert "cannot be looked up" in again.err and "Warning" not in first.err, (first, again)


def test_a_server_that_cannot_be_asked(vtoken, home):
    command = ("create", "-cache=jobs", "-policy=default", "-ttl=1h", "-field=token")
    vtoken.ok(*command)
    done = vtoken.run(*command, VAULT_ADDR="http://127.0.0.1:1")
    assert done.status == 2 and done.out == ""


def test_one_that_ends_soon_is_replaced(vtoken):
    command = ("create", "-cache=short", "-policy=default", "-ttl=30m")
    first = vtoken.field("token", *command)
    assert vtoken.field("token", *command, "-cache-min-ttl=29m") == first
    done = vtoken.run(*command, "-cache-min-ttl=31m", "-field=token")
    assert done.status == 0 and done.out != first and "30m, less than" in done.err


def test_a_shell_asks_with_the_token_from_then_on(server, authority, home):
    made = 'eval "$(vtoken create -policy=default -ttl=1h -display-name=shell -format=env)"; vtoken lookup -field=display_name'
    root = {"VAULT_ADDR": server.http, "VAULT_TOKEN": "root-of-the-tests"}
    assert shell(home, made, **root) == "token-shell"
    assert shell(home, made, **root, BAO_TOKEN="root-of-the-tests", BAO_ADDR=server.http) == "token-shell"
    # What flags said goes along.
    over_tls = f"create -policy=default -ttl=1h -display-name=shell -address={server.https()} -ca-cert={authority.file} -format=env"
    assert shell(home, f'eval "$(vtoken {over_tls})"; vtoken lookup -field=display_name; echo; echo "$VAULT_ADDR"',
                 VAULT_TOKEN="root-of-the-tests") == f"token-shell\n{server.https()}\n"
    # So does the namespace, and a wrapped token once it is opened.
    server.ask("POST", "sys/namespaces/team")
    made = 'eval "$(vtoken create -policy=default -ttl=1h -namespace=team -format=env)"; vtoken lookup -field=path; echo "$VAULT_NAMESPACE"'
    assert shell(home, made, **root) == "auth/token/createteam\n"
    made = ('wrapped=$(vtoken create -policy=default -ttl=1h -wrap-ttl=1m -field=wrapping_token);'
            'eval "$(vtoken unwrap -format=env "$wrapped")"; vtoken renew -format=env | grep -c VAULT_TOKEN=')
    assert shell(home, made, **root) == "1\n"
    # The wrapping token itself may be the one in use: looking at it before costs it nothing.
    made = ('VAULT_TOKEN=$(vtoken create -policy=default -ttl=1h -display-name=inner -wrap-ttl=1m -field=wrapping_token);'
            'eval "$(vtoken unwrap -format=env)"; vtoken lookup -field=display_name')
    assert shell(home, made, **root) == "token-inner"
    made = ('wrapped=$(vtoken lookup -wrap-ttl=1m -field=wrapping_token); vtoken unwrap -format=env "$wrapped" && exit 1;'
            'vtoken unwrap -field=display_name "$wrapped"')
    assert shell(home, made, **root) == "token"
