"""Stands between a client and a server and spoils a share of what passes: resets, error statuses, slow answers."""
import asyncio
import random
import socket
import struct
import threading
import urllib.parse

ERRORS = {429: b'{"errors":["request path \\"x\\": rate limit quota exceeded"]}', 500: b'{"errors":["internal error"]}',
          503: b'{"errors":["overloaded"]}'}


class Proxy:
    """A proxy in front of `address` (http), at its own `address`, until the end of the `with`. Shares are of all requests.
    Resets come before the server hears of the request, or after it acted on it."""

    def __init__(self, address, seed, resets=0.01, errors=0.05, slow=0.02):
        parts = urllib.parse.urlsplit(address)
        self.upstream = parts.hostname, parts.port
        self.random = random.Random(seed)
        self.resets, self.errors, self.slow = resets, errors, slow
        self.spoilt = {"reset": 0, "reset after": 0, "error": 0, "slow": 0}
        self.requests = 0

    def fate(self):
        """What becomes of the next request."""
        self.requests += 1
        chance = self.random.random()
        for name, share in (("reset", self.resets / 2), ("reset after", self.resets / 2), ("error", self.errors), ("slow", self.slow)):
            if chance < share:
                self.spoilt[name] += 1
                return name
            chance -= share
        return ""

    async def serve(self, reader, writer):
        upstream = None
        try:
            upstream = await asyncio.open_connection(*self.upstream)
            while request := await message(reader):
                fate = self.fate()
                if fate == "reset":
                    break
                if fate == "error":
                    status = self.random.choice(list(ERRORS))
                    more = b"Retry-After: 1\r\n" if self.random.random() < 0.05 else b""
                    writer.write(b"HTTP/1.1 %d No\r\n%sContent-Length: %d\r\n\r\n" % (status, more, len(ERRORS[status])) + ERRORS[status])
                    continue
                if fate == "slow":
                    await asyncio.sleep(self.random.uniform(0.5, 2))
                upstream[1].write(request)
                answer = await message(upstream[0])
                if not answer or fate == "reset after":
                    break
                writer.write(answer)
                await writer.drain()
            else:
                return
            # What is closed with unread or unsent bytes in it is reset.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            for each in (writer, upstream and upstream[1]):
                if each:
                    each.transport.abort() if each is writer else each.close()

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 24))
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


async def message(reader):
    """One HTTP message, as it came; empty at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lines = head.lower().split(b"\r\n")
    if b"transfer-encoding: chunked" in lines:
        parts = [head]
        while True:
            size = await reader.readuntil(b"\r\n")
            parts += [size, await reader.readexactly(int(size, 16) + 2)]
            if int(size, 16) == 0:
                return b"".join(parts)
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    return head + (await reader.readexactly(length) if length else b"")
