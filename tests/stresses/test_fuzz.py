"""A short turn of the fuzzing: every reader, in its own process; and that what must not happen is seen if it does."""

from __future__ import annotations

import mmap
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from mutations import mutated_bytes, mutated_json, mutated_text
from stresses import fuzz, fuzz_child
from stresses.fuzz_ranks import ranks_are_said
from stresses.part import Stress

from gtbridge.converters.formats.worker_response import document_to_answers


@pytest.mark.stress
def test_every_reader_reads_or_refuses_what_is_damaged() -> None:
    stress = Stress(seconds=4, seed=0)
    fuzz.run(stress)
    assert stress.wrong == []
    fuzzed = {what: count for what, count in stress.counts.items() if what.startswith("documents fuzzed: ")}
    assert len(fuzzed) == 29
    assert min(fuzzed.values()) > 0
    for kind in ("read", "refused"):
        assert sum(count for what, count in stress.counts.items() if what.startswith(f"  of these {kind}")) > 100


@pytest.mark.parametrize(
    ("mutate", "data"),
    [
        (mutated_bytes, b"\x00\xff some bytes"),
        (mutated_json, b'{"a": [1, {"b": "c,}"}], "d": null}\n{"e": 2}'),
        (lambda data, random: mutated_text(data, ("<x>", "&"), random), b"<a>\n<b/>\n</a>"),
    ],
)
def test_damage_is_of_many_kinds_and_the_same_for_the_same_number(mutate: Any, data: bytes) -> None:
    found = [mutate(data, Random(number)) for number in range(300)]
    assert found == [mutate(data, Random(number)) for number in range(300)]
    assert len(set(found)) > 150


def document(*ranks: int | None) -> Any:
    content = {"x": {"ordinalRankingDimensions": [{"name": "A", "responseRankings": list(ranks)}]}}
    return {"answers": [{"workerId": "w", "answerContent": content}]}


@pytest.mark.parametrize("ranks", [(2, 1), (1, 3), (1,), (1, None)], ids=str)
def test_a_rank_that_was_not_there_is_seen(ranks: tuple[int | None, ...]) -> None:
    (answer,) = document_to_answers(document(1, 2), "w.json")
    ranks_are_said(document(1, 2), [answer])
    with pytest.raises(AssertionError, match=" is not "):
        ranks_are_said(document(*ranks), [replace(answer, raw=document(*ranks)["answers"][0])])
    with pytest.raises(AssertionError, match="nobody's"):
        ranks_are_said(document(*ranks), [answer])


def _asked(monkeypatch: pytest.MonkeyPatch, read: Any, tmp_path: Path) -> Any:
    monkeypatch.setattr(fuzz_child, "SLOW", 0.0 if read is slow else 60.0)
    reader = type("R", (), {"samples": [b"[1]"], "mutate": staticmethod(mutated_bytes), "read": staticmethod(read)})
    (tmp_path / "progress").write_bytes(bytes(8))
    with (tmp_path / "progress").open("r+b") as file, mmap.mmap(file.fileno(), 8) as progress:
        return fuzz_child._slice(reader, 0, 0, 3, 60.0, progress)


def slow(data: bytes) -> None:
    """Any time is too long for it."""


def crashing(data: bytes) -> None:
    raise KeyError("no sentence")


@pytest.mark.parametrize(("read", "said"), [(slow, "took 0.0 s"), (crashing, "KeyError: 'no sentence'")])
def test_what_is_wrong_is_told_with_the_document_it_is_wrong_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, read: Any, said: str
) -> None:
    answer = _asked(monkeypatch, read, tmp_path)
    assert [wrong.partition(":")[0] for wrong in answer["wrong"]] == ["0", "1", "2"]
    assert all(said in wrong for wrong in answer["wrong"])
