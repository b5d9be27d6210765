"""Runs the command against faults and checks what must hold for each: a clear error on standard error, the right exit
status, no token anywhere, and bounds for time and memory.

A test script makes a list of Case and calls `main(cases)`; arguments select cases by a part of their name, -v shows what
each printed. VTOKEN names the program.
"""
import concurrent.futures
import dataclasses
import os
import re
import resource
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import server

TOKEN = "hvs.CAESIFaultsKnowThisTokenAndNobodyElseShould"
OTHER_TOKEN = "hvs.CAESIAnotherTokenThatIsLookedUpOrRevoked"
GOOD = (b'{"request_id":"r","lease_id":"","renewable":false,"lease_duration":0,"data":{"accessor":"a","id":"i",'
        b'"policies":["default"],"ttl":3600,"type":"service"},"wrap_info":null,"warnings":null,"auth":null}\n')
CRASHED = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|terminate called|Assertion|stack smashing")


@dataclasses.dataclass
class Case:
    name: str
    behave: object = None  # called with a server.Talk for each connection; None: nothing listens
    args: str = "token lookup"  # words separated by blanks or, if there is one, by NUL; {OTHER} is a token
    program: str = "vault"
    env: dict = dataclasses.field(default_factory=dict)
    status: object = 2  # one, or several; None: 0 or 2
    says: str = ""  # a regular expression for standard error; "" for silence
    quiet: bool = False  # may fail without a word, as the real command does with an empty list in JSON
    out: str = ""  # one for all of standard output
    asked: object = 1  # how many requests arrive; None for any number
    seconds: float = 20  # at most; of hangs, not of speed
    mib: int = 64  # peak memory at most; not measured in a build with sanitizers
    slow: bool = False  # left out in a build with sanitizers
    https: object = False  # True, or "h2" to offer HTTP/2; with the certificate that Settings made, which the command is told to trust
    check: object = None  # called with the Run; returns what is wrong, or None

    def statuses(self):
        if self.status is None:
            return (0, 2)
        return self.status if isinstance(self.status, tuple) else (self.status,)


@dataclasses.dataclass
class Run:
    case: Case
    status: int
    out: str
    err: str
    seconds: float
    mib: float
    requests: list
    connections: int


class Settings:
    """What all runs share."""

    def __init__(self, folder):
        self.folder = folder
        program = os.path.abspath(os.environ.get("VTOKEN", "build/vtoken"))
        with open(program, "rb") as file:
            self.sanitized = b"__asan_init" in file.read()
        for name in ("vtoken", "vault", "bao"):
            os.symlink(program, os.path.join(folder, name))
        self.lock = threading.Lock()

    def context(self, offered):
        """An ssl.SSLContext for 127.0.0.1 and localhost; `folder`/cert.pem is its certificate."""
        cert, key = (os.path.join(self.folder, name) for name in ("cert.pem", "key.pem"))
        with self.lock:
            if not os.path.exists(cert):
                subprocess.run(
                    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=faults", "-addext",
                     "subjectAltName=IP:127.0.0.1,DNS:localhost"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        context.set_alpn_protocols(["h2"] if offered == "h2" else ["http/1.1"])
        return context


def environment(settings, case, address):
    variables = {"PATH": "/usr/bin:/bin", "HOME": settings.folder, "LC_ALL": "C.UTF-8", "VAULT_TOKEN": TOKEN,
                 "VAULT_MAX_RETRIES": "0", "VAULT_ADDR": address}
    if case.https:
        variables["VAULT_CACERT"] = os.path.join(settings.folder, "cert.pem")
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            variables[name] = os.environ[name]
    variables.update(case.env)
    return {name: value.replace("{ADDR}", address) for name, value in variables.items() if value is not None}


def measure(settings, case, address):
    """Runs the command: its status, output, errors, seconds and MiB."""
    words = [os.path.join(settings.folder, case.program), *case.args.split("\0" if "\0" in case.args else None)]
    words = [word.replace("{OTHER}", OTHER_TOKEN) for word in words]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # What this process has ever held counts for its children too: less cannot be measured.
        least = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.monotonic()
        process = subprocess.Popen(words, cwd=settings.folder, env=environment(settings, case, address),
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        guard = threading.Timer(case.seconds * (4 if settings.sanitized else 1) + 5, process.kill)
        guard.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        guard.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(1 << 20).decode("utf-8", "replace"))
    return process.returncode, *texts, seconds, usage.ru_maxrss / 1024 if usage.ru_maxrss > least else 0


def run(settings, case):
    if case.behave is None:
        with socket.socket() as taken:  # bound, so that nobody else listens there meanwhile
            taken.bind(("127.0.0.1", 0))
            scheme = "https" if case.https else "http"
            return Run(case, *measure(settings, case, f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"), [], 0)
    with server.Server(case.behave, context=settings.context(case.https) if case.https else None) as faulty:
        measured = measure(settings, case, faulty.address)
        return Run(case, *measured, faulty.requests, faulty.connections)


def wrong(settings, done):
    """What is wrong with a run, a line each."""
    case = done.case
    if done.status not in case.statuses():
        yield f"status {done.status}, not {case.status}"
    if done.status != 0 and not done.err.strip() and not case.quiet:
        yield "failed without a word"
    if CRASHED.search(done.err) or done.status < 0:
        yield "crashed"
    if not re.search(case.says, done.err) or (not case.says and done.err):
        yield f"standard error does not say {case.says!r}"
    if not re.fullmatch(case.out, done.out):
        yield f"standard output is not {case.out!r}"
    for token in (TOKEN, OTHER_TOKEN):
        if token in done.out + done.err:
            yield "shows a token"
    if case.asked is not None and len(done.requests) != case.asked:
        yield f"{len(done.requests)} requests, not {case.asked}"
    if done.seconds > case.seconds * (4 if settings.sanitized else 1):
        yield f"took {done.seconds:.1f} s"
    if done.mib > case.mib and not settings.sanitized:
        yield f"took {done.mib:.0f} MiB, not {case.mib} at most"
    found = case.check(done) if case.check else None
    if found:
        yield found


def judge(settings, case, verbose):
    try:
        done = run(settings, case)
        problems = list(wrong(settings, done))
        shown = f"  $ {case.program} {case.args}\n  status {done.status}, {done.seconds:.2f} s, {done.mib:.0f} MiB, " \
                f"{len(done.requests)} requests\n  stdout: {done.out[:1500]!r}\n  stderr: {done.err[:1500]}"
    except Exception:  # a mistake of the test itself
        problems, shown = ["the test failed"], traceback.format_exc()
    return case, problems, shown if problems or verbose else ""


def main(cases, at_once=8):
    arguments = [word for word in sys.argv[1:] if word != "-v"]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases have one name"
    cases = [case for case in cases if not arguments or any(word in case.name for word in arguments)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        settings = Settings(folder)
        cases = [case for case in cases if not (case.slow and settings.sanitized)]
        for case, problems, shown in pool.map(lambda each: judge(settings, each, "-v" in sys.argv), cases):
            if problems or shown:
                print(f"{case.name}: {'; '.join(problems) or 'ok'}\n{shown}")
            failed += bool(problems)
    print(f"{len(cases)} cases, {failed} failed")
    sys.exit(1 if failed or not cases else 0)
