"""The ledger: what came in is what went out and what was dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.ledger import Ledger


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["out", "x", "y"]))))
def test_what_is_entered_and_left_or_dropped_balances(steps: list[tuple[str, str]]) -> None:
    ledger = Ledger()
    for kind, fate in steps:
        ledger.enter(kind)
        if fate == "out":
            ledger.leave(kind)
        else:
            ledger.drop(kind, fate)
    ledger.check()
    for kind in "ab":
        fates = [fate for of, fate in steps if of == kind]
        assert ledger.dropped(kind) == len(fates) - fates.count("out")
        assert ledger.drops[kind, "x"] == fates.count("x")


def test_a_thing_that_vanished_is_a_bug() -> None:
    ledger = Ledger()
    ledger.enter("rows", 3)
    ledger.leave("rows")
    ledger.drop("rows", "bad")
    with pytest.raises(AssertionError, match="3 rows came in, but 1 went out and 1 were dropped"):
        ledger.check()


def test_a_thing_that_left_or_was_dropped_without_coming_in_is_a_bug() -> None:
    left, dropped = Ledger(), Ledger()
    left.leave("rows")
    dropped.drop("rows", "bad")
    for ledger in (left, dropped):
        with pytest.raises(AssertionError, match="0 rows came in"):
            ledger.check()


def test_a_note_is_no_drop() -> None:
    ledger = Ledger()
    ledger.note("rows", "odd", "here")
    ledger.check()
    assert ledger.to_dict() == {
        "rows": {"in": 0, "out": 0, "dropped": [], "notes": [{"reason": "odd", "count": 1, "where": ["here"]}]}
    }


def test_equal_reasons_add_up_and_the_first_places_are_kept() -> None:
    ledger = Ledger()
    for number in range(7):
        ledger.enter("rows")
        ledger.drop("rows", "bad", f"line {number}")
    ledger.enter("rows")
    ledger.drop("rows", "worse")
    places = [f"line {number}" for number in range(5)]
    assert ledger.to_dict()["rows"] == {
        "in": 8,
        "out": 0,
        "dropped": [
            {"reason": "bad", "count": 7, "where": places},
            {"reason": "worse", "count": 1, "where": []},
        ],
        "notes": [],
    }
    assert list(ledger.lines()) == [
        "rows: 8 in, 0 out, 8 dropped",
        f"  - 7 bad ({', '.join(places)} ...)",
        "  - 1 worse",
    ]


def test_lines_for_people_say_where_all_places_are_known() -> None:
    ledger = Ledger()
    ledger.enter("rows")
    ledger.leave("rows")
    ledger.note("rows", "odd", "here")
    assert list(ledger.lines()) == ["rows: 1 in, 1 out, 0 dropped", "  * 1 odd (here)"]
