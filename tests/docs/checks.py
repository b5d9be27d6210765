"""What each shell block of documents 000 and 002 has to do, by name: how it is known, and the check."""
import re
from collections import namedtuple

from house import table_tokens

Check = namedtuple("Check", "document mark run")


def near(seconds, expected):
    """A TTL that has run for at most a minute."""
    assert expected - 60 <= seconds <= expected, f"TTL {seconds}, expected about {expected}"


def ran(done):
    assert done.returncode == 0, f"exit {done.returncode}: {done.stderr}"
    return done


def is_batch(house, token, policies, ttl):
    assert token.startswith("hvb."), "a batch token begins with hvb."
    data = house.lookup(token)
    assert data["type"] == "batch" and data["policies"] == policies, data
    assert data["renewable"] is False and data["accessor"] == "" and data["orphan"] is False, data
    near(data["ttl"], ttl)
    near(data["creation_ttl"], ttl)
    for refused in (["renew", token], ["revoke", token]):
        assert house.attempt(*refused).returncode != 0, f"a batch token took {refused[0]}"
    child = house.attempt("create", token=token)
    assert child.returncode == 2 and "batch tokens cannot create more tokens" in child.stderr, child.stderr
    return data


def batch_create(house, block):
    before = house.accessors()
    first, second = table_tokens(ran(house.shell(block)).stdout)
    is_batch(house, first, ["default", "my-policy"], 3600)
    data = is_batch(house, second, ["app-secrets", "default"], 1800)
    assert data["meta"] == {"environment": "production", "service": "api-gateway"}, data
    assert house.accessors() == before, "a batch token was stored"


def batch_role(house, block):
    done = ran(house.shell(block))
    # The real command says nothing of success when the answer warns, as the store does here.
    assert "Success! Data written to: auth/token/roles/ci-batch" in done.stdout or "WARNING!" in done.stderr, done
    (token,) = table_tokens(done.stdout)
    data = is_batch(house, token, ["ci-secrets", "default"], 1800)
    assert data["role"] == "ci-batch", data
    role = house.json("roles", "read", "ci-batch")["data"]
    assert role["token_type"] == "batch" and role["orphan"] is False, role
    near(house.lookup(house.create("-role=ci-batch", "-ttl=5h")[0])["ttl"], 3600)


def batch_capped(house, block):
    parent, accessor = house.create("-ttl=2h", "-policy=app")
    done = ran(house.shell(block, token=parent))
    (token,) = table_tokens(done.stdout)
    is_batch(house, token, ["app", "default"], 7200)
    assert re.search(r'TTL of "4h" exceeded the effective max_ttl of "(2h|1h59m\d+s)"; TTL value is capped accordingly',
                     " ".join(done.stderr.split())), done.stderr
    house.vtoken("revoke", "-accessor", accessor)
    assert house.dead(token), "the batch token outlived its parent"


def service_create(house, block):
    (token,) = table_tokens(ran(house.shell(block)).stdout)
    data = house.lookup(token)
    assert token.startswith("hvs.") and data["type"] == "service", data
    assert data["policies"] == ["app-secrets-read", "default"] and data["display_name"] == "token-my-application", data
    assert data["renewable"] is True and data["orphan"] is False, data
    near(data["ttl"], 86400)
    assert data["accessor"] in house.accessors()


def accessor_use(house, block):
    token, accessor = house.create("-policy=app")
    child, _ = house.create(token=token)
    other, other_accessor = house.create("-policy=app")
    done = ran(house.shell(block.replace("aGvs.abc123...", accessor)))
    assert re.search(rf"^accessor +{accessor}$", done.stdout, re.MULTILINE), done.stdout
    assert "Success! Revoked token (if it existed)" in done.stdout, done.stdout
    assert token not in done.stdout and token not in done.stderr, "the token was revealed"
    listed = done.stdout.split("Keys\n----\n")[1].split()
    assert accessor not in listed and other_accessor in listed, listed
    assert house.dead(token) and house.dead(child) and not house.dead(other)


def sweep(house, block):
    guilty, innocent = [], []
    for index in range(6):
        token, _ = house.create("-policy=compromised-app-policy", f"-policy=p{index}", f"-orphan={str(index % 2 == 0).lower()}")
        guilty.append(token)
        innocent.append(house.create(f"-policy=p{index}", f"-orphan={str(index % 2 == 0).lower()}")[0])
    # Descendants die with them, whatever they hold; so does a batch token, which no list shows.
    guilty.append(house.create("-policy=p0", token=guilty[0])[0])
    guilty.append(house.create(token=guilty[1])[0])
    guilty.append(house.create("-type=batch", token=guilty[1])[0])
    innocent.append(house.create("-period=1h", "-policy=fine")[0])
    done = ran(house.shell(block))
    assert done.stdout.endswith("Revocation complete\n"), done.stdout
    assert done.stdout.count("Revoking token with accessor: ") >= 6, done.stdout
    assert [house.dead(t) for t in guilty] == [True] * len(guilty), "a token with the policy lives"
    assert [house.dead(t) for t in innocent] == [False] * len(innocent), "a token without the policy is gone"
    assert len(house.accessors()) == len(innocent) + 1, "besides them, the root token is left"


