#!/usr/bin/env python3
"""Answers that never end: the command gives up within bounded time and memory."""
import gzip
import itertools

from runner import GOOD, Case, main

GIB = 1 << 30
OK = b"HTTP/1.1 200 OK\r\n"
PIECE = 1 << 20
BODY = 200  # MiB at most while an answer of any length is refused


def flood(head, piece, total, end=b""):
    """Sends the head and then the piece until `total` bytes are gone (None: until the client leaves)."""
    def behave(talk):
        if not talk.request():
            return
        talk.send(head)
        for _ in range(total // len(piece)) if total else itertools.repeat(0):
            talk.send(piece)
        talk.send(end)
        talk.linger()
    return behave


def body_cases(name, args, piece, start=b"", **more):
    """A body of 1 GiB in each way that HTTP has to send one."""
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
    first = b"%x\r\n%s\r\n" % (len(start), start) if start else b""
    yield Case(f"{name}, known length", flood(OK + b"Content-Length: %d\r\n\r\n" % GIB + start, piece, GIB), args, **more)
    yield Case(f"{name}, chunked", flood(OK + b"Transfer-Encoding: chunked\r\n\r\n" + first, chunk, GIB), args, **more)
    yield Case(f"{name}, no length", flood(OK + b"\r\n" + start, piece, GIB), args, **more)


def bodies():
    wait = {"says": "(?i)long|large|big|MiB", "seconds": 20, "mib": BODY}
    yield from body_cases("blanks", "token lookup", b" " * PIECE, **wait)
    yield from body_cases("a long text", "token lookup", b"x" * PIECE, b'{"request_id":"', **wait)
    yield from body_cases("blanks in a list", "list sys/policy", b" " * PIECE, b"{", **wait)
    yield from body_cases("one key", "list sys/policy", b"k" * PIECE, b'{"data":{"keys":["', **wait)
    for name in ("known length", "chunked", "no length"):
        keys = [case for case in body_cases("keys without end", "token accessors list", b'"GgEC1mIDmB3q1rFzYKWRtB9c",' * 40_000,
                                            b'{"data":{"keys":[', **{**wait, "mib": 450, "program": "vtoken", "seconds": 60, "slow": True})]
        yield next(case for case in keys if case.name.endswith(name))
    for status in (307, 400, 500, 503):
        head = b"HTTP/1.1 %d No\r\nLocation: /v1/x\r\nContent-Length: %d\r\n\r\n" % (status, GIB)
        yield Case(f"{status} with 1 GiB", flood(head, b"x" * PIECE, GIB), says=".", mib=BODY, asked=None, seconds=30)
        yield Case(f"{status} with 1 GiB for a list", flood(head, b"x" * PIECE, GIB), "list sys/policy", says=".", mib=BODY,
                   asked=None, seconds=30)
    yield Case("204 with 1 GiB", flood(b"HTTP/1.1 204 No Content\r\nContent-Length: %d\r\n\r\n" % GIB, b"x" * PIECE, GIB),
               "token revoke {OTHER}", status=0, out="Success.*\n")
    bomb = gzip.compress(bytes(8 << 20))
    yield Case("a small answer that unpacks to much", flood(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb),
                                                          bomb, len(bomb)), says=".")


def heads():
    wait = {"says": ".", "seconds": 20, "mib": 64}
    yield Case("headers without end", flood(OK, b"X-Filler: abcdefghijklmnopqrstuvwxyz\r\n" * 1000, None), **wait)
    yield Case("headers without end, of a list", flood(OK, b"X-Filler: abc\r\n" * 1000, None), "list sys/policy", **wait)
    yield Case("one header of 100 MB", flood(OK + b"X-Filler: ", b"x" * PIECE, 100_000_000, b"\r\n\r\n"), **{**wait, "says": "headers"})
    yield Case("a header name of 100 MB", flood(OK, b"x" * PIECE, 100_000_000, b"\r\n\r\n"), **wait)
    yield Case("a status line without end", flood(b"HTTP/1.1 200 ", b"x" * PIECE, None), **wait)
    yield Case("a folded header without end", flood(OK + b"X-Filler: a\r\n", b" b\r\n" * 10_000, None), **wait)
    yield Case("100 Continue without end", flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, None), **wait)
    yield Case("103 Early Hints without end", flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" * 1000, None), **wait)
    yield Case("trailers without end", flood(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Filler: abc\r\n" * 1000, None), **wait)
    # libcurl skips it for as long as the request may take.
    yield Case("a chunk extension without end", flood(OK + b"Transfer-Encoding: chunked\r\n\r\n2", b";abcdefg" * 10_000, None),
               env={"VAULT_CLIENT_TIMEOUT": "1"}, **wait)
    yield Case("empty lines without end", flood(b"", b"\r\n" * 10_000, None), **wait)
    yield Case("HTTP/0.9 without end", flood(b"", b"x" * PIECE, None), **wait)
    yield Case("cookies without end", flood(OK, b"Set-Cookie: a=b\r\n" * 1000, None), **wait)


def many(start, item, end):
    """24 MB of one thing; a "%x" in it is its number."""
    def behave(talk):
        if not talk.request():
            return
        talk.send(OK + b"\r\n" + start)
        for first in range(0, 24_000_000 // len(item), 10_000):
            talk.send(b"".join(item % (first + i) for i in range(10_000)) if b"%" in item else item * 10_000)
        talk.send(end)
        talk.linger()
    return behave


def trees():
    """Small enough to be read, but costly as a tree of values."""
    for name, piece, last, close in (("lists", b"[],", b"[]", b"]"), ("numbers", b"1,", b"1", b"]"), ("texts", b'"",', b'""', b"]"),
                                     ("members", b'"%x":0,', b'"x":0', b"}")):
        yield Case(f"many {name}", many(b'{"data":{"x":' + (b"{" if close == b"}" else b"["), piece, last + close + b"}}"),
                   says="JSON|values", mib=350, seconds=40)
    yield Case("a deep tree", flood(OK + b"\r\n", b"[" * PIECE, 20 * PIECE), says=".", mib=150)
    yield Case("a deep tree of objects", flood(OK + b"\r\n", b'{"a":' * 100_000, 20 * PIECE), says=".", mib=150)
    yield Case("a deep tree in a list", flood(OK + b'\r\n{"data":', b"[" * PIECE, 20 * PIECE), "list sys/policy", says=".")

    def whole(body):
        return flood(OK + b"Content-Length: %d\r\n\r\n" % len(body), body, len(body))
    yield Case("a number of a million digits", whole(GOOD.replace(b"3600", b"9" * 1_000_000)), says=".", status=None, out="(?s).*")
    yield Case("an exponent of a million digits", whole(GOOD.replace(b"3600", b"1e" + b"9" * 1_000_000)), says=".", status=None,
               out="(?s).*")


if __name__ == "__main__":
    main([*bodies(), *heads(), *trees()], at_once=4)
