"""Thousands of tokens of known kinds on a real server, and what is left of them: the tests' own view, beside vtoken's."""
import concurrent.futures
import http.client
import json
import random
import socket
import threading
import time
import urllib.parse

from servers import ROOT


class Client:
    """Asks one server over connections that stay open, one for each of so many threads."""

    def __init__(self, address, token=ROOT, context=None, namespace=None, threads=8):
        url = urllib.parse.urlsplit(address)
        self.place, self.context = (url.hostname, url.port), context
        self.headers = {"X-Vault-Request": "true", **({"X-Vault-Namespace": namespace} if namespace else {})}
        self.token, self.kept, self.threads = token, threading.local(), threads

    def _connection(self):
        if not hasattr(self.kept, "connection"):
            made = http.client.HTTPSConnection(*self.place, context=self.context, timeout=60) if self.context \
                else http.client.HTTPConnection(*self.place, timeout=60)
            made.connect()
            made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.kept.connection = made
        return self.kept.connection

    def attempt(self, method, path, body=None, token=None):
        """(status, JSON or None)."""
        connection = self._connection()
        connection.request(method, f"/v1/{path}", None if body is None else json.dumps(body),
                           {**self.headers, "X-Vault-Token": token or self.token})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.strip() else None

    def ask(self, method, path, body=None, token=None):
        status, answer = self.attempt(method, path, body, token)
        assert status < 300, (method, path, status, answer)
        return answer

    def patient(self, method, path, body, token=None):
        """Asks again while a cluster looks for a leader: the answer is 500, or 400 from the one that has just lost the lead."""
        for _ in range(10):
            status, answer = self.attempt(method, path, body, token)
            if status < 500 and "leadership lost" not in str(answer):
                break
            time.sleep(1)
        assert status < 300, (method, path, status, answer)
        return answer

    def each(self, work, items):
        """work(item) for all of them, several at once: the results in order."""
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, items))

    def accessors(self):
        status, answer = self.attempt("LIST", "auth/token/accessors")
        return set(answer["data"]["keys"]) if status == 200 else set()

    def lookup(self, accessor):
        return self.attempt("POST", "auth/token/lookup-accessor", {"accessor": accessor})

    def policy(self, name, text=""):
        self.ask("PUT", f"sys/policies/acl/{name}", {"policy": text or f'path "secret/{name}" {{ capabilities = ["read"] }}'})


class Made:
    """One token, and those that end with it. A batch token has no accessor; one without the default policy may not look at
    itself."""

    def __init__(self, auth):
        self.token, self.accessor, self.children = auth["client_token"], auth["accessor"], []
        self.may_look = "default" in auth["policies"] or "root" in auth["policies"]

    def family(self):
        """Itself and its descendants."""
        return [self, *(one for child in self.children for one in child.family())]


class Population:
    """The tokens made so far, by kind; `alive` are those that are to be there still."""

    def __init__(self, client):
        self.client, self.kinds, self.alive = client, {}, set()
        self.strangers = client.accessors()  # such as the root token's
        self.remnants = set()  # accessors of the dead that a server may list, or clear away

    def make(self, kind, count, body, path="auth/token/create", by=None):
        """So many tokens with body(n), of this kind; `by` are their makers in turn, else the client's own token. Makers lose
        them when they end, unless the server says that they are orphans."""
        def one(number):
            maker = by[number % len(by)] if by else None
            answer = self.client.patient("POST", path, body(number), token=maker and maker.token)
            return Made(answer["auth"]), maker if not answer["auth"]["orphan"] else None
        made = self.client.each(one, range(count))
        for token, maker in made:
            if maker:
                maker.children.append(token)
        self.add(kind, [token for token, _ in made])

    def add(self, kind, tokens):
        self.kinds.setdefault(kind, []).extend(tokens)
        self.alive.update(tokens)

    def of(self, *kinds):
        """The living ones of these kinds."""
        return [token for kind in kinds for token in self.kinds[kind] if token in self.alive]

    def dying(self, tokens):
        """Revoking these ends them and their descendants."""
        return {one for token in tokens for one in token.family()} & self.alive

    def forget_strays(self):
        """Revokes what patient() made without learning of it; of some there is but the accessor."""
        known = {token.accessor for token in self.alive}
        for accessor in self.client.accessors() - known - self.strangers:
            self.client.attempt("POST", "auth/token/revoke-accessor", {"accessor": accessor})
        self.strangers = self.client.accessors() - known

    def bury(self, dead, may_be_listed=False):
        """Checks that exactly these have ended: all accessors that the server lists, and some tokens, by themselves. With
        `may_be_listed` accessors of the dead may be left in the list, and all the dead are asked."""
        self.alive -= dead
        expected = {token.accessor for token in self.alive if token.accessor} | self.strangers
        listed = self.client.accessors()
        # The next test begins with what there is.
        self.alive = {token for token in self.alive if not token.accessor or token.accessor in listed}
        if may_be_listed:
            self.remnants |= {token.accessor for token in dead}
        listed -= self.remnants
        assert listed == expected, f"left over: {len(listed - expected)}, gone with them: {len(expected - listed)}"
        self.check(dead if may_be_listed else sample(dead), 403)
        self.check(sample(token for token in self.alive if token.may_look), 200)

    def check(self, tokens, status):
        """Each token asks the server about itself."""
        answers = self.client.each(lambda token: self.client.attempt("GET", "auth/token/lookup-self", token=token.token), tokens)
        assert {answer[0] for answer in answers} <= {status}

    def check_all(self):
        """Every one that is to be alive is, by its accessor."""
        known = [token.accessor for token in self.alive if token.accessor]
        answers = self.client.each(self.client.lookup, known)
        wrong = [(accessor, answer) for accessor, answer in zip(known, answers)
                 if answer[0] != 200 or answer[1]["data"]["accessor"] != accessor]
        assert not wrong, wrong[:3]


def sample(tokens, most=100):
    tokens = list(tokens)
    return random.sample(tokens, min(most, len(tokens)))