def orphan_create(house, block):
    maker, accessor = house.create("-policy=root")
    (token,) = table_tokens(ran(house.shell(block, token=maker)).stdout)
    data = house.lookup(token)
    assert data["orphan"] is True and data["policies"] == ["background-job-policy", "default"], data
    assert data["display_name"] == "token-weekly-batch-processor", data
    near(data["ttl"], 604800)
    house.vtoken("revoke", "-accessor", accessor)
    assert house.dead(maker) and not house.dead(token), "the orphan died with its maker"


def periodic_create(house, block):
    (token,) = table_tokens(ran(house.shell(block)).stdout)
    data = house.lookup(token)
    assert data["period"] == 3600 and data["explicit_max_ttl"] == 0 and data["renewable"] is True, data
    assert data["display_name"] == "token-eternal-worker", data
    assert data["policies"] == ["default", "long-running-service"], data
    near(data["ttl"], 3600)
    assert house.json("renew", token, "-increment=9000h")["auth"]["lease_duration"] == 3600, "renewed to its period"


def service_role(house, block):
    done = ran(house.shell(block))
    assert "Success! Data written to: auth/token/roles/app-service-token" in done.stdout, done.stdout
    role = house.json("roles", "read", "app-service-token")["data"]
    assert set(role["allowed_policies"]) == {"app-secrets-read", "app-database-creds"}, role
    assert set(role["disallowed_policies"]) == {"admin", "root"}, role
    assert role["orphan"] is True and role["renewable"] is True, role
    assert role["token_period"] == 3600 and role["token_explicit_max_ttl"] == 0, role
    token, _ = house.create("-role=app-service-token", "-display-name=payment-service-prod")
    data = house.lookup(token)
    # As on a server, the period stays with the role: the token's own data do not show it, its renewals do.
    assert data["orphan"] is True and data["role"] == "app-service-token" and data["renewable"] is True, data
    near(data["ttl"], 3600)
    assert house.json("renew", token, "-increment=9000h")["auth"]["lease_duration"] == 3600, "renewed to the period"
    assert set(data["policies"]) == {"app-secrets-read", "app-database-creds", "default"}, data
    refused = house.attempt("create", "-role=app-service-token", "-policy=admin")
    assert refused.returncode == 2 and "Code: 400" in refused.stderr, refused.stderr


SWEEP = "vtoken accessors revoke -policy=compromised-app-policy -dry-run\n"
SWEPT = "-journal=sweep.ndjson -verify -yes\n"
GUILTY = """bad=$(vtoken create -policy=compromised-app-policy -field=token)
good=$(vtoken create -policy=other -field=token)
"""
GONE = """if vtoken lookup "$bad"; then echo SWEEP MISSED; exit 9; fi
vtoken lookup "$good"
"""


def page(house, script):
    """The blocks of a page. Its recipe for a sweep, if it has it, is given something to sweep and something to leave."""
    del house.environment["VAULT_ADDR"]
    house.environment["VTOKEN_STORE"] = str(house.store)
    if SWEEP in script:
        start = script.index(SWEEP)
        end = script.index(SWEPT, start) + len(SWEPT)
        script = script[:start] + GUILTY + script[start:end] + GONE + script[end:]
    ran(house.shell(script))


# The pages with recipes for a store; README.md makes its own.
PAGES = ("README.md", "docs/operators.md", "docs/scripts.md", "docs/store.md", "docs/tokens.md")
PAGE = Check("", "", page)

CHECKS = {
    "batch-create": Check("000", "-metadata=environment=production", batch_create),
    "batch-role": Check("000", "auth/token/roles/ci-batch", batch_role),
    "batch-capped": Check("000", "-ttl=4h", batch_capped),
    "service-create": Check("002", "my-application", service_create),
    "accessor": Check("002", 'lookup -accessor "aGvs', accessor_use),
    "sweep": Check("002", "POLICY_TO_REVOKE", sweep),
    "orphan-create": Check("002", "weekly-batch-processor", orphan_create),
    "periodic-create": Check("002", "eternal-worker", periodic_create),
    "service-role": Check("002", "auth/token/roles/app-service-token", service_role),
}
