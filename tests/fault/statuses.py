#!/usr/bin/env python3
"""Answers that say no, and how often the command asks again."""
import email.utils
import itertools
import json
import time

from runner import GOOD, Case, main

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"
NO_LEADER = "local node not active but active cluster node not found"
RETRY = {"VAULT_MAX_RETRIES": "2"}


def errors(*texts):
    return json.dumps({"errors": list(texts)}).encode()


def always(status, body=b"", *headers):
    """Answers each request so."""
    def behave(talk):
        while talk.request():
            talk.answer(status, body, headers)
    return behave


def in_turn(*answers):
    """Answers the first request with the first, and so on; each is (status, body, header…)."""
    rest = iter(answers)

    def behave(talk):
        while talk.request():
            status, body, *headers = next(rest)
            talk.answer(status, body, headers)
    return behave


def took(seconds):
    """Whether the command waited as long as it was told."""
    return lambda done: None if done.seconds >= seconds else f"waited only {done.seconds:.1f} s"


def cases():
    for status in (400, 401, 403, 404, 405, 409, 412, 413, 418, 429, 431, 472, 473, 499, 500, 501, 502, 503, 504, 599, 600, 999):
        yield Case(f"{status}", always(status, errors("the reason")), says=rf"(?s)Code: {status}.*the reason")
        yield Case(f"{status} HTML", always(status, HTML, "Content-Type: text/html"), says=rf"{status}")
        yield Case(f"{status} without a body", always(status), says=rf"{status}")
    for status in (201, 202, 203, 206, 226):
        yield Case(f"{status}", always(status, GOOD), status=0, out=r"(?s)Key .*ttl .*")
    yield Case("204 after a write", always(204), args="token revoke {OTHER}", status=0, out=r"Success! .*\n")
    yield Case("300", always(300, errors("choose")), status=2, says="300")
    yield Case("304", always(304), status=2, says="304")
    # Asked again: what cannot have acted; for reads all 5xx but 501.
    for status, lookups, revokes in ((400, 1, 1), (412, 3, 3), (429, 3, 3), (500, 3, 1), (501, 1, 1), (502, 3, 1), (503, 3, 3),
                                     (504, 3, 1)):
        soon = always(status, errors("the reason"), "Retry-After: 0")
        yield Case(f"{status} is asked {lookups} times by a read", soon, env=RETRY, says="the reason", asked=lookups)
        yield Case(f"{status} is asked {revokes} times by a write", soon, "token revoke {OTHER}", env=RETRY, says="the reason",
                   asked=revokes)
        yield Case(f"{status} is asked {lookups} times by a list", soon, "list auth/token/roles", env=RETRY, says="the reason",
                   asked=lookups)
    yield Case("no leader is asked again by a write", in_turn((500, errors(NO_LEADER), "Retry-After: 0"), (204, b"")),
               "token revoke {OTHER}", env=RETRY, status=0, out="Success.*\n", asked=2)
    yield Case("retries are used up", in_turn((412, errors("not yet"), "Retry-After: 0"), (412, errors("not yet"))),
               env={"VAULT_MAX_RETRIES": "1"}, says="not yet", asked=2)
    yield Case("429 with Retry-After", in_turn((429, errors("slow"), "Retry-After: 2"), (200, GOOD)), env=RETRY, status=0,
               out=r"(?s)Key .*", asked=2, check=took(1.9))
    yield Case("429 with Retry-After for a list",
               in_turn((429, errors("slow"), "Retry-After: 2"), (200, b'{"data":{"keys":["k"]}}')), "list sys/policy",
               env=RETRY, status=0, out=r"(?s)Keys.*k\n", asked=2, check=took(1.9))
    date = email.utils.formatdate(time.time() + 2.9, usegmt=True)
    yield Case("429 with a date", in_turn((429, errors("slow"), f"Retry-After: {date}"), (200, GOOD)), env=RETRY,
               status=0, out=r"(?s)Key .*", asked=2)
    yield Case("429 without Retry-After", in_turn((429, errors("slow")), (200, GOOD)), env=RETRY, status=0,
               out=r"(?s)Key .*", asked=2, check=took(0.99))
    yield Case("growing waits", in_turn((503, errors("Vault is sealed")), (503, errors("Vault is sealed")), (200, GOOD)),
               env=RETRY, status=0, out=r"(?s)Key .*", asked=3, check=took(2.9))
    for number, value in enumerate(("-5", "soon", "1e9", "0x1", "\x01", "9" * 5000)):
        answers = itertools.chain([(429, errors("slow"), f"Retry-After: {value}")], itertools.repeat((200, GOOD)))
        if number != 5:  # a minute is too long for a test
            yield Case(f"an odd Retry-After {number}", in_turn(*itertools.islice(answers, 3)), env=RETRY, status=0,
                       out=r"(?s)Key .*", asked=2)


if __name__ == "__main__":
    main(list(cases()), at_once=16)
