"""What Label Studio sends beside a reason to decline, although its screen hid it."""

from __future__ import annotations

from typing import Any

import pytest

from gtbridge.converters.formats.declined_results import without_leftovers


def entry(name: str, **value: Any) -> dict[str, Any]:
    return {"id": name, "from_name": name, "to_name": "prompt", "value": value}


REASON = entry("cannot_judge", choices=["Not my language"])
COMMENT = entry("comment", text=["Sorry"])
ORDER = entry("order__clarity", ranker={"order__clarity": ["r0", "r1"]})
OTHER_ORDER = entry("order__style", ranker={"order__style": ["r1", "r0"]})
CONFIRMED = entry("done__clarity", choices=["confirmed"])
SECTION = entry("section", start=0, end=3, text="The", labels=["QA 1"])
RANK = entry("rank__help__0", choices=["r0:1"])
QUESTION = entry("question_1", text=["Why?"])


def test_an_order_that_nobody_confirmed_and_sections_go() -> None:
    assert without_leftovers([ORDER, REASON, OTHER_ORDER, SECTION, COMMENT, SECTION]) == [REASON, COMMENT]


def test_what_can_only_have_been_said_on_purpose_stays_for_the_rules() -> None:
    said = [REASON, ORDER, CONFIRMED, RANK, QUESTION]
    assert without_leftovers([*said, OTHER_ORDER]) == said


@pytest.mark.parametrize("not_confirmed", [entry("done__clarity", choices=[]), entry("done__clarity", text="x")])
def test_an_empty_confirmation_confirms_nothing(not_confirmed: dict[str, Any]) -> None:
    assert without_leftovers([REASON, ORDER, not_confirmed]) == [REASON, not_confirmed]


@pytest.mark.parametrize(
    "result",
    [
        [ORDER, SECTION, COMMENT],
        [ORDER, SECTION, entry("cannot_judge", choices=[])],
        [ORDER, SECTION, {"from_name": "cannot_judge", "value": None}],
        [ORDER, SECTION, {"from_name": "cannot_judge"}],
        [],
        [None, "x", 7],
        None,
        "x",
        {"from_name": "cannot_judge", "value": {"choices": ["x"]}},
    ],
)
def test_without_a_reason_a_result_stays_as_it_is(result: Any) -> None:
    assert without_leftovers(result) == result


def test_what_is_no_entry_stays_beside_a_reason() -> None:
    strange: list[Any] = [None, "x", {"value": {"choices": ["y"]}}, {"from_name": ["z"], "value": {"choices": ["y"]}}]
    assert without_leftovers([*strange, REASON, ORDER]) == [*strange, REASON]
