"""The HTTP servers of scripts (run.py).

A server called NAME answers with status 200 and {"data":{"from":"NAME"}}, or once with what the file NAME.answer holds:
a status, lines of headers, an empty line and the body. It notes each request in the file NAME.requests: a line with the
method, the target and the body, and below it, sorted, the headers that are not every client's own. With TLS it also notes
the name asked for and the subject of a certificate that was shown.
"""
import contextlib
import http.server
import os
import ssl
import threading

USUAL = {"host", "accept", "accept-encoding", "user-agent", "content-length", "content-type", "connection",
         "x-vault-request"}


def common_name(certificate):
    names = dict(pair for part in certificate.get("subject", ()) for pair in part)
    return names.get("commonName", "")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        with contextlib.suppress(OSError):  # a client that has gone away
            super().handle_one_request()

    def notes(self, body):
        yield " ".join(filter(None, (self.command, self.path, body)))
        if isinstance(self.connection, ssl.SSLSocket):
            yield f"  asked for: {self.server.asked_for}"
            shown = common_name(self.connection.getpeercert() or {})
            if shown:
                yield f"  shown: {shown}"
        yield from sorted(f"  {name}: {value}" for name, value in self.headers.items() if name.lower() not in USUAL)

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with open(self.server.file("requests"), "a") as requests:
            requests.writelines(note + "\n" for note in self.notes(body))
        status, headers, body = "200", [], f'{{"data":{{"from":"{self.server.name}"}}}}'
        if os.path.exists(self.server.file("answer")):
            with open(self.server.file("answer")) as answer:
                head, _, body = answer.read().partition("\n\n")
            os.unlink(self.server.file("answer"))
            status, *headers = head.splitlines()
        self.send_response(int(status))
        for header in headers:
            self.send_header(*header.split(": ", 1))
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_PUT = do_DELETE = do_LIST = do_CONNECT = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    asked_for = None

    def __init__(self, work, name):
        super().__init__(("127.0.0.1", 0), Handler)
        self.work, self.name = work, name

    def file(self, kind):
        return os.path.join(self.work, f"{self.name}.{kind}")

    def use_tls(self, certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(self.work, certificate), os.path.join(self.work, key))
        context.load_verify_locations(os.path.join(self.work, certificate))
        context.verify_mode = ssl.CERT_OPTIONAL

        def note_name(_, name, __):
            self.asked_for = name

        context.sni_callback = note_name
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, *_):
        pass  # a handshake that the client broke off


@contextlib.contextmanager
def running(work, name, *files):
    """The server's URL; with a certificate and its key, both in PEM files, one of https."""
    with Server(work, name) as server:
        if files:
            server.use_tls(*files)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http{'s' if files else ''}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
