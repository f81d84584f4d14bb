"""Ids of rows, and what must not change from one version of gtbridge to the next."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import (
    ASK,
    KEY,
    SCORED,
    TWO,
    WRITE,
    asked,
    build_in_memory,
    graded,
    job_item,
    options,
    ranked,
    ranking_job,
    wrote,
)
from strategies import make_item

from gtbridge.converters.datasets.rows import Pseudonyms, quoted, quoted_id, quoted_messages, row_id
from gtbridge.converters.records import SIMULATED, Worker

TEXTS = st.text(st.characters(codec=None), max_size=9)
MESSAGES = st.lists(st.tuples(TEXTS, TEXTS).map(lambda said: {"role": said[0], "content": said[1]}), max_size=3)
PARTS = st.lists(st.none() | st.booleans() | st.integers() | TEXTS | st.tuples(st.integers()) | MESSAGES, max_size=5)


@settings(max_examples=50)
@given(PARTS, st.integers(0, 5), MESSAGES)
def test_an_id_is_a_hash_of_its_parts_as_json_however_they_are_put_together(
    parts: list[Any], cut: int, messages: Any
) -> None:
    wanted = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    assert row_id(*parts) == wanted
    assert quoted_messages(messages) == json.dumps(messages)
    if 0 < cut < len(parts):
        assert quoted_id(quoted(*parts[:cut]), quoted(*parts[cut:])) == wanted


@pytest.mark.parametrize("character", [*map(chr, range(130)), "\u2028", "\ud800", "\U0001f600"])
def test_long_texts_are_quoted_like_short_ones(character: str) -> None:
    text = f"{character} in a text that is longer than any name would be {character}"
    assert quoted(text) == json.dumps(text)


def test_a_worker_and_a_program_of_the_same_name_have_different_pseudonyms_however_often_one_asks() -> None:
    names, program = Pseudonyms(KEY), {"identityProviderType": SIMULATED}
    for _ in range(2):
        found = [names.name(Worker("ann", identity)) for identity in (None, program, {"sub": "1"})]
        assert [name.partition("-")[0] for name in found] == ["annotator", "simulated", "annotator"]
        assert found[0] == found[2] and found[0][10:] == found[1][10:]


def test_the_pseudonym_key_is_not_shown() -> None:
    assert KEY.decode() not in repr(Pseudonyms(KEY))


def test_rows_ids_and_ledger_of_a_build_stay_what_they_are() -> None:
    """If this fails and the change is meant, ids of published rows change: it belongs into the changelog."""
    passage = make_item(0, "Ann crossed the river. Ann came.")
    items = [
        *ranking_job(6, TWO),
        job_item(make_item(6, "p\u2028é", ["a", " b", "c"]), ranked("w0", (1, 1, 2), (2, 1, 3), task=TWO), task=TWO),
        job_item(make_item(7, "q", ["a", "b"]), graded("w1", (4, 1.5)), graded("w2", (None, 3)), task=SCORED),
        job_item(passage, asked("w0", passage.text, ("Who?", "A"), ("What?", "the river")), task=ASK, job="ask"),
        job_item(make_item(0, "Say it."), wrote("w0", "It.", "That."), task=WRITE, job="write"),
    ]
    digests = {}
    for consensus in ("majority", "none"):
        chosen = options(test_size=0.3, ties="config", margin="rank", consensus=consensus)
        rows, _, ledger, _ = build_in_memory(items, ["Help", "Safe"], chosen)
        said = [[*place, *rows[place]] for place in sorted(rows)], ledger.to_dict()
        digests[consensus] = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    assert digests == {"majority": "938fe9a70f54958f", "none": "8b5391ba48f6b55d"}
