"""A server that turns everybody away and repeats what it was told: headers, address and body, as HTML, XML and JSON."""

from __future__ import annotations

import html
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

__all__ = ["FORMS", "Echo", "echoing_server"]

FORMS = ("json", "xml", "html")


@dataclass
class Echo:
    """Where it listens, the status and form of its answers from now on (0: it hangs up), and how often it was asked."""

    url: str = ""
    status: int = 401
    form: str = "json"
    asked: int = 0
    heard: list[str] = field(default_factory=list)
    lets: dict[str, object] = field(default_factory=dict)  # paths that are answered well, with this JSON


@contextmanager
def echoing_server(tls: ssl.SSLContext | None = None) -> Iterator[Echo]:
    """One on loopback while the context is open."""
    echo = Echo()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            told = f"{self.command} {self.path}\n{self.headers}\n{body[:5000]}"
            echo.asked += 1
            echo.heard.append(told)
            if not echo.status:
                self.close_connection = True
                return
            path = self.path.partition("?")[0]
            kind, answer = _said(echo.form, told, dict(self.headers))
            if path in echo.lets:
                kind, answer = "application/json", json.dumps(echo.lets[path]).encode()
            with suppress(OSError):
                self.send_response(200 if path in echo.lets else echo.status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("X-Error-Message", " ".join(told.split()).encode("ascii", "replace").decode())
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

        do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients that trust no such certificate, or hang up: that is what it is for."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        echo.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield echo
        finally:
            server.shutdown()
            thread.join()


def _said(form: str, told: str, headers: dict[str, str]) -> tuple[str, bytes]:
    match form:
        case "json":
            said = {"detail": told, "error": told, "message": told, "validation_errors": headers, "__type": "Denied"}
            return "application/json", json.dumps(said).encode()
        case "xml":
            text = f"<Error><Code>Denied</Code><Message>{html.escape(told)}</Message></Error>"
            return "application/xml", text.encode()
        case _:
            return "text/html", f"<html><pre>{html.escape(told)}</pre></html>".encode()
