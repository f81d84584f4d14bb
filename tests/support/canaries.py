"""Secrets that can be told apart from all else, and the search for them: in files, texts and the list of processes."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet

__all__ = ["Canaries", "Search", "watched_processes"]


@dataclass
class Canaries:
    """Secrets by the place where each was planted."""

    planted: dict[str, str] = field(default_factory=dict)

    def plant(self, where: str, secret: str | None = None) -> str:
        """A secret for this place: one that is there anyway, or a new one, of 40 letters and digits."""
        made = secret or f"zqcanary{hashlib.sha256(where.encode()).hexdigest()[:32]}"
        assert len(made) >= 8 and self.planted.get(where, made) == made
        self.planted[where] = made
        return made

    def forms(self) -> dict[bytes, str]:
        """What to look for, and where it was planted: as it is, URL-encoded, in JSON, in hexadecimal, in base64."""
        return {form: where for where, secret in self.planted.items() for form in _forms(secret)}


def _forms(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield raw
    yield quote(secret, safe="").encode()
    yield json.dumps(secret)[1:-1].encode()
    yield raw.hex().encode()
    for before in range(3):  # the same letters look differently, by where they begin in what is encoded
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * before + raw)
            yield whole[-(-before * 4 // 3) : len(whole) // 4 * 4 - 4]


class Search:
    """Looks for canaries; ``found`` are sentences, ``places`` how many texts and files were searched."""

    def __init__(self, canaries: Canaries):
        self._canaries = canaries
        self.places = 0
        self.found: list[str] = []

    def text(self, text: str | bytes, place: str, *, but: Iterable[str] = ()) -> None:
        """Search one text; ``but`` are the places whose canaries may be there."""
        self.places += 1
        data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
        allowed = set(but)
        for form, where in self._canaries.forms().items():
            if where not in allowed and form in data:
                self.found.append(f"{place} holds {where} ({form.decode()})")

    def folder(self, folder: Path, *, but: Iterable[Path] = ()) -> None:
        """Search all files below, hidden and temporary ones included, their names, and what is compressed in them."""
        left_out = set(but)
        for path in sorted(folder.rglob("*")):
            if path in left_out or path.is_symlink():
                continue
            self.text(str(path.relative_to(folder)), f"the name of {path}")
            if path.is_file():
                for content in _contents(path):
                    self.text(content, str(path))


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    match path.suffix:
        case ".gz":
            yield gzip.decompress(path.read_bytes())
        case ".parquet":
            table = pyarrow.parquet.read_table(path)  # type: ignore[no-untyped-call]
            yield json.dumps(table.to_pylist(), default=str, ensure_ascii=False).encode()
            yield str(table.schema.metadata).encode()
        case ".sqlite3" | ".db":
            with sqlite3.connect(path) as connection:
                yield "\n".join(connection.iterdump()).encode()


@contextmanager
def watched_processes(search: Search) -> Iterator[None]:
    """Look through the arguments of all processes of this machine again and again while the context is open."""
    over, seen = threading.Event(), set[bytes]()

    def look() -> None:
        while not over.wait(0.25):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    seen.add(file.read_bytes())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for arguments in sorted(seen):
            search.text(arguments, "the list of processes")
