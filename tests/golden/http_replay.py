#!/usr/bin/env python3
"""Replays recorded runs of the real command over HTTP and compares what ours sends and prints.

usage: VTOKEN=build/vtoken http_replay.py [--every N] PROGRAM RECORDS.jsonl...

PROGRAM is the name the binary is started under: vault or bao. With --every only every Nth record is replayed. A server on a connection that is kept open gives the
recorded answers. Compared are

  the exit status and standard output (in tables and YAML the lines, sorted, where the real command's own order varies)
  the requests: their number, method, path with query, body as JSON, and the whole set of headers
  standard error: the recorded text; after it ours may add advice to a failure, and warnings of what will happen to a
  request that succeeds
"""
import http.server
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading

# What clients say about themselves and their connection.
TRANSPORT = {"user-agent", "accept-encoding", "accept", "connection", "host", "content-length", "content-type"}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    script, seen = [], []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        index = len(self.server.seen)
        headers = sorted((name.lower(), value) for name, value in self.headers.items() if name.lower() not in TRANSPORT)
        self.server.seen.append({"method": self.command, "path": self.path, "body": body, "headers": headers})
        if index < len(self.server.script):
            response = self.server.script[index]["response"]
        else:
            response = {"status": 400, "headers": {}, "body": '{"errors":["unexpected extra request"]}'}
        content = response["body"].encode()
        self.send_response(response["status"])
        for name, value in response["headers"].items():
            self.send_header(name, value)
        if response["status"] != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if response["status"] != 204:
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_LIST = do_PATCH = answer


def same_body(text):
    """JSON that says the same; no data is nothing, {} or null."""
    if not text.strip():
        return {}
    try:
        return json.loads(text) or {}
    except ValueError:
        return text


def same_output(text):
    """The real command prints headers of curl commands, and rows of metadata, in any order."""
    if text.startswith("curl "):
        words = shlex.split(text)
        pairs = [f"{a} {b}" for a, b in zip(words, words[1:]) if a in ("-H", "-X", "-d")]
        return sorted(pairs) + words[-1:]
    if "token_meta_" in text or "mfa_constraint_" in text:
        return sorted(text.splitlines())
    return text


def differences(record, run, seen):
    found = []

    def compare(what, ours, recorded):
        if ours != recorded:
            found.append(f"{what}\n      ours     {str(ours)[:600]!r}\n      recorded {str(recorded)[:600]!r}")

    compare("exit status", run.returncode, record["exit"])
    compare("standard output", same_output(run.stdout), same_output(record["stdout"]))
    is_help = record["name"] in ("bad-sub", "no-sub")
    if record["exit"] == 0:
        ours = [line for line in run.stderr.splitlines(True) if not line.startswith("Warning: ")]
        compare("standard error", "".join(ours), record["stderr"])
    elif not is_help and not run.stderr.startswith(record["stderr"].rstrip("\n")):
        compare("standard error", run.stderr, record["stderr"])
    compare("number of requests", len(seen), len(record["exchanges"]))
    for ours, exchange in zip(seen, record["exchanges"]):
        recorded = exchange["request"]
        compare("method", ours["method"], recorded["method"])
        compare("path", ours["path"], recorded["path"])
        compare("body", same_body(ours["body"]), same_body(recorded["body"]))
        headers = sorted((name, value) for name, value in recorded["headers"].items() if name not in TRANSPORT)
        compare("headers", ours["headers"], headers)
    return found


def main():
    words = sys.argv[1:]
    every = int(words[1]) if words[0] == "--every" else 1
    program, *files = words[2:] if words[0] == "--every" else words
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        link = os.path.join(folder, program)
        os.symlink(os.path.abspath(os.environ["VTOKEN"]), link)
        home = os.path.join(folder, "home")
        os.mkdir(home)
        lines = [line for name in files for line in open(name, encoding="utf-8") if line.startswith('{"args"')]
        for line in lines[::every]:
            filled = line.replace("{{ADDR}}", address).replace("{{HOME}}", home)
            record = json.loads(filled)
            for name, content in record.get("files", {}).items():
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(content)
            server.script, server.seen = record["exchanges"], []
            environment = {"PATH": os.environ["PATH"], "HOME": home, **record["env"]}
            run = subprocess.run([link, *record["args"]], env=environment, cwd=folder, input=record["stdin"] or "",
                                 capture_output=True, encoding="utf-8", timeout=60)
            found = differences(record, run, server.seen)
            passed, failed = passed + (not found), failed + bool(found)
            if found:
                print(f"{record['name']}: {program} {' '.join(record['args'])[:200]}")
                print("".join(f"    {each}\n" for each in found))
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
