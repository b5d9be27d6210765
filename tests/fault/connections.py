#!/usr/bin/env python3
"""Connections that are kept, proxies, several addresses, and what must not be sent or read."""
import os
import tempfile
import threading

from runner import GOOD, Case, main
from server import Server

SHOWN = r"(?s)Key .*ttl +1h.*"
SHORT = {"VAULT_CLIENT_TIMEOUT": "1"}


def good(talk):
    while talk.request():
        talk.answer(200, GOOD)


def kept():
    """Several requests of one run, on a connection that the server closes in between."""
    def closing(how):
        def behave(talk):
            talk.request()
            if how == "said":
                return talk.answer(200, GOOD, ["Connection: close"])
            talk.answer(200, GOOD)
            if how == "reset":
                talk.reset()
            if how == "late":
                talk.request()  # takes the next request, and leaves without a word
            return None
        return behave

    def unasked(data):
        def behave(talk):
            while talk.request():
                # At once: what arrives after the next request was sent would be its answer for any client.
                talk.answer(200, GOOD, unasked=data)
        return behave

    two = "lookup {OTHER} {OTHER}"
    for how in ("said", "silently", "reset"):
        # Retried, because the end may come while the next request is already on its way.
        yield Case(f"closed in between: {how}", closing(how), two, "vtoken", env={"VAULT_MAX_RETRIES": "2"}, status=0, out=r"(?s)Key .*\n\nKey .*", asked=2)
    yield Case("a read that was lost on a kept connection", closing("late"), two, "vtoken", env={"VAULT_MAX_RETRIES": "2"}, status=0,
               out=r"(?s)Key .*\n\nKey .*", asked=3)

    def late_write(talk):
        talk.request()
        if talk.number == 1:
            talk.answer(204)
            talk.request()
            return
        talk.answer(204)
    yield Case("a write that was lost on a kept connection", late_write, "revoke {OTHER} {OTHER}x", "vtoken",
               env={"VAULT_MAX_RETRIES": "2"}, says=".", out="(?s).*", asked=2)
    # An answer that comes before its request is nobody's answer.
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"data":{"forged":"yes"}}'
    yield Case("an answer too many", unasked(forged), two, "vtoken", status=None, says=".*", out="(?s).*", asked=None,
               check=lambda done: "the forged answer is shown" if "forged" in done.out else None)
    yield Case("noise after an answer", unasked(b"noise" * 100), two, "vtoken", status=None, says=".*", out="(?s).*", asked=None)
    yield Case("one connection for two requests", good, two, "vtoken", status=0, out="(?s)Key.*", asked=2,
               check=lambda done: None if done.connections == 1 else f"{done.connections} connections")
    yield Case("cookies are not kept", lambda talk: [talk.answer(200, GOOD, ["Set-Cookie: a=b; Path=/"]) for _ in iter(talk.request, None)],
               two, "vtoken", status=0, out="(?s)Key.*", asked=2,
               check=lambda done: "a cookie is sent" if "cookie" in done.requests[1].headers else None)


def many():
    """Some of many requests at once fail; the others do not suffer."""
    lock, count = threading.Lock(), iter(range(1_000_000))

    def some(talk):
        while talk.request():
            with lock:
                number = next(count)
            if number % 3 == 1:
                return talk.reset()
            talk.answer(204)
        return None
    tokens = " ".join(f"s.{i:024}" for i in range(60))
    yield Case("resets among many writes", some, f"revoke {tokens}", "vtoken", says=".", out="(?s).*", asked=None, seconds=30)

    def never(talk):
        while talk.request():
            pass
    yield Case("many writes without an answer", never, f"revoke {tokens}", "vtoken", env=SHORT, says="(?i)time|deadline", out="(?s).*",
               asked=None, seconds=15)

    long = b'{"warnings":["' + b"x" * (8 << 20) + b'"]}'

    def huge(talk):
        while talk.request():
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(long))
            talk.send(long)
    yield Case("many long answers", huge, f"revoke {tokens}", "vtoken", status=None, says=".*", out="(?s).*", asked=None, seconds=60,
               mib=800)


