"""The part of the Hugging Face Hub's API that reading a dataset takes, over a folder of files. Not the Hub itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "c" * 40


@contextmanager
def hub_stand_in(folder: Path) -> Iterator[str]:
    """The address of a Hub whose datasets are ``folder/ORG/NAME``; each has one revision, ``main``."""
    handler = type("Handler", (_Handler,), {"folder": folder})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the tests look at what comes of it."""

    def do_GET(self) -> None:
        self._answer(b"")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _answer(self, body: bytes) -> None:
        address = urlsplit(self.path)
        api = re.fullmatch(
            r"/api/datasets/([^/]+/[^/]+)(?:/(revision|tree|paths-info)/([^/]+)(?:/(.*))?)?", address.path
        )
        file = re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", address.path)
        found = api or file
        root = self.folder / found[1] if found else self.folder / "none"
        if not root.is_dir():
            self._refuse("RepoNotFound")
        elif (api and api[3] not in (None, "main", COMMIT)) or (file and file[2] not in ("main", COMMIT)):
            self._refuse("RevisionNotFound")
        elif file:
            self._file(root / unquote(file[3]))
        elif api and api[2] == "tree":
            self._json([self._entry(root, path) for path in sorted(root.rglob("*")) if path.is_file()])
        elif api and api[2] == "paths-info":
            wanted = json.loads(body)["paths"] if body.startswith(b"{") else parse_qs(body.decode())["paths"]
            self._json([self._entry(root, root / path) for path in wanted if (root / path).exists()])
        elif api:
            names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
            self._json({"id": api[1], "sha": COMMIT, "private": False, "tags": [], "downloads": 0, "likes": 0,
                        "siblings": [{"rfilename": name} for name in names]})  # fmt: skip

    def _entry(self, root: Path, path: Path) -> dict[str, Any]:
        name = path.relative_to(root).as_posix()
        if path.is_dir():
            return {"type": "directory", "path": name, "oid": COMMIT}
        return {"type": "file", "path": name, "size": path.stat().st_size, "oid": self._tag(path)}

    def _tag(self, path: Path) -> str:
        return hashlib.sha1(path.read_bytes()).hexdigest()

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _refuse(self, code: str) -> None:
        self._send(404, b"{}", {"X-Error-Code": code})

    def _file(self, path: Path) -> None:
        if not path.is_file():
            self._refuse("EntryNotFound")
            return
        data = path.read_bytes()
        headers = {"ETag": f'"{self._tag(path)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if part:
            start, end = int(part[1]), min(int(part[2] or len(data)), len(data) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            self._send(206, data[start : end + 1], headers)
        else:
            self._send(200, data, headers)

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
