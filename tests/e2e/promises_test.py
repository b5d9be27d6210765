"""Where a real server does not do what the documents say, vtoken says so; as `vault` it asks nothing more than vault."""
import pytest

DOCUMENTS_ROLE = ("allowed_policies=default", "orphan=true", "token_ttl=30m", "token_max_ttl=1h")


def test_a_role_that_servers_refuse(vtoken):
    done = vtoken.run("roles", "write", "ci-batch", "allowed_policies=ci", "orphan=false", "token_type=batch")
    assert done.status == 2
    assert "'token_type' cannot be 'batch' when role is set to generate non-orphan tokens" in done.err
    assert "orphan=true renewable=false" in done.err
    fields = ("allowed_policies=ci", "orphan=true", "renewable=false", "token_type=batch")
    assert vtoken.ok("roles", "write", "ci-batch", *fields).err == ""  # and that works


def test_what_a_role_does_not_keep(vtoken):
    done = vtoken.ok("roles", "write", "deploy", *DOCUMENTS_ROLE)
    assert "does not keep token_ttl" in done.err and "does not keep token_max_ttl" in done.err
    assert vtoken.ok("roles", "write", "deploy", "token_period=1h").err == ""
    as_vault = vtoken.named("vault").ok("write", "auth/token/roles/deploy", *DOCUMENTS_ROLE)
    assert "does not keep token_ttl" in as_vault.err
    assert as_vault.out == "Success! Data written to: auth/token/roles/deploy\n"


def test_a_batch_token_ends_with_its_parent(vtoken):
    vtoken.ok("policy", "write", "maker", "-", stdin='path "auth/token/create" { capabilities = ["update"] }\n')
    parent = vtoken.with_environment(VAULT_TOKEN=vtoken.field("token", "create", "-policy=maker", "-ttl=1h"))
    longer = parent.ok("create", "-type=batch", "-ttl=4h")
    assert "stops working when its parent" in longer.err
    assert "parent" not in parent.ok("create", "-type=batch", "-ttl=10m").err
    assert parent.ok("create", "-type=batch", "-ttl=4h", "-q").err == ""


def test_a_role_decides_the_type_when_none_is_asked_for(vtoken):
    vtoken.ok("roles", "write", "light", "allowed_policies=default", "token_type=default-batch")
    def made(program, *words):
        return vtoken.field("type", "lookup", program.ok(*words, "-role=light", "-field=token").out)

    assert made(vtoken, "create") == "batch"
    assert made(vtoken, "create", "-type=service") == "service"
    # The real command always asks for a service token.
    assert made(vtoken.named("vault"), "token", "create") == "service"


@pytest.mark.parametrize("flags, said", [
    (["-policy=default", "-ttl=90000h"], 'TTL of "90000h" exceeded the effective max_ttl of "768h"'),
    (["-policy=default", "-type=batch", "-renewable=true"], "cannot be renewed, though that was asked for"),
    (["-policy=default,app"], "names one policy with a comma in its name"),
    (["-role=child", "-orphan"], "is no orphan, though that was asked for"),
])
def test_an_answer_that_is_not_what_was_asked(vtoken, flags, said):
    vtoken.ok("roles", "write", "child", "allowed_policies=default")
    done = vtoken.ok("create", *flags)
    assert said in done.err
    assert said not in done.out


def test_a_renewal_that_gives_nothing(vtoken):
    token = vtoken.field("token", "create", "-policy=default", "-ttl=1h", "-explicit-max-ttl=1h")
    assert "has reached its maximum" in vtoken.ok("renew", token).err
    assert "has reached its maximum" not in vtoken.named("vault").ok("token", "renew", token).err
