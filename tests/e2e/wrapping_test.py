"""Answers wrapped behind single-use tokens, with the real server and the real command."""


def test_a_wrapped_token_is_unwrapped_once(vtoken):
    made = vtoken.ok("create", "-policy=default", "-ttl=1h", "-wrap-ttl=5m", "-format=json").json
    assert "auth" not in made and made["wrap_info"]["ttl"] == 300
    token = vtoken.field("token", "unwrap", made["wrap_info"]["token"])
    assert vtoken.field("accessor", "lookup", token) == made["wrap_info"]["wrapped_accessor"]
    again = vtoken.run("unwrap", made["wrap_info"]["token"])
    assert again.status == 2 and "wrapping token is not valid or does not exist" in again.err


def test_with_the_wrapping_token_as_ones_own(vtoken):
    wrapped = vtoken.field("wrapping_token", "create", "-policy=default", VAULT_WRAP_TTL="90")
    token = vtoken.field("token", "unwrap", VAULT_TOKEN=wrapped)
    assert vtoken.ok("lookup", token).status == 0


def test_any_answer_can_be_wrapped(vtoken):
    vtoken.ok("write", "cubbyhole/wrapped", "a=b", "n=5")
    token = vtoken.field("wrapping_token", "read", "-wrap-ttl=1m", "cubbyhole/wrapped")
    assert vtoken.ok("unwrap", "-format=json", token).json["data"] == {"a": "b", "n": "5"}
    token = vtoken.field("wrapping_token", "lookup", "-wrap-ttl=1m")
    assert vtoken.field("path", "unwrap", token) == "auth/token/create"
    # This path wraps what it is given, for five minutes unless it is told otherwise.
    token = vtoken.field("wrapping_token", "write", "sys/wrapping/wrap", "secret=kept")
    assert vtoken.ok("write", "-format=json", "sys/wrapping/lookup", f"token={token}").json["data"]["creation_ttl"] == 300
    assert vtoken.field("secret", "unwrap", token) == "kept"


def test_between_programs(vtoken, bao):
    ours = vtoken.field("wrapping_token", "create", "-policy=default", "-wrap-ttl=1m")
    token = bao.ok("unwrap", "-field=token", ours).out
    assert vtoken.ok("lookup", token).status == 0
    theirs = bao.ok("token", "create", "-policy=default", "-wrap-ttl=1m", "-field=wrapping_token").out
    assert vtoken.field("token", "unwrap", theirs).startswith(("s.", "hvs."))
