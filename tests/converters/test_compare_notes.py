"""Two answers compared: what says the same in another way, and what only looks the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from compared import (
    PASSAGE,
    PROMPT,
    REMOVE,
    Change,
    changed,
    compared,
    first_pair,
    output,
    pair,
    pair_entry,
    ranking,
    ranking_entry,
    short,
    to,
)

NOTES = {
    "other numbers for one order": (PROMPT, ranking(0, "responseRankings", value=[1, 3, 3]), "ranking", "0/w1/Help"),
    "ranks as text": (PROMPT, ranking(0, "responseRankings", value=["1", 2.0, 2]), "form", "0/w1"),
    "a time in another zone": (
        PROMPT,
        to("acceptanceTime", value="2025-06-20T20:59:15.191000+02:00"),
        *("time", "0/w1/acceptanceTime"),
    ),
    "a time without its zone": (
        PROMPT,
        to("submissionTime", value="2025-06-20 18:59:58.321"),
        *("time", "0/w1/submissionTime"),
    ),
    "another definition": (PROMPT, to("gtbridge", "definition", value="d2"), "task definition", "0/w1"),
    "dimensions in another order": (
        PROMPT,
        lambda entry: entry["answerContent"]["textRanking"]["ordinalRankingDimensions"].reverse(),
        *("dimension order", "0/w1"),
    ),
    "content spelled as text": (
        PROMPT,
        lambda entry: entry.update(answerContent=json.dumps(entry["answerContent"])),
        *("form", "0/w1"),
    ),
    "an element of another name": (
        PROMPT,
        lambda entry: entry["answerContent"].update(ranks=entry["answerContent"].pop("textRanking")),
        *("form", "0/w1"),
    ),
    "tags in another order": (PASSAGE, pair(0, "tags", value=["mine", "Who"]), "tags", "0/w1/pair 1/tags"),
    "sections in another order": (
        PASSAGE,
        lambda entry: first_pair(entry)["textReferences"].reverse(),
        *("sections", "0/w1/pair 1/sections"),
    ),
}


def plain(fields: dict[str, Any]) -> dict[str, Any]:
    """An answer without fields that nobody knows within its content: their place is the place of what they are in."""
    entry = ranking_entry() if fields is PROMPT else pair_entry()
    if fields is PROMPT:
        del entry["answerContent"]["textRanking"]["ordinalRankingDimensions"][0]["confidence"]
    else:
        del first_pair(entry)["textReferences"][0]["colour"]
    return entry


@pytest.mark.parametrize(("fields", "change", "kind", "place"), NOTES.values(), ids=NOTES)
def test_what_says_the_same_in_another_way_is_a_note(
    fields: dict[str, Any], change: Change, kind: str, place: str
) -> None:
    found = compared(*changed(fields, plain(fields), change))
    assert short(found.differences.kept) == []
    assert [(f.kind, f.place) for f in found.notes.kept] == [(kind, place)]


SAME = {
    "a whole number": (to("timeSpentInSeconds", value=40), to("timeSpentInSeconds", value=40.0)),
    "an absent time": (to("acceptanceTime", value=None), to("acceptanceTime", value=REMOVE)),
    "the order of keys": (lambda entry: None, lambda entry: entry.update(workerId=entry.pop("workerId"))),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_json_spells_otherwise_is_the_same(one: Change, other: Change) -> None:
    entries = [ranking_entry(), ranking_entry()]
    one(entries[0])
    other(entries[1])
    found = compared(output(PROMPT, entries[0]), output(PROMPT, entries[1]))
    assert (found.differences.count, found.notes.count) == (0, 0)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Cafe\u0301 noir?", "equal once normalised to Unicode NFC"),
        ("Café\u00a0noir? ", "only white space differs"),
        ("Café noir!", None),
    ],
)
def test_texts_that_look_alike_differ_with_a_hint(text: str, hint: str | None) -> None:
    entry = pair_entry()
    first_pair(entry)["question"] = "Café noir?"
    [found] = compared(*changed(PASSAGE, entry, pair(0, "question", value=text))).differences.kept
    assert (found.kind, found.a, found.b, found.hint) == ("question", "Café noir?", text, hint)
