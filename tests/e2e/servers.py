"""Real OpenBao servers."""
import json
import os
import ssl
import urllib.error
import urllib.request

from processes import Process, free_port, wait_until

PROGRAM = os.environ["VTOKEN_BAO"]
ROOT = "root-of-the-tests"


def ask(address, method, path, body=None, token=ROOT, context=None, namespace=None):
    """One request by Python's own client: (status, JSON or None). The tests' view beside vtoken's."""
    headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
    if namespace:
        headers["X-Vault-Namespace"] = namespace
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/v1/{path}", data=data, headers=headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, json.loads(text) if text.strip() else None


def healthy(address, statuses=(200,)):
    try:
        return ask(address, "GET", "sys/health")[0] in statuses
    except OSError:
        return False


def stanza(kind, name, **settings):
    """A block of the server's configuration."""
    lines = "".join(f"  {key} = {json.dumps(value)}\n" for key, value in settings.items())
    return f'{kind} "{name}" {{\n{lines}}}\n'


class DevServer:
    """One server in memory, unsealed, with the root token ROOT: by http, by https with several certificates, and by a
    unix socket. Its `tls` is an Authority; without one there is http alone."""

    def __init__(self, folder, tls=None):
        self.folder, self.tls = folder, tls
        folder.mkdir(exist_ok=True)
        self.socket = folder / "bao.sock"
        self.ports = {}
        for _ in range(5):  # a free port may be taken before the server has it
            self.ports = {name: free_port() for name in ("http", "https", "expired", "elsewhere", "mutual")}
            if self._start():
                return
        raise AssertionError(f"no server: {(folder / 'log').read_text()}")

    def _listeners(self):
        if self.tls is None:
            return ""
        kinds = {
            "https": ("server", {}),
            "expired": ("expired", {"days": -1}),
            "elsewhere": ("elsewhere", {"alternatives": "DNS:bao.example"}),
            "mutual": ("server", {}),
        }
        text = stanza("listener", "unix", address=str(self.socket))
        for kind, (name, options) in kinds.items():
            certificate, key = self.tls.issue(name, **options)
            more = {}
            if kind == "mutual":
                more = {"tls_require_and_verify_client_cert": True, "tls_client_ca_file": str(self.tls.file)}
            text += stanza("listener", "tcp", address=f"127.0.0.1:{self.ports[kind]}", tls_cert_file=str(certificate),
                           tls_key_file=str(key), **more)
        return text

    def _start(self):
        command = [PROGRAM, "server", "-dev", f"-dev-root-token-id={ROOT}", "-dev-no-store-token",
                   f"-dev-listen-address=127.0.0.1:{self.ports['http']}"]
        listeners = self._listeners()
        if listeners:
            (self.folder / "server.hcl").write_text(listeners)
            command.append(f"-config={self.folder / 'server.hcl'}")
        self.process = Process(command, self.folder / "log", {"HOME": str(self.folder)})
        wait_until(lambda: healthy(self.http) or not self.process.running(), "a server in memory")
        return self.process.running()

    def restart(self):
        """After stop(), at the same addresses; what was in memory is forgotten."""
        assert self._start()

    @property
    def http(self):
        return f"http://127.0.0.1:{self.ports['http']}"

    @property
    def unix(self):
        return f"unix://{self.socket}"

    def https(self, kind="https", host="127.0.0.1"):
        return f"https://{host}:{self.ports[kind]}"

    def ask(self, method, path, body=None, **more):
        """As root, by http; an error status ends the test."""
        status, answer = ask(self.http, method, path, body, **more)
        assert status < 300, (status, answer)
        return answer

    def stop(self):
        self.process.stop()


def trusting(authority):
    return ssl.create_default_context(cafile=authority.file)
