"""A proxy on loopback that spoils some of the answers of an S3 server, always the same ones in the same way."""

from __future__ import annotations

import http.client
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

_SLOW_DOWN = (
    b'<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
)


class Fault(Enum):
    """What can happen to an answer: the server does what was asked only from ``LOST`` on."""

    THROTTLED = 429
    FAILED = 500
    SLOW_DOWN = 503
    CONFLICT = 409
    TELLTALE = 403
    RESET = "the connection is reset before the answer"
    LOST = "the connection is reset after the server has done its part"
    TRUNCATED = "the answer ends in the middle of its body"
    STALLED = "the answer stops in the middle of its body, and nothing more comes"


Choose = Callable[[int, str], Fault | None]


@dataclass(frozen=True)
class Request:
    """What came, with the names of headers in small letters, and what was done to the answer."""

    method: str
    path: str
    headers: dict[str, str]
    fault: Fault | None


@dataclass
class FaultProxy:
    """Where it listens, and what came so far."""

    url: str
    requests: list[Request] = field(default_factory=list)

    def spoilt(self) -> int:
        """How many answers were spoilt."""
        return sum(request.fault is not None for request in self.requests)


def every(number: int, *faults: Fault) -> Choose:
    """Every so many-th answer is spoilt, with each of ``faults`` in turn."""
    return lambda request, asked: None if request % number else faults[request // number % len(faults)]


@contextmanager
def fault_proxy(
    upstream: str,
    choose: Choose = lambda number, asked: None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[FaultProxy]:
    """Stand before ``upstream``; ``choose`` says what to do to each answer, None leaves it whole.

    It is asked with the number of the request, beginning with 1, and with ``PUT /bucket/key`` or the like.
    """
    address = urlsplit(upstream).netloc
    numbers, lock, over = count(1), threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                fault = choose(next(numbers), f"{self.command} {self.path}")
                headers = {name.lower(): value for name, value in self.headers.items()}
                proxy.requests.append(Request(self.command, self.path, headers, fault))
            match fault:
                case Fault.RESET:
                    self.reset()
                case Fault.THROTTLED | Fault.FAILED | Fault.SLOW_DOWN | Fault.CONFLICT:
                    self.answer(fault.value, {"Content-Type": "application/xml"}, _SLOW_DOWN)
                case Fault.TELLTALE:
                    told = "<Error><Code>ExpiredToken</Code><Message>" + str(self.headers) + "</Message></Error>"
                    self.answer(fault.value, {"Content-Type": "application/xml"}, told.encode())
                case _:
                    self.forward(body, fault)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

        def forward(self, body: bytes, fault: Fault | None) -> None:
            connection = http.client.HTTPConnection(address)
            try:
                # The host stays the client's: it is part of what the client has signed.
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    connection.putheader(name, value)
                connection.endheaders(body)
                reply = connection.getresponse()
                headers, content = dict(reply.getheaders()), reply.read()
            finally:
                connection.close()
            if fault is Fault.LOST:
                self.reset()
            else:
                self.answer(reply.status, headers, content, fault)

        def answer(self, status: int, headers: dict[str, str], content: bytes, fault: Fault | None = None) -> None:
            self.send_response_only(status)
            length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
            for name, value in {**headers, "Content-Length": length}.items():
                if name.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content if fault is None else content[: len(content) // 2])
            if fault is Fault.STALLED:
                over.wait()
            if fault is not None:
                self.close_connection = True

        def reset(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

        def handle(self) -> None:
            with suppress(OSError, ValueError):  # the client went, or the connection was reset above
                super().handle()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    proxy = FaultProxy(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
