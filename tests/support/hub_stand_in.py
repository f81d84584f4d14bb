"""The part of the Hugging Face Hub's API that reading and pushing a dataset takes, with faults. Not the Hub itself."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hub_store import HubStore, Refused, Repo, entry, tree

TOKEN = "hf_" + "w" * 34
READER = "hf_" + "r" * 34


@dataclass
class Fault:
    """What happens to requests that ``METHOD /path`` matches: an answer of this status, or one of

    ``cut`` (the connection breaks in the middle of the request), ``lost`` (it is done, but the answer never comes),
    ``stalled`` (no answer comes, and the connection stays). ``meanwhile`` is called first, whatever comes then.
    """

    asked: str
    happens: int | str | None = None
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    told: str = "spoilt"
    meanwhile: Callable[[], object] = lambda: None


@dataclass
class Hub(HubStore):
    """The stand-in: where it listens, what it holds, what it was asked, and what is to go wrong."""

    url: str = ""
    requests: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    over: Event = field(default_factory=Event)

    def asked(self, pattern: str) -> list[str]:
        """The requests, ``METHOD /path``, that match."""
        return [request for request in self.requests if re.match(pattern, request)]

    def fault(self, asked: str) -> Fault | None:
        """The one that meets this request, once less from now on."""
        for fault in self.faults:
            if fault.times and re.match(fault.asked, asked):
                fault.times -= 1
                return fault
        return None


@contextmanager
def hub_stand_in(folder: Path) -> Iterator[str]:
    """The address of a Hub whose datasets are ``folder/ORG/NAME``, for everybody."""
    with hub() as stand_in:
        stand_in.tokens.clear()
        stand_in.add_folder(folder)
        yield stand_in.url


@contextmanager
def hub() -> Iterator[Hub]:
    """An empty Hub, for those who have TOKEN or READER."""
    stand_in = Hub(tokens={TOKEN: "write", READER: "read"})
    handler = type("Handler", (_Handler,), {"hub": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # which waits 40 ms between the headers of an answer and its body
    hub: Hub

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the tests look at what comes of it."""

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # the client went, or the connection was reset below
            super().handle()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def handle_any(self) -> None:
        asked = f"{self.command} {unquote(self.path)}"
        with self.hub.lock:
            self.hub.requests.append(asked)
            fault = self.hub.fault(asked)
        if fault:
            fault.meanwhile()
        happens = fault.happens if fault else None
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0) // (2 if happens == "cut" else 1))
        if happens == "stalled":
            self.hub.over.wait(20)  # longer than any client here has patience for
        if happens in ("cut", "stalled"):
            self._reset()
            return
        try:
            if fault and isinstance(happens, int):
                raise Refused(happens, None, fault.told, **fault.headers)
            with self.hub.lock:
                status, data, headers = self._answer(urlsplit(self.path), body)
        except Refused as refused:
            said = {"X-Error-Code": refused.code, "X-Error-Message": refused.told, **refused.more}
            headers = {name: value for name, value in said.items() if value is not None}
            place = f"{self.hub.url}/datasets/{refused.more.get('name')}"
            status, data = refused.status, json.dumps({"error": refused.told, "url": place}).encode()
        if happens == "lost":
            self._reset()
        else:
            self._send(status, data, headers)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _answer(self, address: Any, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        path = address.path
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None
        reads = self.command in ("GET", "HEAD") or re.search("/(paths-info/|preupload/)|validate-yaml", path)
        upload = re.fullmatch(r"/large/([0-9a-f]{64})", path)
        if not upload:
            self.hub.authorize(token, write=not reads)
        if upload:
            if hashlib.sha256(body).hexdigest() != upload[1]:
                raise Refused(400, None, "not what was announced")
            self.hub.large[upload[1]] = body
            return _json({})
        if path == "/api/validate-yaml":
            return _json({"errors": [], "warnings": []})
        if path == "/api/repos/create":
            return _json({"url": f"{self.hub.url}/datasets/{self.hub.create(json.loads(body))}"})
        if batch := re.fullmatch(r"/datasets/([^/]+/[^/]+)\.git/info/lfs/objects/batch", path):
            self.hub.seen(batch[1], token)
            return _json({"transfer": "basic", "objects": [self._large(o) for o in json.loads(body)["objects"]]})
        if file := re.fullmatch(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            return self._file(self.hub.seen(file[1], token), unquote(file[2]), unquote(file[3]))
        if api := re.fullmatch(r"/api/datasets/([^/]+/[^/]+)(?:/([a-z-]+)(?:/([^/]+)(?:/(.*))?)?)?", path):
            repo = self.hub.seen(api[1], token)
            query, rev, sub = parse_qs(address.query), unquote(api[3] or "main"), unquote(api[4] or "")
            if api[2] == "tree":
                found = repo.commits[repo.revision(rev)].files
                return _json(tree(found, sub, recursive=query.get("recursive") == ["true"]))
            return _json(_api(self.hub, repo, api[1], api[2] or "", rev, body))
        raise Refused(404, None, f"no such route: {path}")

    def _large(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if wanted["oid"] in self.hub.large:
            return wanted
        href = f"{self.hub.url}/large/{wanted['oid']}?X-Amz-Signature=secret"
        return {**wanted, "actions": {"upload": {"href": href, "header": {}}}}

    def _file(self, repo: Repo, revision: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        commit = repo.revision(revision)
        file = repo.commits[commit].files.get(path)
        if file is None:
            raise Refused(404, "EntryNotFound", "Entry not found")
        tag = file.sha256 if file.large else file.oid
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if part is None:
            return 200, file.data, headers
        start, end = int(part[1]), min(int(part[2] or len(file.data)), len(file.data) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(file.data)}"
        return 206, file.data[start : end + 1], headers


def _json(value: Any) -> tuple[int, bytes, dict[str, str]]:
    return 200, json.dumps(value).encode(), {"Content-Type": "application/json"}


def _api(hub: Hub, repo: Repo, name: str, what: str, rev: str, body: bytes) -> Any:
    match what:
        case "" | "revision":
            commit = repo.revision(rev)
            files = [{"rfilename": path} for path in repo.commits[commit].files]
            return {"id": name, "sha": commit, "private": repo.private, "tags": [], "downloads": 0, "likes": 0,
                    "siblings": files}  # fmt: skip
        case "paths-info":
            there = repo.commits[repo.revision(rev)].files
            asked = json.loads(body)["paths"] if body.startswith(b"{") else parse_qs(body.decode())["paths"]
            folders = {path.rpartition("/")[0] for path in there}
            return [entry(path, there.get(path)) for path in asked if path in there or path in folders]
        case "refs":
            kinds = {"branches": repo.branches, "tags": repo.tags, "converts": {}}
            return {
                kind: [{"name": ref, "ref": f"refs/{ref}", "targetCommit": oid} for ref, oid in refs.items()]
                for kind, refs in kinds.items()
            }
        case "preupload":
            repo.revision(rev)
            return {"files": [repo.mode(file) for file in json.loads(body)["files"]]}
        case "commit":
            oid = repo.commit(rev, body, hub.large)
            return {"success": True, "commitOid": oid, "commitUrl": f"{hub.url}/datasets/{name}/commit/{oid}"}
        case "tag" | "branch":
            return _refer(repo, what, rev, json.loads(body))
        case "settings":
            repo.private = json.loads(body).get("visibility") == "private"
            return {}
    raise Refused(404, None, f"no such route: {what}")


def _refer(repo: Repo, what: str, rev: str, body: dict[str, Any]) -> Any:
    refs, name, target = (repo.tags, body["tag"], rev) if what == "tag" else (repo.branches, rev, "main")
    if name in refs:
        raise Refused(409, None, f"{what} {name} exists already")
    refs[name] = repo.revision(target)
    return {}
