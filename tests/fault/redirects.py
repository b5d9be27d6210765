#!/usr/bin/env python3
"""Redirects: one is followed, to the same host only, and never from https to http. What is refused is not asked, so that no
token and no body reaches it."""
import itertools

from runner import GOOD, Case, main
from server import Server

SHOWN = r"(?s)Key .*ttl +1h.*"


def redirect(status, *locations, headers=(), body=b""):
    """Sends the first request to the first location, the next to the next; then all is well. A location may name {ADDR}."""
    rest = iter(locations)

    def behave(talk):
        while request := talk.request():
            location = next(rest, None)
            if location is None:
                talk.answer(200, b'{"data":{"keys":["k"]}}' if "list=true" in request.target else GOOD)
            else:
                location = location.replace("{ADDR}", talk.server.address).replace("{PORT}", str(talk.server.port))
                talk.answer(status, body, [f"Location: {location}", *headers])
    return behave


def same_again(done):
    """The request that follows a redirect is the first one, at another path."""
    first, second = done.requests
    changed = {name for name in {*first.headers, *second.headers} if first.headers.get(name) != second.headers.get(name)}
    if (first.method, first.body) != (second.method, second.body) or changed:
        return f"the second request differs: {second.text!r}"
    return None


def untouched(other):
    """Nothing reached the other server."""
    return lambda done: f"the other host was asked: {other.requests[0].text!r}" if other.requests else (
        "the other host was called" if other.connections else None)


def followed():
    for status in (301, 302, 307):
        yield Case(f"{status} is followed", redirect(status, "{ADDR}/v1/there"), status=0, out=SHOWN, asked=2, check=same_again)
        yield Case(f"{status} of a write", redirect(status, "{ADDR}/v1/there"), "write auth/token/lookup token=x", status=0,
                   out=SHOWN, asked=2, check=same_again)
    yield Case("307 of a list", redirect(307, "{ADDR}/v1/sys/policy?list=true"), "list sys/policy", status=0, out="(?s)Keys.*k\n",
               asked=2, check=same_again)
    page = b"<html>" + b"moved " * 100 + b"</html>"
    yield Case("with a page", redirect(307, "/v1/there", body=page), status=0, out=SHOWN, asked=2)
    yield Case("with a page, of a list", redirect(307, "/v1/sys/policy?list=true", body=page), "list sys/policy", status=0,
               out="(?s)Keys.*k\n", asked=2)

    def endless_page(talk):
        talk.request()
        if talk.number > 1:
            return talk.answer(200, GOOD)
        talk.send(b"HTTP/1.1 307 Moved\r\nLocation: /v1/there\r\n\r\n")
        while True:
            talk.send(page)
    yield Case("with a page without end", endless_page, status=0, out=SHOWN, asked=2)
    yield Case("to a path", redirect(307, "/v1/there"), status=0, out=SHOWN, asked=2, check=same_again)
    yield Case("with the scheme in capitals", redirect(307, "HTTP://127.0.0.1:{PORT}/v1/there"), status=0, out=SHOWN, asked=2)
    yield Case("a cookie is not kept", redirect(307, "/v1/there", headers=["Set-Cookie: a=b; Path=/"]), status=0, out=SHOWN, asked=2,
               check=lambda done: "a cookie is sent" if "cookie" in done.requests[1].headers else None)
    yield Case("a fragment is not sent", redirect(307, "{ADDR}/v1/there#part"), status=0, out=SHOWN, asked=2,
               check=lambda done: None if done.requests[1].target == "/v1/there" else done.requests[1].target)


def loops():
    yield Case("a loop", redirect(307, *["{ADDR}/v1/auth/token/lookup-self"] * 50), says="redirects again", asked=2)
    yield Case("a loop of a list", redirect(307, *["{ADDR}/v1/sys/policy?list=true"] * 50), "list sys/policy", says="(?i)redirect",
               asked=2)
    yield Case("a long way", redirect(301, *(f"/v1/{i}" for i in range(50))), says="(?i)redirect", asked=2)


