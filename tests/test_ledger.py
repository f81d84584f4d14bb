"""The ledger: what came in is what went out and what was dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.formats.manifest_check import check_lines
from gtbridge.converters.ledger import Ledger, content, refuse_loss
from gtbridge.converters.records import Answer, Pair, Ranking, Section, Worker
from gtbridge.label_configs.errors import LedgerError

ASKED = Answer(
    Worker("ann"), pairs=(Pair("Who?", "ann", sections=(Section(0, 3, "ann"), Section(4, 5, "x"))), Pair("", ""))
)
RANKED = Answer(Worker("bob"), rankings=(Ranking("Help", (1, 2)), Ranking("Safe", (2, 1))))


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
    with pytest.raises(LedgerError, match="3 rows came in, but 1 went out and 1 were dropped"):
        ledger.check()


def test_a_thing_that_left_or_was_dropped_without_coming_in_is_a_bug() -> None:
    left, dropped = Ledger(), Ledger()
    left.leave("rows")
    dropped.drop("rows", "bad")
    for ledger in (left, dropped):
        with pytest.raises(LedgerError, match="0 rows came in"):
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


def test_an_answer_is_counted_with_all_that_it_holds() -> None:
    assert content([ASKED, RANKED, RANKED]) == {"answers": 3, "dimensions": 4, "pairs": 2, "sections": 2}
    assert content([Answer(Worker("cy"), status="declined")]) == {"answers": 1}
    ledger = Ledger()
    ledger.enter_answers([ASKED, RANKED])
    ledger.leave_answers([RANKED])
    ledger.drop_answer(ASKED, "invalid", "here")
    ledger.check()
    assert list(ledger.lines()) == [
        "answers: 2 in, 1 out, 1 dropped",
        "  - 1 invalid (here)",
        "dimensions: 2 in, 2 out, 0 dropped",
        "pairs: 2 in, 0 out, 2 dropped",
        "  - 2 of answers that are left out",
        "sections: 2 in, 0 out, 2 dropped",
        "  - 2 of answers that are left out",
    ]
    assert [line for line in ledger.lines(whole=False) if line.startswith("dimensions")] == []


def test_what_was_read_and_never_came_in_is_a_bug() -> None:
    ledger = Ledger()
    for _ in ledger.reading("items", "abc"):
        ledger.enter("items")
        ledger.leave("items")
    ledger.turn_away("items", "damaged", "line 4")
    ledger.close()
    ledger.read["items"] += 1
    with pytest.raises(
        LedgerError, match="5 items were there, and 4 are left: this is a bug of gtbridge's, so the output"
    ):
        ledger.close()
    whole = Ledger()
    whole.merge(ledger.take())
    assert (whole.read["items"], ledger.read["items"]) == (5, 0)


def test_a_step_that_keeps_everything_has_neither_less_nor_more_afterwards() -> None:
    refuse_loss({"pairs": 2, "sections": 0}, {"pairs": 2}, "job/1")
    for before, after in (({"pairs": 2}, {"pairs": 1}), ({}, {"pairs": 1}), ({"pairs": 1}, {})):
        with pytest.raises(LedgerError, match=r"^job/1: "):
            refuse_loss(before, after, "job/1")


_LINES = [
    b'{"source":"a"}\n',
    b'{"source":"a","responses":["x","y"]}\n',
    b"\n",
    b"  \n",
    b"{}\n",
    b"[1]\n",
    b'{"source":1}\n',
]


@given(st.lists(st.sampled_from(_LINES)))
def test_each_line_of_a_manifest_that_is_checked_is_an_object_unreadable_or_blank(lines: list[bytes]) -> None:
    found = check_lines([b'{"source":"first"}\n', *lines], "in", None, "label-studio").to_dict()
    assert found["lines"] == 1 + len(lines) == found["objects"] + found["unreadable"] + found["blank"]
    assert found["blank"] == sum(not line.strip() for line in lines)
    assert found["objects"] == 1 + sum(b'"a"' in line for line in lines)
