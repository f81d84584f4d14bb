"""The first word with a Label Studio: who cannot be reached is told at once, who is busy is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from gtbridge.label_configs.errors import GtbridgeError
from gtbridge.plugin.label_studio.server import connect

pytestmark = pytest.mark.server

ME = b'{"id": 1, "email": "me@example.com"}'


@contextmanager
def answering(*statuses: int) -> Iterator[tuple[str, list[str]]]:
    """A server that answers with each status in turn, 0 for hanging up, and then with who the caller is; and what it
    was asked.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status = statuses[len(asked) - 1] if len(asked) <= len(statuses) else 200
            if not status:
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(ME)))
            self.end_headers()
            self.wfile.write(ME)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with answering(status) as (url, asked), connect(url, "k" * 40):
        assert len(asked) == 2


@pytest.mark.parametrize(("status", "says"), [(0, "cannot be reached"), (401, "refuses the API key"), (404, "404")])
def test_what_will_not_pass_is_told_at_once(status: int, says: str) -> None:
    with answering(status) as (url, asked), pytest.raises(GtbridgeError, match=says):
        connect(url, "k" * 40)
    assert len(asked) == 1