def nowhere():
    def no_location(talk):
        while talk.request():
            talk.answer(307)
    yield Case("no Location", no_location, says="(?i)location|redirect")
    for location in ("", " ", "http://", "https://", "http:", "://", "//", "///", ":", "http:///v1/x", "http://[::1", "http://[]/",
                     "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://127.0.0.1:-1/", "http://127.0.0.1:http/",
                     "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1:{PORT}/x", "data:,x",
                     "javascript:alert(1)", "unix:///tmp/socket", "http://127.0.0.1:{PORT} /v1", "http://" + "a" * 10_000,
                     "http://" + "a" * 70 + ".example/", "http://\x1b[31m/", "http://127.0.0.1:{PORT}@/"):
        yield Case(f"to {location[:40]!r} of {len(location)} characters", redirect(307, location), says="(?i)redirect|location", check=plain)
    yield Case("a Location of 200 kB", redirect(307, "/" + "a" * 200_000), says=".", asked=None)
    for number, path in enumerate(("/v1/\x1b[31mred", "/v1/a b", "/v1/\x00x", "/v1/\xff\xfe", "/../../v1/x", "/%00%0d%0a", "?x", "/")):
        yield Case(f"an odd path {number}", redirect(307, path), status=None, says=".*", out="(?s).*", asked=None, check=plain)


def plain(done):
    return "a control character is shown" if "\x1b" in done.err else None


def disabled():
    yield Case("redirects are off", redirect(307, "/v1/there"), env={"VAULT_DISABLE_REDIRECTS": "true"}, says=".")


def elsewhere():
    """Servers of another host must not hear of the token, nor of a body that holds one."""
    def here(talk):
        while talk.request():
            talk.answer(200, GOOD)
    for (name, location), (kind, args) in itertools.product({
            "another address": "http://127.0.0.2:{OTHER}/v1/x", "another name": "http://localhost:{OTHER}/v1/x",
            "a user": "http://127.0.0.1@127.0.0.2:{OTHER}/v1/x", "a password": "http://127.0.0.1:{PORT}@127.0.0.2:{OTHER}/v1/x",
            "a backslash": "http://127.0.0.2:{OTHER}\\@127.0.0.1:{PORT}/v1/x", "a number": "http://2130706434:{OTHER}/v1/x",
            "hexadecimal": "http://0x7f.0.0.2:{OTHER}/v1/x", "a short address": "http://127.2:{OTHER}/v1/x",
            "an escaped dot": "http://127%2e0.0.2:{OTHER}/v1/x", "a dot": "http://127.0.0.2.:{OTHER}/v1/x",
            "no scheme": "//127.0.0.2:{OTHER}/v1/x", "no scheme, backslashes": "/\\127.0.0.2:{OTHER}/v1/x",
            "one slash": "http:/127.0.0.2:{OTHER}/v1/x", "no slash": "http:127.0.0.2:{OTHER}/v1/x",
            "three slashes": "http:///127.0.0.2:{OTHER}/v1/x", "a tab": "ht\ttp://127.0.0.2:{OTHER}/v1/x",
            "IPv6": "http://[::ffff:127.0.0.2]:{OTHER}/v1/x"}.items(),
            {"read": "token lookup", "write": "token revoke {OTHER}", "list": "list sys/policy"}.items()):
        if kind != "read" and name not in ("another address", "a user", "no scheme", "one slash"):
            continue
        other = Server(here, host="localhost" if name == "another name" else "127.0.0.2")
        # Some of these are paths to who reads them strictly; then they are asked of the same host, and refused there.
        asked = None if name in ("no scheme, backslashes",) else 1
        status = None if asked is None else 2
        yield Case(f"{kind}: {name}", redirect(307, location.replace("{OTHER}", str(other.port))), args, asked=asked, status=status,
                   says=".*" if asked is None else "(?i)redirect|location", out="(?s).*" if asked is None else "", check=untouched(other))
    plain_http = Server(here)
    yield Case("from https to http", redirect(307, plain_http.address + "/v1/x"), https=True, says="(?i)redirect",
               check=untouched(plain_http))
    yield Case("from https to http, a list", redirect(307, plain_http.address + "/v1/x"), "list sys/policy", https=True,
               says="(?i)redirect", check=untouched(plain_http))
    yield Case("from https to https", redirect(307, "{ADDR}/v1/there"), https=True, status=0, out=SHOWN, asked=2, check=same_again)
    dead = Server(here)
    dead.stop()
    yield Case("to a port where nobody listens", redirect(307, dead.address + "/v1/x"), says="refused")


if __name__ == "__main__":
    main([*followed(), *loops(), *nowhere(), *disabled(), *elsewhere()], at_once=16)
