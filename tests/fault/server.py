"""A server that does with its connections what a test wants, byte by byte."""
import socket
import struct
import threading


class Request:
    """What a client asked."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target = lines[0].split(" ")[:2]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = body
        self.text = head.decode("latin-1") + "\r\n\r\n" + body.decode("latin-1")


class Talk:
    """One connection, seen from the server. Every call raises ConnectionError (or OSError) when the client has left."""

    def __init__(self, connection, server, number):
        self.connection, self.server, self.number = connection, server, number
        self.pending = b""

    def request(self):
        """The next request, or None when the client has closed the connection."""
        while b"\r\n\r\n" not in self.pending:
            if not self.more():
                return None
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(self.pending) < length:
            if not self.more():
                return None
        body, self.pending = self.pending[:length], self.pending[length:]
        request = Request(head, body)
        with self.server.lock:
            self.server.requests.append(request)
        return request

    def more(self):
        piece = self.connection.recv(65536)
        self.pending += piece
        return piece

    def send(self, data):
        self.connection.sendall(data)

    def answer(self, status=200, body=b"", headers=(), unasked=b""):
        """A whole, correct answer, and what comes with it that nobody asked for; the connection stays open."""
        lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Something'}", *headers]
        if status != 204:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body + unasked)

    def wait(self):
        """Does nothing until the client has closed the connection."""
        while self.connection.recv(65536):
            pass

    def linger(self):
        """Ends what is sent without losing what is under way: the client reads all of it, then the end."""
        self.connection.shutdown(socket.SHUT_WR)
        self.wait()

    def reset(self):
        """Closes so that the client sees "connection reset by peer"."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Server:
    """Listens at a free port of `host`, or at the socket file `path`; calls `behave(talk)` in a thread for each
    connection, and closes the connection afterwards. `context`: an ssl.SSLContext for https."""

    def __init__(self, behave, host="127.0.0.1", path=None, context=None):
        self.behave, self.context = behave, context
        self.requests, self.connections = [], 0
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.listener.bind(path or (host, 0))
        self.listener.listen(64)
        self.port = None if path else self.listener.getsockname()[1]
        self.address = f"unix://{path}" if path else f"{'https' if context else 'http'}://{host}:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                number = self.connections
            threading.Thread(target=self.serve, args=(connection, number), daemon=True).start()

    def serve(self, connection, number):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            if connection.family == socket.AF_INET:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.behave(Talk(connection, self, number))
        except OSError:
            pass  # the client has left, as it may
        finally:
            connection.close()

    def stop(self):
        # A thread in accept() wakes only when the socket is shut down.
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
