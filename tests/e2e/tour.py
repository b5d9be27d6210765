"""Every command once, in an order that leaves nothing behind: run over each way to reach a server."""

POLICY = 'path "sys/policies/acl/*" { capabilities = ["read"] }\n'


def create_and_look(vtoken):
    made = vtoken.ok("create", "-policy=default", "-ttl=1h", "-metadata=by=tour", "-format=json").json["auth"]
    token, accessor = made["client_token"], made["accessor"]
    assert vtoken.field("ttl", "lookup", "@/dev/stdin", stdin=token) in ("3600", "3599", "3598", "3597")
    assert vtoken.ok("lookup", "-accessor", accessor, "-format=json").json["data"]["meta"] == {"by": "tour"}
    assert accessor in vtoken.ok("accessors", "list").out.split()
    assert vtoken.ok("accessors", "lookup", accessor, "-format=json").json["data"]["id"] == ""
    itself = vtoken.with_environment(VAULT_TOKEN=token)
    assert itself.field("accessor", "lookup") == accessor
    assert itself.field("token_duration", "renew", "-increment=2h") == "7200"
    assert vtoken.ok("renew", "-accessor", accessor, "-increment=30m").status == 0
    assert vtoken.ok("capabilities", token, "auth/token/lookup-self").out == "read\n"
    assert vtoken.ok("capabilities", "-accessor", accessor, "auth/token/lookup-self").out == "read\n"
    assert itself.ok("print", "token").out == token + "\n"
    return token, accessor


def tour(vtoken):
    token, accessor = create_and_look(vtoken)
    assert vtoken.ok("revoke", "-accessor", accessor).status == 0
    assert vtoken.run("lookup", token).status == 2
    one, two, three = (vtoken.field("token", "create", "-policy=default") for _ in range(3))
    vtoken.ok("revoke", one, two)
    vtoken.with_environment(VAULT_TOKEN=three).ok("revoke", "-self")
    for gone in (one, two, three):
        assert vtoken.run("lookup", gone).status == 2
    roles(vtoken)
    plain(vtoken)
    policies(vtoken)
    wrapping(vtoken)


def roles(vtoken):
    vtoken.ok("roles", "write", "tour", "allowed_policies=default", "orphan=true", "token_period=1h")
    assert vtoken.ok("roles", "list").out.split()[-1] == "tour"
    assert vtoken.ok("roles", "read", "tour", "-format=json").json["data"]["token_period"] == 3600
    token = vtoken.field("token", "create", "-role=tour")
    looked = vtoken.ok("lookup", token, "-format=json").json["data"]
    assert looked["orphan"] is True and looked["creation_ttl"] == 3600 and looked["role"] == "tour"
    vtoken.ok("revoke", "-mode=path", "auth/token/create/tour")
    assert vtoken.run("lookup", token).status == 2
    vtoken.ok("roles", "delete", "tour")
    assert vtoken.run("roles", "read", "tour").status == 2


def plain(vtoken):
    vtoken.ok("write", "cubbyhole/tour", "key=value", "other=-", stdin="from the input")
    assert vtoken.field("other", "read", "cubbyhole/tour") == "from the input"
    assert vtoken.ok("list", "cubbyhole").out.split()[-1] == "tour"
    vtoken.ok("delete", "cubbyhole/tour")
    assert vtoken.run("read", "cubbyhole/tour").status == 2


def policies(vtoken):
    vtoken.ok("policy", "write", "tour", "-", stdin=POLICY)
    assert "tour" in vtoken.ok("policy", "list").out.split()
    assert vtoken.ok("policy", "read", "tour").out.strip() == POLICY.strip()
    reader = vtoken.with_environment(VAULT_TOKEN=vtoken.field("token", "create", "-policy=tour"))
    assert reader.ok("policy", "read", "tour").status == 0
    assert reader.run("policy", "list").status == 2
    vtoken.ok("policy", "delete", "tour")
    assert "tour" not in vtoken.ok("policy", "list").out.split()


def wrapping(vtoken):
    wrapped = vtoken.field("wrapping_token", "create", "-policy=default", "-wrap-ttl=5m")
    token = vtoken.field("token", "unwrap", wrapped)
    assert vtoken.ok("lookup", token).status == 0
    assert vtoken.run("unwrap", wrapped).status == 2
