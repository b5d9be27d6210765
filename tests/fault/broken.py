#!/usr/bin/env python3
"""Answers that are no HTTP, or end where they should not."""
import gzip

from runner import GOOD, Case, main

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(GOOD)
SHOWN = r"(?s)Key .*ttl +1h.*"
SHORT = {"VAULT_CLIENT_TIMEOUT": "1"}


def raw(*pieces, then="close"):
    """Sends the pieces after the first request, then closes, resets or waits for the client to go."""
    def behave(talk):
        if not talk.request():
            return
        for piece in pieces:
            talk.send(piece)
        {"close": talk.linger, "reset": talk.reset, "wait": talk.wait}[then]()
    return behave


def before(end):
    """Ends the connection before anything is asked."""
    def behave(talk):
        if end == "reset":
            talk.reset()
    return behave


def chunked(*chunks, end=b"0\r\n\r\n"):
    return raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", *(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks), end)


def bad_chunks(data):
    return raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", data)


def shown(name, behave, **more):
    return Case(name, behave, status=0, out=SHOWN, **more)


def heads():
    for name, line in {
            "an empty line": b"\r\n", "no HTTP": b"220 smtp.example.com ESMTP\r\n", "an SSH server": b"SSH-2.0-OpenSSH_9.2\r\n",
            "HTTP/9.9": b"HTTP/9.9 200 OK\r\n", "HTTP/1.1 without a status": b"HTTP/1.1\r\n",
            "a status of letters": b"HTTP/1.1 abc OK\r\n", "a status of one digit": b"HTTP/1.1 2 OK\r\n",
            "a status of five digits": b"HTTP/1.1 20000 OK\r\n", "a negative status": b"HTTP/1.1 -200 OK\r\n",
            "status 000": b"HTTP/1.1 000 None\r\n", "NUL in the status line": b"HTTP/1.1 \x00200 OK\r\n",
            "ICY": b"ICY 200 OK\r\n", "an HTTP/2 frame": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18),
            "a TLS alert": b"\x15\x03\x01\x00\x02\x02\x46", "NULs": bytes(4096), "noise": bytes(range(128, 256)) * 40}.items():
        yield Case(name, raw(line, LENGTH, b"\r\n", GOOD), says=r".")
    yield Case("HTTP/0.9", raw(GOOD), says=".")
    yield Case("HTTP/0.9 that never ends a line", raw(b"x" * 100_000), says=".")
    yield shown("HTTP/2 in words", raw(b"HTTP/2 200\r\n", LENGTH, b"\r\n", GOOD))
    yield shown("HTTP/1.0", raw(b"HTTP/1.0 200 OK\r\n\r\n", GOOD))
    yield shown("bare line feeds", raw(b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(GOOD), GOOD))
    yield shown("no reason phrase", raw(b"HTTP/1.1 200\r\n", LENGTH, b"\r\n", GOOD))
    yield shown("a folded header", raw(OK, LENGTH, b"X-A: b\r\n c\r\n\r\n", GOOD))
    yield Case("a header without a colon", raw(OK, LENGTH, b"no colon here\r\n\r\n", GOOD), says="malformed")
    yield Case("NUL in a header", raw(OK, LENGTH, b"X-A: b\x00c\r\n\r\n", GOOD), says=".")
    yield shown("100 Continue first", raw(b"HTTP/1.1 100 Continue\r\n\r\n", OK, LENGTH, b"\r\n", GOOD))
    yield shown("103 Early Hints first", raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", OK, LENGTH, b"\r\n", GOOD))
    yield Case("101 Switching Protocols", raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", then="close"), says=".")
    yield Case("nothing but 100 Continue", raw(b"HTTP/1.1 100 Continue\r\n\r\n"), says=".")


def lengths():
    for name, value in {"negative": b"-1", "of letters": b"many", "too long": b"%d" % (len(GOOD) + 10),
                        "huge": b"9" * 18, "of several": b"5, 6"}.items():
        yield Case(f"a length that is {name}", raw(OK, b"Content-Length: " + value + b"\r\n\r\n", GOOD), says=".")
    yield shown("a length beyond all numbers", raw(OK, b"Content-Length: " + b"9" * 40 + b"\r\n\r\n", GOOD))
    yield Case("a length that is too short", raw(OK, b"Content-Length: 20\r\n\r\n", GOOD), says="JSON")
    yield Case("two lengths", raw(OK, LENGTH, b"Content-Length: 5\r\n\r\n", GOOD), says=".")
    yield shown("the length twice", raw(OK, LENGTH, LENGTH, b"\r\n", GOOD))
    yield shown("no length", raw(OK, b"\r\n", GOOD))
    yield Case("no length, cut", raw(OK, b"\r\n", GOOD[:100]), says="JSON")
    yield Case("no length, reset", raw(OK, b"\r\n", GOOD[:100], then="reset"), says=".")
    yield Case("cut", raw(OK, LENGTH, b"\r\n", GOOD[:100]), says=".")
    yield Case("cut in the headers", raw(OK, LENGTH[:5]), says="unexpected EOF")
    yield Case("cut in the headers, of a write", raw(OK, LENGTH[:5]), "token revoke {OTHER}", says="unexpected EOF")
    yield Case("cut in the status line", raw(OK[:6]), says=".")
    yield Case("reset in the body", raw(OK, LENGTH, b"\r\n", GOOD[:100], then="reset"), says=".")
    yield shown("a length and chunks", raw(OK, b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                                           b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)))
    yield Case("200 with an empty body", raw(OK, b"Content-Length: 0\r\n\r\n"), says="empty")
    yield Case("204 with a body", raw(b"HTTP/1.1 204 No Content\r\n", LENGTH, b"\r\n", GOOD), "token revoke {OTHER}", status=0,
               out="Success.*\n")
    yield Case("304 with a body", raw(b"HTTP/1.1 304 Not Modified\r\n", LENGTH, b"\r\n", GOOD), says="304")


def chunks():
    half = len(GOOD) // 2
    yield shown("chunks", chunked(GOOD[:half], GOOD[half:]))
    yield shown("chunks of one byte", chunked(*(GOOD[i:i + 1] for i in range(len(GOOD)))))
    yield shown("chunk extensions", bad_chunks(b"%x;a=b;c\r\n%s\r\n0\r\n\r\n" % (len(GOOD), GOOD)))
    yield shown("trailers", chunked(GOOD, end=b"0\r\nX-A: b\r\n\r\n"))
    yield Case("a cut chunk", bad_chunks(b"%x\r\n%s" % (len(GOOD), GOOD[:half])), says=".")
    yield Case("no last chunk", chunked(GOOD, end=b""), says=".")
    yield Case("reset between chunks", raw(OK, b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (half, GOOD[:half]),
                                          then="reset"), says=".")
    for name, data in {"letters": b"zz\r\nab\r\n0\r\n\r\n", "negative": b"-5\r\nabcde\r\n0\r\n\r\n", "huge": b"7fffffffffffffff\r\nab",
                       "beyond all": b"ffffffffffffffffff\r\nab", "missing": b"\r\n\r\n", "too short": b"2\r\nabcdef\r\n0\r\n\r\n",
                       "without an end": b"5" * 100_000, "NUL": b"\x002\r\nab\r\n0\r\n\r\n"}.items():
        yield Case(f"a chunk size: {name}", bad_chunks(data), says=".")
    yield Case("an unknown transfer encoding", raw(OK, b"Transfer-Encoding: rot13\r\n\r\n", b"uryyb"), says="JSON")
    squeezed = gzip.compress(GOOD)
    yield Case("gzip that was not asked for", raw(OK, b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(squeezed),
                                                 squeezed), says=".", check=no_compression)
    yield Case("gzip as transfer encoding", raw(OK, b"Transfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" %
                                               (len(squeezed), squeezed)), says=".", check=no_compression)


def no_compression(done):
    """A small answer that unpacks to gigabytes does no harm to who does not unpack."""
    asked = {"accept-encoding", "te"} & set(done.requests[0].headers)
    return f"asks for {asked}" if asked - {"accept-encoding"} or done.requests[0].headers.get("accept-encoding", "identity") != \
        "identity" else None


def connections():
    yield Case("nobody listens", None, says="refused", asked=0)
    yield Case("closed before the request", before("close"), says=".", asked=None)
    yield Case("reset before the request", before("reset"), says=".", asked=None)
    yield Case("closed after the request", raw(), says=".")
    yield Case("reset after the request", raw(then="reset"), says=".")
    yield Case("no answer", raw(then="wait"), env=SHORT, says="(?i)time|deadline", seconds=6)
    yield Case("half an answer", raw(OK, LENGTH, b"\r\n", GOOD[:100], then="wait"), env=SHORT, says="(?i)time|deadline", seconds=6)
    yield Case("half a header", raw(OK, b"X-A: b", then="wait"), env=SHORT, says="(?i)time|deadline", seconds=6)
    yield Case("no answer to a list", raw(then="wait"), "list sys/policy", env=SHORT, says="(?i)time|deadline", seconds=6)
    yield Case("byte by byte, for ever", slowly(b" " * 10_000, 0.05), env=SHORT, says="(?i)time|deadline", seconds=6)
    yield Case("a list byte by byte, for ever", slowly(b'{"data":{"keys":["' + b"k" * 10_000, 0.05), "list sys/policy", env=SHORT,
               says="(?i)time|deadline", seconds=6)
    yield shown("byte by byte", slowly(GOOD, 0.001), seconds=20)


def slowly(body, pause):
    import time

    def behave(talk):
        if talk.request():
            for byte in OK + b"Content-Length: %d\r\n\r\n" % len(body) + body:
                talk.send(bytes([byte]))
                time.sleep(pause)
            talk.wait()
    return behave


def lost_writes():
    """A write that may have acted is not sent again."""
    retry = {"VAULT_MAX_RETRIES": "2"}
    for name, behave in {"closed": raw(), "reset": raw(then="reset"), "cut": raw(OK, b"Content-Length: 50\r\n\r\nabc")}.items():
        yield Case(f"a write's answer is {name}", behave, "token revoke {OTHER}", env=retry, says=".", asked=1)
        yield Case(f"a read's answer is {name}", behave, env=retry, says=".", asked=3)


if __name__ == "__main__":
    main([*heads(), *lengths(), *chunks(), *connections(), *lost_writes()], at_once=16)
