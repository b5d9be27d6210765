"""A relay between a client and a real server: it ends TLS on both sides and notes what they agreed on."""
import asyncio
import ssl
import threading

from servers import trusting


class Spy:
    """Listens at `address`; `protocols` holds what ALPN chose, for each connection in turn. With a `header` it speaks
    HTTP/1.1 and adds that line to each request."""

    def __init__(self, authority, port, header=None):
        self.authority, self.port, self.header, self.protocols = authority, port, header, []
        certificate, key = authority.issue("spy")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.set_alpn_protocols(["http/1.1"] if header else ["h2", "http/1.1"])
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        listener = self._within(asyncio.start_server(self._relay, "127.0.0.1", 0, ssl=self.context))
        self.address = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    def _within(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=30)

    async def _relay(self, from_client, to_client):
        protocol = to_client.get_extra_info("ssl_object").selected_alpn_protocol()
        self.protocols.append(protocol)
        context = trusting(self.authority)
        context.set_alpn_protocols([protocol or "http/1.1"])
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.port, ssl=context)
        await asyncio.gather(pump(from_client, to_server, self._changed), pump(from_server, to_client))

    def _changed(self, piece):
        """A request comes in one piece, but perhaps its body."""
        if self.header and b" HTTP/1.1\r\n" in piece:
            return piece.replace(b"\r\n", f"\r\n{self.header}\r\n".encode(), 1)
        return piece

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=30)


async def pump(source, target, change=bytes):
    """Until either side has had enough."""
    try:
        while piece := await source.read(65536):
            target.write(change(piece))
            await target.drain()
    except OSError:
        pass
    target.close()
