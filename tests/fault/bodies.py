#!/usr/bin/env python3
"""Bodies that are not what a Vault server sends."""
from runner import GOOD, OTHER_TOKEN, TOKEN, Case, main

SHOWN = r"(?s)Key .*ttl +1h.*"
LIST = b'{"data":{"keys":["a","b"]}}'


def body(data, content_type="application/json", status=200):
    def behave(talk):
        while talk.request():
            talk.answer(status, data, [f"Content-Type: {content_type}"])
    return behave


def no_json():
    html = b"<!DOCTYPE html><html><body>Please log in</body></html>"
    for name, data in {
            "HTML": html, "words": b"hello", "a cut object": GOOD[:-3], "a cut string": GOOD[:60], "a comma too many": b'{"data":{"a":1,}}', "single quotes": b"{'data':{}}",
            "a comment": b'{"data": // x\n{}}', "NaN": b'{"data":{"a":NaN}}', "Infinity": b'{"data":{"a":Infinity}}',
            "a leading zero": b'{"data":{"a":01}}', "a bare key": b"{data:{}}", "a lone bracket": b"[", "a raw newline": b'{"a":"\n"}',
            "a raw NUL": b'{"data":{"a":"\x00"}}', "NUL before": b"\x00" + GOOD,
            "invalid UTF-8": b'{"data":{"a":"\xff\xfe"}}', "an overlong form": b'{"data":{"a":"\xc0\xaf"}}',
            "half a character": b'{"data":{"a":"\xe2\x82"}}', "a surrogate in UTF-8": b'{"data":{"a":"\xed\xa0\x80"}}',
            "UTF-16": GOOD.decode().encode("utf-16"), "a bad escape": b'{"data":{"a":"\\x"}}',
            "a short escape": b'{"data":{"a":"\\u12"}}', "half a pair": b'{"data":{"a":"\\ud800"}}',
            "a pair the wrong way": b'{"data":{"a":"\\udc00\\ud800"}}', "65 levels": b"[" * 65 + b"]" * 65,
            "10,000 levels": b'{"data":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "YAML": b"data:\n  a: 1\n",
            "protobuf": bytes(range(1, 40))}.items():
        yield Case(name, body(data), says="(?i)json|answer")
        yield Case(f"{name}, to a list", body(data), "list sys/policy", says="(?i)json|answer|too")
        yield Case(f"{name}, to a write", body(data), "write auth/token/lookup token=x", says="(?i)json|answer")
    # Of several values the first one counts, as for Vault's own client.
    for name, data in {"two objects": GOOD + GOOD, "text after it": GOOD + b"x", "NUL after it": GOOD + b"\x00"}.items():
        yield Case(name, body(data), status=0, out=SHOWN)
    yield Case("HTML that says it is JSON", body(html), says="(?i)json")
    yield Case("HTML that says so", body(html, "text/html"), says="(?i)json|html")
    yield Case("JSON that says it is HTML", body(GOOD, "text/html"), status=0, out=SHOWN)
    yield Case("a byte order mark", body(b"\xef\xbb\xbf" + GOOD), status=None, says=".*", out="(?s).*")


def other_json():
    for name, data in {"a number": b"5", "a text": b'"x"', "true": b"true", "a list": b"[]", "a list of objects": b"[" + GOOD + b"]"}.items():
        yield Case(name, body(data), says="(?i)json|answer")
        yield Case(f"{name}, to a list", body(data), "list sys/policy", says="(?i)json|answer")
    for name, data in {"null": b"null", "an empty object": b"{}", "blanks": b" \n ", "only errors": b'{"errors":["x"]}',
                       "no data": b'{"data":null}', "empty data": b'{"data":{}}'}.items():
        for args in ("token lookup", "token create", "token renew", "token revoke {OTHER}", "list sys/policy", "read sys/policy",
                     "token capabilities sys/policy", "token lookup -format=json", "token create -format=yaml",
                     "token lookup -field=id", "token create -field=token"):
            yield Case(f"{name}: {args}", body(data), args, status=(0, 1, 2), says=".*", out="(?s).*", asked=None)
    for name, data in {
            "members twice": b'{"data":{"keys":["a"],"keys":["b"]},"data":{"keys":["c"]}}', "keys of all kinds": b'{"data":{"keys":["a",1]}}',
            "keys in lists": b'{"data":{"keys":[["a"]]}}', "keys as text": b'{"data":{"keys":"a"}}', "null among keys":
            b'{"data":{"keys":[null]}}', "keys without commas": b'{"data":{"keys":["a" "b"]}}', "a cut key": b'{"data":{"keys":["a',
            "an open list": b'{"data":{"keys":["a"', "a key of 70,000 bytes": b'{"data":{"keys":["' + b"k" * 70_000 + b'"]}}',
            "a bad escape in a key": b'{"data":{"keys":["\\q"]}}', "invalid UTF-8 in a key": b'{"data":{"keys":["\xff"]}}',
            "NUL in a key": b'{"data":{"keys":["\x00"]}}', "a newline in a key": b'{"data":{"keys":["a\nb"]}}',
            "after the end": LIST + b"}", "data as text": b'{"data":"keys"}', "data as a list": b'{"data":["keys"]}'}.items():
        for form in ("table", "json", "yaml"):
            yield Case(f"{name}, as {form}", body(data), f"list -format={form} sys/policy", status=None, says=".*", out="(?s).*",
                       quiet=True)


def failures():
    """Whatever an error status comes with is shown, if at all, without harm."""
    for name, data in {
            "errors as text": b'{"errors":"x"}', "errors as numbers": b'{"errors":[1,2]}', "errors in lists": b'{"errors":[["x"]]}',
            "null errors": b'{"errors":[null]}', "no errors": b'{"errors":[]}', "null": b"null", "a list": b"[1]", "a cut object":
            b'{"errors":["x', "noise": bytes(range(256)), "an endless line": b"x" * 1_000_000, "many errors":
            b'{"errors":[' + b'"x",' * 100_000 + b'"x"]}', "deep": b"[" * 100_000}.items():
        for status in (400, 404, 503):
            yield Case(f"{status} with {name}", body(data, status=status), says=rf"Code: {status}|No value", mib=64)
            yield Case(f"{status} with {name}, to a list", body(data, status=status), "list sys/policy", mib=64,
                       says=rf"Code: {status}|No value|too long")
    # A server that sends back what it was sent: the token does not come through it to the screen.
    def echo(status, to_body):
        def behave(talk):
            while request := talk.request():
                text = request.text.encode() if to_body else b"{}"
                talk.answer(status, text, [] if to_body else [f"X-Echo: {TOKEN}"])
        return behave
    yield Case("a status line with the token", lambda talk: talk.request() and talk.send(
        f"HTTP/1.1 {TOKEN} {OTHER_TOKEN}\r\n\r\n".encode()), says=".")
    yield Case("a header with the token", echo(500, False), says="500")
    yield Case("a redirect with the token", lambda talk: talk.request() and talk.answer(
        307, b"", [f"Location: http://127.0.0.2/{TOKEN}"]), says="(?i)redirect")
    yield Case("a redirect to the token", lambda talk: talk.request() and talk.answer(
        307, b"", [f"Location: http://{TOKEN.lower()}/"]), says="(?i)redirect")


if __name__ == "__main__":
    main([*no_json(), *other_json(), *failures()], at_once=16)
