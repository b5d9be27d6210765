"""What a scripted server knows: tokens, and what becomes of them when somebody asks."""
import dataclasses
import random
import string
import time

INVALID_TOKEN = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"


@dataclasses.dataclass(eq=False)
class Token:
    accessor: str
    display_name: str = "token"
    path: str = "auth/token/create"
    policies: list = dataclasses.field(default_factory=lambda: ["default"])
    identity_policies: list = dataclasses.field(default_factory=list)
    meta: dict = None
    ttl: int = 3600
    created: int = dataclasses.field(default_factory=lambda: int(time.time()))
    parent: str = ""  # an accessor
    secret: str = ""  # set for tokens that ask something themselves

    def shown(self):
        data = {"accessor": self.accessor, "creation_time": self.created, "creation_ttl": self.ttl,
                "display_name": self.display_name, "entity_id": "", "expire_time": None, "explicit_max_ttl": 0, "id": "",
                "meta": self.meta, "num_uses": 0, "orphan": not self.parent, "path": self.path, "policies": self.policies,
                "renewable": False, "ttl": self.ttl, "type": "service"}
        return data | ({"identity_policies": self.identity_policies} if self.identity_policies else {})


@dataclasses.dataclass
class Request:
    method: str
    path: str  # without "/v1/" and without a query
    headers: dict
    body: dict
    number: int = 0  # from 1, in the order of arrival

    @property
    def accessor(self):
        return self.body.get("accessor", "")

    @property
    def kind(self):
        """"list", "lookup", "revoke", "self", "capabilities" or "other"."""
        return {"auth/token/accessors": "list", "auth/token/lookup-accessor": "lookup", "auth/token/revoke-accessor": "revoke",
                "auth/token/lookup-self": "self", "sys/capabilities-self": "capabilities"}.get(self.path.rstrip("/"), "other")


def good(data, **more):
    return 200, {"request_id": "r", "lease_id": "", "renewable": False, "lease_duration": 0, "data": data, "wrap_info": None,
                 "warnings": None, "auth": None} | more


def bad(status, *errors):
    return status, {"errors": list(errors)}


class Vault:
    """Tokens by accessor. Answers are (status, body or None). Called from one thread at a time."""

    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.tokens = {}
        self.dangling = set()  # accessors that are listed and lead nowhere
        self.lingering = set()  # accessors that are listed again after a revocation
        self.wrong = {}  # accessor: the token that a lookup shows instead
        self.revocations = []  # accessors whose revocation was asked for and not refused, in order
        self.ended = []  # accessors of tokens that ended, in order
        self.caller = self.add(display_name="root", policies=["root"], path="auth/token/root", secret="s.ScriptedCaller", ttl=0)

    def add(self, **facts):
        accessor = "".join(self.random.choices(string.ascii_letters + string.digits, k=24))
        token = self.tokens[accessor] = Token(accessor, **facts)
        return token

    def crowd(self, count, every=3, policy="app"):
        """`count` tokens, of which every `every`th has the policy; the accessors of those."""
        marked = set()
        for number in range(count):
            hit = number % every == 0
            token = self.add(display_name=f"userpass-user{number % 7}", path=f"auth/userpass/login/user{number % 7}",
                             policies=["default", policy] if hit else ["default", "team"])
            if hit:
                marked.add(token.accessor)
        return marked

    def end(self, accessor):
        """The token and its descendants are no more."""
        if self.tokens.pop(accessor, None) is None:
            return
        self.ended.append(accessor)
        for child in [token.accessor for token in self.tokens.values() if token.parent == accessor]:
            self.end(child)

    def with_policy(self, policy="app"):
        return {token.accessor for token in self.tokens.values() if policy in token.policies + token.identity_policies}

    def answer(self, request):
        secret = request.headers.get("x-vault-token", "")
        caller = next((token for token in self.tokens.values() if token.secret and token.secret == secret), None)
        if caller is None:
            return bad(403, INVALID_TOKEN)
        return getattr(self, "answer_" + request.kind)(request, caller)

    def answer_list(self, _request, _caller):
        return good({"keys": [*self.tokens, *self.dangling, *self.lingering]})

    def answer_lookup(self, request, _caller):
        if request.accessor in self.dangling:
            return bad(403, "permission denied")
        token = self.wrong.get(request.accessor) or self.tokens.get(request.accessor)
        return good(token.shown()) if token else bad(400, "invalid accessor")

    def answer_revoke(self, request, _caller):
        if request.accessor in self.dangling:
            return bad(400, "token not found")
        self.revocations.append(request.accessor)
        if request.accessor not in self.tokens:
            return good(None, warnings=["No token found with this accessor"])
        self.end(request.accessor)
        return 204, None

    def answer_self(self, _request, caller):
        return good(caller.shown() | {"id": caller.secret})

    def answer_capabilities(self, request, caller):
        all_paths = {path: ["root"] if "root" in caller.policies else ["deny"] for path in request.body.get("paths", [])}
        return good(all_paths | {"capabilities": next(iter(all_paths.values()), ["deny"])})

    def answer_other(self, request, _caller):
        if request.path == "sys/health":
            return good({}, initialized=True, sealed=False, standby=False, version="2.6.0")
        return bad(404)
