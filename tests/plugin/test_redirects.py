"""A Label Studio that sends the client elsewhere: credentials and items do not go there."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from gtbridge.label_configs.errors import ServerError
from gtbridge.plugin.label_studio.redirects import stay_here
from gtbridge.plugin.label_studio.server import connect

pytestmark = pytest.mark.server


def _token() -> str:
    parts = ({"alg": "HS256"}, {"token_type": "refresh", "exp": int(time.time()) + 3600}, "signature")
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


KEYS = {"legacy token": "k" * 40, "personal access token": _token()}


@contextmanager
def sending_on(status: int, to: str | None) -> Iterator[tuple[str, list[str]]]:
    """A server that answers ``/`` with a redirect and all else with a user; and all that it was sent."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent.append(f"{self.command} {self.path} {self.headers} {body!r}")
            here = to is None or self.path.startswith("/there")
            told = b'{"id": 1, "email": "me@example.com"}' if here else b""
            self.send_response(200 if here else status)
            if not here:
                self.send_header("Location", f"{to}{self.path}")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", sent
        finally:
            server.shutdown()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_goes_where_another_server_sends_them(status: int, key: str) -> None:
    with sending_on(302, None) as (far, sent), sending_on(status, far) as (near, _):
        with pytest.raises(ServerError) as refused:
            connect(near, key)
        assert sent == []
    assert str(refused.value).startswith(f"{near}: sends us on to {far}, where the API key does not go; ")
    assert key not in str(refused.value)


def test_a_server_may_send_on_to_itself() -> None:
    with sending_on(307, "/there") as (near, sent), connect(near, KEYS["legacy token"]):
        assert "GET /there/api/current-user/whoami " in sent[-1]
        assert f"Token {KEYS['legacy token']}" in sent[-1]


@pytest.mark.parametrize(
    ("here", "there", "stays"),
    [
        ("https://a.example/x", "/user/login/", True),
        ("https://a.example/x", "https://A.example:443/y", True),
        ("https://a.example/x", "//a.example/y", True),
        ("https://a.example/x", "//b.example/y", False),
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", False),
        ("https://a.example/x", "https://a.example:8443/x", False),
        ("https://a.example/x", "https://a.example@b.example/x", False),
        ("https://a.example/x", "http://169.254.169.254/latest/meta-data/", False),
        ("https://a.example/x", "file:///etc/passwd", False),
    ],
)
def test_the_same_place_is_the_same_scheme_host_and_port(here: str, there: str, stays: bool) -> None:
    answer = httpx.Response(302, headers={"Location": there}, request=httpx.Request("GET", here))
    if stays:
        stay_here(answer)
        return
    with pytest.raises(ServerError, match="sends us on to"):
        stay_here(answer)
