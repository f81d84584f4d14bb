"""A reverse proxy on loopback as it stands before a real installation: servers behind it, perhaps below a path."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

__all__ = ["reverse_proxy"]

# A connection's own, not the message's (RFC 9110, 7.6.1); the length is written anew.
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # many may come at once
    daemon_threads = True


@contextmanager
def reverse_proxy(upstreams: Sequence[str], path: str = "") -> Iterator[str]:
    """The address of a proxy before ``upstreams``, each of which gets a request in turn, whatever the connection.

    Below ``path`` only, which the servers behind are not shown, as nginx's ``location /path/ { proxy_pass .../; }``;
    all else is 404. The ``Host`` stays the client's.
    """
    addresses = [urlsplit(upstream).netloc for upstream in upstreams]
    numbers = count()  # next() on it is atomic

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not self.path.startswith(f"{path}/"):
                self.answer(404, [], b"")
                return
            connection = http.client.HTTPConnection(addresses[next(numbers) % len(addresses)])
            try:
                target = self.path.removeprefix(path)
                connection.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in _HOP_BY_HOP:
                        connection.putheader(name, value)
                if body or self.command not in ("GET", "HEAD"):
                    connection.putheader("Content-Length", str(len(body)))
                connection.putheader("Connection", "close")
                connection.endheaders(body)
                reply = connection.getresponse()
                content = reply.read()
                self.answer(reply.status, reply.getheaders(), content)
            finally:
                connection.close()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward

        def answer(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def handle(self) -> None:
            with suppress(OSError):  # the client went, or the server behind has ended
                super().handle()

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{path}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
