"""Canary secrets: the search finds what it should, and nothing in what gtbridge prints, writes or leaves behind."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet
import pytest
from canaries import Canaries, Search
from installation import Installation
from seaweedfs import ObjectServer

SECRET = 'pass/word+ "with" 42 signs'


def _gzipped(folder: Path) -> None:
    (folder / "x.gz").write_bytes(gzip.compress(SECRET.encode()))


def _in_parquet(folder: Path) -> None:
    table = pa.table({"column": [{"deep": ["nothing", SECRET]}]})
    pyarrow.parquet.write_table(table, folder / "x.parquet", compression="zstd")  # type: ignore[no-untyped-call]


WAYS: dict[str, Callable[[Path], object]] = {
    "plain": lambda folder: (folder / ".hidden").write_text(f"...{SECRET}..."),
    "encoded for an address": lambda folder: (folder / "x").write_text(quote(SECRET, safe="")),
    "in JSON": lambda folder: (folder / "x").write_text(json.dumps({"a": SECRET})),
    "in hexadecimal": lambda folder: (folder / "x").write_text(SECRET.encode().hex()),
    "in base64": lambda folder: (folder / "x").write_bytes(base64.b64encode(SECRET.encode())),
    "in base64, with a user": lambda folder: (folder / "x").write_bytes(base64.b64encode(f"u:{SECRET}!".encode())),
    "in base64, shifted": lambda folder: (folder / "x").write_bytes(base64.b64encode(f"u123:{SECRET}".encode())),
    "compressed": _gzipped,
    "in Parquet": _in_parquet,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_search_finds_a_secret_in_whatever_form(tmp_path: Path, way: Callable[[Path], object]) -> None:
    canaries = Canaries()
    canaries.plant("here", SECRET)
    search = Search(canaries)
    (tmp_path / "folder").mkdir()
    way(tmp_path / "folder")
    search.folder(tmp_path)
    assert search.found and "holds here" in search.found[0]


def test_the_search_finds_a_secret_in_a_name_and_none_where_it_may_be(tmp_path: Path) -> None:
    canaries = Canaries()
    secret = canaries.plant("here")
    search = Search(canaries)
    search.text(f"a {secret} b", "this text", but=["here"])
    assert search.found == []
    (tmp_path / secret).mkdir()
    search.folder(tmp_path)
    assert len(search.found) == 1


@pytest.mark.server
def test_no_secret_is_printed_written_or_left_behind(
    tmp_path: Path, guarded_on_sqlite: Installation, objects: ObjectServer
) -> None:
    from stresses.canaries import fail, sown, succeed
    from stresses.part import Stress

    stress = Stress(seconds=0, seed=0)
    with sown(stress, tmp_path) as everything:
        succeed(everything, guarded_on_sqlite, objects)
        fail(everything)
        assert everything.echo.asked > 20
        heard = "".join(everything.echo.heard)
        planted = everything.canaries.planted
        for sent in ("AWS_SESSION_TOKEN", "LABEL_STUDIO_API_KEY", "HF_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"):
            assert planted[sent] in heard, f"{sent} was sent nowhere, so nothing could repeat it"
    assert stress.wrong == []
    assert stress.counts["found"] == 0
    assert stress.counts["canaries planted"] >= 18
    assert stress.counts["places searched"] > 100
    assert stress.counts["commands run"] >= 40