def several():
    """Several addresses: the next one is asked when one was not reached, and only then."""
    def lost(talk):
        talk.request()
        talk.reset()

    def unasked(server):
        return lambda done: f"the second server was asked: {server.requests[0].text!r}" if server.requests else None
    dead = Server(good)
    dead.stop()
    yield Case("the second address", good, program="vtoken", env={"VAULT_ADDR": dead.address + ",{ADDR}"}, status=0, out=SHOWN)
    yield Case("the second address for a write", good, "revoke {OTHER}", "vtoken", env={"VAULT_ADDR": dead.address + ",{ADDR}"}, status=0,
               out="Success.*\n")
    yield Case("the second address for a list", lambda talk: [talk.answer(200, b'{"data":{"keys":["k"]}}') for _ in iter(talk.request, None)],
               "list sys/policy", "vtoken", env={"VAULT_ADDR": dead.address + ",{ADDR}"}, status=0, out="(?s)Keys.*k\n")
    second = Server(good)
    yield Case("a write that was lost goes to nobody else", lost, "revoke {OTHER}", "vtoken",
               env={"VAULT_ADDR": "{ADDR}," + second.address}, says="reset", check=unasked(second))
    second = Server(good)
    yield Case("an answer that says no goes to nobody else", lambda talk: talk.request() and talk.answer(403, b'{"errors":["no"]}'), program="vtoken",
               env={"VAULT_ADDR": "{ADDR}," + second.address}, says="403", check=unasked(second))
    yield Case("no address answers", good, program="vtoken", env={"VAULT_ADDR": f"{dead.address},http://127.0.0.1:9"}, says="refused", asked=0)

    def to_dead(talk):
        while talk.request():
            talk.answer(307, b"", [f"Location: {dead.address}/v1/x"])
    yield Case("a redirect to a server that is gone", to_dead, env={"VAULT_MAX_RETRIES": "1"}, says="refused", asked=2)


def proxies():
    def html(status):
        def behave(talk):
            while talk.request():
                talk.answer(status, b"<html><body>Access denied by policy</body></html>", ["Content-Type: text/html"])
        return behave
    for status in (200, 403, 407, 502, 503):
        yield Case(f"a proxy says {status}", html(status), env={"VAULT_HTTP_PROXY": "{ADDR}", "VAULT_ADDR": "http://vault.invalid:8200"},
                   says=r"403|407|502|503|JSON")
        # The proxy hears where to, and nothing else.
        yield Case(f"a proxy says {status} to a tunnel", html(status), env={"VAULT_HTTP_PROXY": "{ADDR}",
                   "VAULT_ADDR": "https://vault.invalid:8200"}, says=".",
                   check=lambda done: "the proxy is told the token" if "x-vault" in done.requests[0].text.lower() else None)
    other = Server(html(200))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        yield Case(f"this machine is asked without {name}", good, env={name: other.address}, status=0, out=SHOWN,
                   check=lambda done: "the proxy was asked" if other.requests else None)
    yield Case("a proxy that never answers", lambda talk: talk.wait(), env={"VAULT_HTTP_PROXY": "{ADDR}",
               "VAULT_ADDR": "https://vault.invalid:8200", **SHORT}, says="(?i)time|deadline", asked=None, seconds=6)
    yield Case("a proxy that is not there", good, env={"VAULT_HTTP_PROXY": "http://127.0.0.1:9", "VAULT_ADDR": "http://vault.invalid:8200"},
               says="(?i)refused|proxy", asked=0)


def tls():
    def speak(data):
        return lambda talk: (talk.send(data), talk.linger())
    for name, data in {"plain HTTP": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "noise": os.urandom(4096), "nothing": b"",
                       "an alert": b"\x15\x03\x01\x00\x02\x02\x28", "half a record": b"\x16\x03\x03\x40\x00abc",
                       "records without end": b"\x16\x03\x03\x40\x00" + bytes(0x4000)}.items():
        server = Server(speak(data * (100 if "end" in name else 1)))
        yield Case(f"TLS answered with {name}", good, env={"VAULT_ADDR": server.address.replace("http:", "https:")}, says=".", asked=0)
    silent = Server(lambda talk: talk.wait())
    yield Case("TLS never answered", good, env={"VAULT_ADDR": silent.address.replace("http:", "https:"), **SHORT},
               says="(?i)time|deadline", asked=0, seconds=6)
    yield Case("https with a known certificate", good, https=True, status=0, out=SHOWN)
    yield Case("https with an unknown certificate", good, https=True, env={"VAULT_CACERT": None}, says="(?i)certificate", asked=0)
    yield Case("an unknown certificate is not tried again", good, https=True, env={"VAULT_CACERT": None, "VAULT_MAX_RETRIES": "5"},
               says="(?i)certificate", asked=0, seconds=8)
    yield Case("http to a server of https", lambda talk: (talk.request(), talk.send(b"\x15\x03\x01\x00\x02\x02\x46")), says=".")


