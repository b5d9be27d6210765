"""A server that plays a part: HTTP/1.1 in one thread, fast enough for thousands of tokens, with faults where a test wants
them."""
import asyncio
import dataclasses
import json
import socket
import struct
import threading

from vault import Request


@dataclasses.dataclass
class Turn:
    """What a script makes of a request. Without one the vault answers at once."""
    delay: float = 0  # seconds before anything happens
    reply: tuple = None  # (status, body) instead of what the vault says
    headers: dict = dataclasses.field(default_factory=dict)
    cut: str = ""  # the connection is reset: "before" the request did anything, or "after" it did
    hang: bool = False  # nothing comes (any more), and the connection stays; with no part sent, nothing is done either
    part: float = 1  # this share of the body is sent, before it hangs or is cut
    raw: bytes = None  # sent instead of an answer


class Connection(asyncio.Protocol):
    """One client; its requests are answered one after the other."""

    def __init__(self, server):
        self.server, self.pending, self.queue, self.busy = server, b"", [], False

    def connection_made(self, transport):
        self.transport = transport
        self.server.connections += 1
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data):
        self.pending += data
        while True:
            head, mark, rest = self.pending.partition(b"\r\n\r\n")
            if not mark:
                return
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            method, target = lines[0].split(" ")[:2]
            path, body, self.pending = target.partition("?")[0].removeprefix("/v1/"), rest[:length], rest[length:]
            self.queue.append(Request(method, path, headers, json.loads(body) if body.strip() else {}))
            self.next()

    def next(self):
        if self.busy or not self.queue or self.transport.is_closing():
            return
        request = self.queue.pop(0)
        self.server.count(request)
        turn = self.server.script(request) if self.server.script else None
        delay = self.server.latency + (turn.delay if turn else 0)
        self.busy = True
        if delay:
            asyncio.get_running_loop().call_later(delay, self.act, request, turn or Turn())
        else:
            self.act(request, turn or Turn())

    def act(self, request, turn):
        if self.transport.is_closing():
            return
        if turn.cut == "before":
            self.reset()
            return
        if turn.hang and turn.part == 1:
            return
        if turn.raw is not None:
            self.transport.write(turn.raw)
            self.transport.close()
            return
        status, body = turn.reply or self.server.vault.answer(request)
        self.server.statuses[status] = self.server.statuses.get(status, 0) + 1
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode() + b"\n"
        if not turn.cut or turn.part < 1:
            lines = [f"HTTP/1.1 {status} Something", *(f"{name}: {value}" for name, value in turn.headers.items())]
            lines += [] if status == 204 else ["Content-Type: application/json", f"Content-Length: {len(data)}"]
            self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data[:int(len(data) * turn.part)])
        if turn.cut:
            self.reset()
        elif "Connection" in turn.headers:
            self.transport.close()
        elif not turn.hang:
            self.busy = False
            self.next()

    def reset(self):
        """The client sees "connection reset by peer"."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Scripted:
    """Serves a Vault at `address` until the end of the `with`. `script(request)` may return a Turn; it runs in the server's
    thread, as all that touches the vault does meanwhile. `latency`: seconds for each request."""

    def __init__(self, vault, script=None, latency=0.0):
        self.vault, self.script, self.latency = vault, script, latency
        self.connections, self.statuses, self.seen = 0, {}, {}
        self.requests = []
        self.changed = threading.Condition()

    def count(self, request):
        """Numbers the request, and wakes who waits for it."""
        with self.changed:
            self.requests.append(request)
            request.number = len(self.requests)
            self.seen[request.kind] = self.seen.get(request.kind, 0) + 1
            self.changed.notify_all()

    def asked(self, kind):
        """The accessors of all requests of a kind, in their order."""
        return [request.accessor for request in self.requests if request.kind == kind]

    def wait_for(self, kind, count, seconds=30):
        """Until so many requests of the kind have come."""
        with self.changed:
            came = self.changed.wait_for(lambda: self.seen.get(kind, 0) >= count, seconds)
        assert came, f"{self.seen.get(kind, 0)} requests of kind {kind}, not {count}"

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        started = self.loop.create_server(lambda: Connection(self), sock=listener)
        self.listening = self.loop.run_until_complete(started)
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.listening.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.close()
