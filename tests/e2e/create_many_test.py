"""`create -count`: on a real server, with a rate limit, and on one that breaks off in every way."""
import http.server
import json
import signal
import socket
import subprocess
import threading
import time

import pytest

import command
from servers import DevServer

COUNT = 200


@pytest.fixture(scope="module")
def own(folder):
    """A server of this file's own, whose rate may be limited."""
    running = DevServer(folder / "create-many")
    yield running
    running.stop()


@pytest.fixture
def vtoken(own, home):
    return command.vtoken(home, own.http)


def test_each_is_a_token(vtoken, own):
    tokens = vtoken.ok("create", f"-count={COUNT}", "-policy=default", "-ttl=1h", "-field=token").out.splitlines()
    assert len(set(tokens)) == COUNT
    for token in tokens[::50]:
        assert own.ask("POST", "auth/token/lookup", {"token": token})["data"]["creation_ttl"] == 3600
    batch = vtoken.ok("create", "-count=3", "-type=batch", "-policy=default", "-format=json").json
    assert len({one["auth"]["client_token"] for one in batch}) == 3
    lines = vtoken.ok("create", "-count=3", "-policy=default", "-format=ndjson").out.splitlines()
    assert len({json.loads(line)["client_token"] for line in lines}) == 3
    wrapped = vtoken.ok("create", "-count=2", "-policy=default", "-wrap-ttl=60", "-field=wrapping_token").out.split()
    inner = {vtoken.field("token", "unwrap", one) for one in wrapped}
    assert len(inner) == 2


def test_a_rate_limit_is_waited_for(vtoken, own):
    own.ask("POST", "sys/quotas/rate-limit/many", {"path": "auth/token/create", "rate": 100})
    try:
        done = vtoken.ok("create", f"-count={COUNT}", "-policy=default", "-field=token")
    finally:
        own.ask("DELETE", "sys/quotas/rate-limit/many")
    assert len(set(done.out.split())) == COUNT and done.err == ""


def test_an_unknown_policy(vtoken, own):
    before = len(own.ask("LIST", "auth/token/accessors")["data"]["keys"])
    refused = vtoken.run("create", "-count=50", "-policy=nope", "-require-policies")
    assert (refused.status, refused.out) == (1, "") and "nope" in refused.err
    blind = vtoken.field("token", "create", "-policy=maker", "-policy=gone", "-ttl=1h")
    own.ask("PUT", "sys/policies/acl/maker", {"policy": 'path "auth/token/create" { capabilities = ["update"] }'})
    # Who may not read policies learns it from the first token's answer.
    done = vtoken.run("create", "-count=50", "-policy=gone", "-require-policies", VAULT_TOKEN=blind)
    assert done.status == 2 and "gone" in done.err
    assert len(own.ask("LIST", "auth/token/accessors")["data"]["keys"]) == before + 1