def http2():
    """Frames of HTTP/2 that no server should send."""
    def frame(kind, flags=0, stream=0, payload=b""):
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    def frames(*sent, then="close", endless=b""):
        def behave(talk):
            talk.more()
            talk.send(frame(4))  # settings, as is right
            for each in sent:
                talk.send(each)
            while endless:
                talk.send(endless)
            talk.linger() if then == "close" else talk.wait()
        return behave
    status_200 = b"\x88"
    for name, behave in {
            "garbage": frames(os.urandom(4096)), "an answer of HTTP/1.1": frames(b"HTTP/1.1 200 OK\r\n\r\n"), "nothing": frames(),
            "GOAWAY": frames(frame(7, payload=bytes(8))), "RST_STREAM": frames(frame(3, stream=1, payload=bytes(4))),
            "a body before its head": frames(frame(0, 1, 1, GOOD)), "a frame that is too long": frames(frame(0, 0, 1, bytes(1 << 17))),
            "an unknown stream": frames(frame(1, 4, 7, status_200)), "a bad head": frames(frame(1, 4, 1, b"\xff" * 100)),
            "a cut body": frames(frame(1, 4, 1, status_200), frame(0, 0, 1, GOOD[:50])),
            "a head without a status": frames(frame(1, 5, 1, b"\x00\x01a\x01b")),
            "a pushed stream": frames(frame(5, 4, 1, (2).to_bytes(4, "big") + b"\x82\x86\x84"))}.items():
        yield Case(f"HTTP/2: {name}", behave, https="h2", says=".", asked=0, env=SHORT, seconds=6, mib=64)
    for name, endless in {"heads": frame(9, 0, 1, b"\x00\x01a\x01b" * 100), "settings": frame(4, payload=b"\x00\x03\x00\x00\x00\x64") * 100,
                          "pings": frame(6, payload=bytes(8)) * 100}.items():
        # Not here: empty bodies without end. libcurl 7.88 reads them for ever and forgets the time.
        yield Case(f"HTTP/2: {name} without end", frames(frame(1, 0, 1, status_200) if name == "heads" else frame(1, 4, 1, status_200),
                                                       endless=endless), https="h2", says=".", asked=0, env=SHORT, seconds=6, mib=64)
    yield Case("HTTP/2: an answer", frames(frame(1, 4, 1, status_200), frame(0, 1, 1, GOOD), then="wait"), https="h2", status=0, out=SHOWN,
               asked=0)


def secrets():
    """Nothing but the request is sent, whatever lies about."""
    def quiet(done):
        odd = {"authorization", "cookie", "proxy-authorization", "referer"} & set(done.requests[0].headers)
        return f"sends {odd}" if odd else None
    home = tempfile.mkdtemp()
    for name, text in {".netrc": "machine 127.0.0.1 login me password secret\ndefault login me password secret\n",
                       ".curlrc": "header = \"Cookie: a=b\"\nuser = \"me:secret\"\n"}.items():
        with open(os.path.join(home, name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(file.name, 0o600)
    yield Case(".netrc and .curlrc are not read", good, env={"HOME": home, "NETRC": home + "/.netrc", "CURL_HOME": home}, status=0,
               out=SHOWN, check=quiet)
    for name, address in {"a file": "file:///etc/passwd/x", "ftp": "ftp://127.0.0.1/", "gopher": "gopher://127.0.0.1/", "no scheme":
                          "127.0.0.1:8200", "nothing after it": "http://", "a password": "http://me:secret@127.0.0.1:1/", "spaces":
                          "http://127.0.0.1 :1", "a line feed": "http://127.0.0.1:1\nX-A: b", "an odd port": "http://127.0.0.1:99999",
                          "a query": "http://127.0.0.1:1/?a=b"}.items():
        yield Case(f"an address: {name}", good, env={"VAULT_ADDR": address}, status=(1, 2), says=".", asked=0,
                   check=lambda done: "shows a password" if "secret" in done.err else None)
    # What a person types stays inside its part of the request.
    for number, path in enumerate(("a?b=c", "a#b", "a%20b", "a\r\nX-Evil: 1", "a\nb", "../../sys/x", "a b", "ä/ö", "a\x7fb", "%0d%0aX-Evil:1")):
        yield Case(f"an odd path {number}", good, f"read\0{path}", status=None, says=".*", out="(?s).*", asked=None,
                   check=lambda done: "the path became a header" if any("x-evil" in each.headers for each in done.requests) else None)
    yield Case("a token with a line feed", good, env={"VAULT_TOKEN": "abc\r\nX-Evil: 1"}, status=(1, 2), says=".", asked=0)
    yield Case("a namespace with a line feed", good, env={"VAULT_NAMESPACE": "abc\r\nX-Evil: 1"}, status=(0, 1, 2), says=".*", out="(?s).*",
               asked=None, check=lambda done: "a header more" if any("x-evil" in each.headers for each in done.requests) else None)
    yield Case("a header with a line feed", good, "token\0lookup\0-header=A=b\r\nX-Evil: 1", status=(0, 1, 2), says=".*", out="(?s).*",
               asked=None, check=lambda done: "a header more" if any("x-evil" in each.headers for each in done.requests) else None)
    yield Case("a wrap TTL with a line feed", good, "token\0lookup\0-wrap-ttl=1h\r\nX-Evil: 1", status=(0, 1, 2), says=".*", out="(?s).*",
               asked=None, check=lambda done: "a header more" if any("x-evil" in each.headers for each in done.requests) else None)


if __name__ == "__main__":
    main([*kept(), *many(), *several(), *proxies(), *tls(), *http2(), *secrets()], at_once=12)
