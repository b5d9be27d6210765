"""A list of a million, of which a reader wants a line."""
import contextlib
import http.server
import os
import pathlib
import signal
import subprocess
import threading

import pytest

VTOKEN = pathlib.Path(os.environ["VTOKEN"]).resolve()
TOTAL = 1_000_000
PIECE = "".join(f',"{number:024d}"' for number in range(TOTAL // 100)).encode()


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        begin, end = b'{"data":{"keys":["first"', b"]}}"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(begin) + 100 * len(PIECE) + len(end)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the reader may have ended
            self.wfile.write(begin)
            for _ in range(100):
                self.wfile.write(PIECE)
            self.wfile.write(end)

    do_LIST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def start(address, *words):
    """Whoever starts it ignores the signal, as Python does."""
    environment = {"VAULT_ADDR": address, "VAULT_TOKEN": "t", "HOME": "/nowhere"}
    return subprocess.Popen([VTOKEN, *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, restore_signals=False)


@pytest.mark.parametrize("words", [
    ("list", "auth/token/accessors"), ("list", "-format=json", "auth/token/accessors"),
    ("list", "-format=yaml", "auth/token/accessors"), ("accessors", "list"), ("accessors", "list", "-format=ndjson"),
], ids=" ".join)
def test_a_reader_that_wants_one_line(address, words):
    process = start(address, *words)
    line = process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert line and process.wait(60) == -signal.SIGPIPE and errors == b"", (line, errors, process.returncode)


def test_all_of_it(address):
    """That the server above has a million."""
    process = start(address, "accessors", "list", "-format=ndjson")
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and errors == b"" and out.count(b"\n") == TOTAL + 1