class Odd:
    """A server whose answer to the creation number N (from 0) is that of `answer(N)`: a status and a body, or None to
    close the connection. It keeps connections, and counts."""

    def __init__(self, answer):
        lock = threading.Lock()
        odd = self
        self.creations = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    number, odd.creations = odd.creations, odd.creations + 1
                answered = answer(number)
                if answered is None:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                body = json.dumps(answered[1]).encode()
                self.send_response(answered[0])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self.send_response(403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128  # so that no connection waits a second for its turn

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def token(number, kind="service"):
    return 200, {"auth": {"client_token": f"s.{number:06}", "accessor": f"a{number:06}" if kind == "service" else "",
                          "lease_duration": 60, "token_type": kind, "policies": ["app"]}}


def denied_from(first):
    return lambda number: token(number) if number < first else (403, {"errors": ["permission denied"]})


def many(home, odd, *more, count=400):
    return command.vtoken(home, odd.address, token="x").run("create", "-q", f"-count={count}", "-field=token", *more)


def test_a_refusal_of_the_first_is_one_refusal(home):
    with Odd(denied_from(0)) as odd:
        done = command.vtoken(home, odd.address, token="x").run("create", "-count=1000")
        assert (done.status, done.out) == (2, "") and "permission denied" in done.err
        assert "were made" not in done.err
        assert odd.creations == 1


def test_a_refusal_midway(home):
    with Odd(denied_from(100)) as odd:
        done = many(home, odd)
        shown = done.out.split()
        assert done.status == 2
        assert sorted(shown) == [f"s.{number:06}" for number in range(100)]
        assert "100 of 400 tokens were made" in done.err and "may have been" not in done.err
        assert odd.creations < 300  # what was under way, and no more


def test_lists_that_break_off_are_whole(home):
    with Odd(denied_from(30)) as odd:
        done = command.vtoken(home, odd.address, token="x").run("create", "-count=100", "-format=json")
        assert done.status == 2 and len(done.json) == 30
        assert "accessors list -path=auth/token/create -created-after=" in done.err


def test_a_lost_answer_is_not_asked_for_again(home):
    with Odd(lambda number: None if number == 50 else token(number)) as odd:
        done = many(home, odd)
        assert done.status == 2
        made = len(set(done.out.split()))
        assert made == odd.creations - 1  # every token but that one is shown, and that one was asked for once
        assert f"{made} of 400 tokens were made; 1 more may have been" in done.err


def test_what_cannot_have_been_done_is_asked_for_again(home):
    answers = {7: (503, {"errors": ["no"]}), 8: (429, {"errors": ["slow"]}), 9: (412, {"errors": ["late"]})}
    with Odd(lambda number: answers.get(number) or token(number)) as odd:
        done = many(home, odd, count=100)
        assert (done.status, len(set(done.out.split()))) == (0, 100)
        assert odd.creations == 103


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_interrupted(home, name):
    """What is under way is waited for, shown and counted."""
    def slow(number):
        time.sleep(0.02)
        return token(number)

    with Odd(slow) as odd:
        run = command.vtoken(home, odd.address, token="x")
        with run.started("create", "-count=100000", "-field=token") as child:
            while odd.creations < 50:
                time.sleep(0.01)
            child.child.send_signal(getattr(signal, name))
            done = child.finish()
        assert done.status == 2
        assert len(set(done.out.split())) == odd.creations
        assert f"{odd.creations} of 100,000 tokens were made." in done.err
        assert "interrupted" in done.err


def test_a_reader_that_goes_away(home):
    """It ends as a program does that does not look; for service tokens it says what is left."""
    for kind in ("service", "batch"):
        with Odd(lambda number, kind=kind: token(number, kind)) as odd:
            run = command.vtoken(home, odd.address, token="x")
            with subprocess.Popen([run.program, "create", "-count=100000", "-field=token"], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=run.environment, cwd=home, text=True) as child:
                assert child.stdout.readline().startswith("s.")
                child.stdout.close()
                said = child.stderr.read()
                assert child.wait(60) == -signal.SIGPIPE
            assert odd.creations < 50_000
            if kind == "batch":
                assert said == ""
            else:
                assert f"{odd.creations:,} of 100,000 tokens were made, and standard output took" in said


def test_a_full_disk(home):
    with Odd(token) as odd, open("/dev/full", "w") as full:
        run = command.vtoken(home, odd.address, token="x")
        done = subprocess.run([run.program, "create", "-count=100000", "-field=token"], stdout=full, stderr=subprocess.PIPE,
                              env=run.environment, cwd=home, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert "tokens were made, and standard output took no more than 0" in done.stderr
        assert odd.creations < 50_000


def test_a_write_is_not_sent_twice(home):
    """The connection was kept, and the server closes it in answer to the renewal: nobody knows whether it renewed."""
    class Closing(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        seen = []

        def do_GET(self):
            body = b'{"data":{"ttl":100,"creation_ttl":100,"period":0,"num_uses":0}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_PUT(self):
            self.seen.append(self.client_address)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Closing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = command.vtoken(home, f"http://127.0.0.1:{server.server_address[1]}", token="x").run("renew")
        server.shutdown()
    assert done.status == 2 and "whether it did what it was asked is not known" in done.err
    assert len(Closing.seen) == 1
