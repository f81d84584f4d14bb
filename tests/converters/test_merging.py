"""What several have counted and seen, put together, is what one would have: the ledger, agreement, how answers came."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import HELP, TWO, job_item, job_items, ranked
from panels import panel_item, random_panel
from strategies import make_item

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.agreement.panel import UNKNOWN, Panel
from gtbridge.converters.datasets.batch import Batch, Seen
from gtbridge.converters.datasets.part_state import state_from_plain, state_to_plain
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.ledger import Ledger

EVENTS = st.lists(st.tuples(st.sampled_from(["came", "drop", "note"]), st.sampled_from("ab"), st.integers(0, 2)))


def write(ledger: Ledger, events: Sequence[tuple[str, str, int]], first: int = 0) -> Ledger:
    for number, (what, kind, reason) in enumerate(events, start=first):
        ledger.enter(kind)
        if what == "came":
            ledger.leave(kind)
        elif what == "drop":
            ledger.drop(kind, f"reason {reason}", f"place {number}")
        else:
            ledger.leave(kind)
            ledger.note(kind, f"reason {reason}", f"place {number}")
    return ledger


@given(EVENTS, EVENTS)
def test_two_ledgers_are_one_in_every_count_example_and_order(
    one: list[tuple[str, str, int]], other: list[tuple[str, str, int]]
) -> None:
    whole = write(Ledger(), [*one, *other])
    merged = write(Ledger(), one)
    merged.merge(write(Ledger(), other, len(one)))
    assert list(merged.lines()) == list(whole.lines())
    assert json.dumps(merged.to_dict()) == json.dumps(whole.to_dict())


def test_what_is_taken_from_a_ledger_is_no_longer_in_it() -> None:
    ledger = write(Ledger(), [("drop", "a", 1), ("note", "b", 2)])
    before = ledger.to_dict()
    taken = ledger.take()
    assert (taken.to_dict(), ledger.to_dict()) == (before, {})


def agreement_of(items: Sequence[JobItem]) -> Agreement:
    seen = Agreement(lambda answer: answer.worker.id, resamples=20)
    for item in items:
        seen.see(item)
    return seen


@pytest.mark.parametrize("seed", range(3))
def test_agreement_that_was_seen_apart_has_the_numbers_of_all(seed: int) -> None:
    items = [
        panel_item(rankings, [f"m{(number + k) % 4}" for k in range(4)][: len(next(iter(rankings.values())))])
        for number, rankings in enumerate(random_panel(seed))
    ] + [panel_item(rankings) for rankings in random_panel(seed + 10)]
    whole = agreement_of(items).dimensions()
    merged = agreement_of(items[:20])
    merged.merge(agreement_of(items[20:45]))
    merged.merge(agreement_of(items[45:]))
    assert merged.dimensions() == whole
    sent = Agreement.from_plain(json.loads(json.dumps(merged.to_plain())), lambda answer: "", resamples=20)
    assert sent.dimensions() == whole


def test_single_figures_can_be_left_out_and_change_no_other() -> None:
    (whole,) = agreement_of([panel_item(rankings) for rankings in random_panel(4)]).dimensions()
    (short,) = agreement_of([panel_item(rankings) for rankings in random_panel(4)]).dimensions(single=False)
    assert (short.annotators, short.strengths) == ((), ())
    assert (short.alpha_midranks, short.tau_b, short.kendall_w) == (whole.alpha_midranks, whole.tau_b, whole.kendall_w)


def test_a_panel_holds_any_numbers_and_takes_a_byte_for_small_ones() -> None:
    panel = Panel()
    for _ in range(1000):
        panel.add([0, 254], [(1, 2), (255, None)], [])
    (block,) = panel.blocks()
    assert block.ranks.nbytes + block.annotators.nbytes == 6 * 1000
    assert (block.models == UNKNOWN).all()
    panel = Panel()
    panel.add([0, 255], [(1, 2), (2, 1)], [])
    panel.add([256, 70_000], [(1, 2), (300, None)], [127, 128])
    panel.add([1, 2], [(1, 1), (1, 1)], [])
    (block,) = panel.blocks()
    assert block.ranks.tolist() == [[[1, 2], [2, 1]], [[1, 2], [300, 0]], [[1, 1], [1, 1]]]
    assert block.annotators.tolist() == [[0, 255], [256, 70_000], [1, 2]]
    assert block.models.tolist() == [[UNKNOWN, UNKNOWN], [127, 128], [UNKNOWN, UNKNOWN]]


@settings(max_examples=10)
@given(job_items(TWO), job_items(TWO))
def test_what_the_card_says_of_answers_is_the_same_however_they_came_together(
    one: list[JobItem], other: list[JobItem]
) -> None:
    timed = ranked("t", (1, 2), task=HELP, seconds=4.5, submitted="2026-03-01T00:00:00Z", order=(1, 0))
    more = [job_item(make_item(9, "p", ["a", "b"]), timed, job="job")]
    whole = seen_of([*one, *more, *other, *more])
    merged = seen_of([*one, *more])
    merged.merge(seen_of([*other, *more]))
    sent = state_from_plain(json.loads(json.dumps(state_to_plain(Batch(Ledger(), seen=merged)))))
    for found in (merged, sent.seen):
        assert found is not None
        assert {**vars(found.collection.jobs["job"])} == {**vars(whole.collection.jobs["job"])}


def seen_of(items: Sequence[JobItem]) -> Seen:
    seen = Seen({"job": TWO}, lambda answer: answer.worker.id)
    for item in items:
        seen.see(item)
    return seen
