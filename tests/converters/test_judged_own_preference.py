"""Preference rows of gtbridge's own: when they become one item again, and what they are taken to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from job_items import HELP, TWO
from judged_rows import answered_items, build_rows, read_rows, rejudged, rows_of

from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest_line import item_from_line
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.records import Answer, Ranking, Worker
from gtbridge.label_configs.errors import InputError


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def ranks(answer: Answer) -> dict[str, tuple[int | None, ...]]:
    return {ranking.dimension: ranking.ranks for ranking in answer.rankings}


def own(chosen: int, rejected: int, item: str = "job/0", **more: Any) -> dict[str, Any]:
    """A row of gtbridge's own, of an item whose responses are called after their numbers."""
    metadata = {"item": item, "chosen_index": chosen, "rejected_index": rejected, "dimension": "Help", **more}
    sides = {"chosen": [assistant(f"r{chosen}")], "rejected": [assistant(f"r{rejected}")]}
    return {"prompt": [user("p")], **sides, "metadata": metadata}


@given(st.permutations([(a, b) for a in range(4) for b in range(a + 1, 4)]), st.permutations(range(4)))
def test_rows_that_order_all_responses_become_the_item_again(
    pairs: list[tuple[int, int]], order: Sequence[int]
) -> None:
    rows = [own(order[a], order[b]) for a, b in pairs]
    [(line, [answer])], ledger = read_rows(*rows)
    assert line["responses"] == ["r0", "r1", "r2", "r3"]
    assert ranks(answer) == {"Help": tuple(order.index(response) + 1 for response in range(4))}
    assert line["rows"] == [{"metadata": row["metadata"]} for row in rows]
    assert (ledger.came["records"], ledger.notes.total()) == (6, 0)


def test_neighbours_alone_put_all_responses_in_order() -> None:
    [(_, [answer])], _ = read_rows(own(2, 0), own(0, 1))
    assert ranks(answer) == {"Help": (2, 3, 1)}


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 1), (0, 2)],
        [(0, 2), (1, 2)],
        [(0, 1), (1, 2), (2, 0)],
        [(0, 1), (2, 3)],
        [(0, 1), (1, 0)],
        [(0, 1), (1, 2), (2, 0), (3, 4)],
    ],
)
def test_no_tie_and_no_order_is_made_up_for_pairs_that_say_nothing(pairs: list[tuple[int, int]]) -> None:
    found, ledger = read_rows(*(own(*pair) for pair in pairs))
    assert len(found) == len(pairs)
    assert ledger.notes["records", "of an item whose pairs do not order its responses: an item each"] == len(pairs)
    for (line, [answer]), (chosen, rejected) in zip(found, pairs, strict=True):
        assert line["responses"] == [f"r{index}" for index in sorted((chosen, rejected))]
        assert ranks(answer) == {"Help": (1, 2) if chosen < rejected else (2, 1)}
        assert line["metadata"]["chosen_index"] == chosen


def test_each_annotator_ranks_what_their_rows_name_and_nothing_else() -> None:
    rows = [
        own(0, 1, annotator="annotator-0123456789ab", simulated=False),
        own(2, 0, annotator="simulated-0123456789ab", simulated=True),
        own(2, 0, annotator="annotator-0123456789ab", simulated=False, dimension="Safe"),
    ]
    [(line, [first, second])], _ = read_rows(*rows)
    assert line["responses"] == ["r0", "r1", "r2"]
    assert ranks(first) == {"Help": (1, 2, None), "Safe": (2, None, 1)}
    assert ranks(second) == {"Help": (2, None, 1)}
    assert [(a.worker.id[:9], a.worker.simulated) for a in (first, second)] == [
        ("annotator", False),
        ("simulated", True),
    ]


def test_what_a_program_said_stays_marked_as_such_in_a_consensus() -> None:
    [(_, [answer])], _ = read_rows(own(0, 1, simulated=True))
    assert (answer.worker.id, answer.worker.simulated) == ("me/set", True)


def test_rows_of_an_item_that_stand_apart_are_items_apart() -> None:
    found, _ = read_rows(own(0, 1), own(0, 1, "job/1"), own(1, 2))
    assert [line["responses"] for line, _ in found] == [["r0", "r1"], ["r0", "r1"], ["r1", "r2"]]


OWN_REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({**own(1, 2), "prompt": [user("q")]}, "prompt: differs from that of the row before"),
    ({**own(1, 2), "chosen": [assistant("x")]}, "chosen: is another text than response 1 of the item had before"),
    (own(1, 1), "metadata.rejected_index: is 1, as chosen_index is"),
    (own(True, 0), "metadata.chosen_index: expected a whole number of at least 0, found True"),
    (own(1, -2), "metadata.rejected_index: expected a whole number of at least 0, found -2"),
    (own(1, 2, dimension=3), "metadata.dimension: expected text, found 3"),
    (own(1, 2, annotator=3), "metadata.annotator: expected text, found 3"),
    (own(1, 2, simulated="no"), "metadata.simulated: expected true or false, found 'no'"),
]


@pytest.mark.parametrize(("row", "message"), OWN_REFUSALS)
def test_rows_of_one_item_that_contradict_each_other_are_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rows(own(0, 1), row)
    assert str(caught.value).startswith(f"in: $[1].{message}")


@pytest.mark.parametrize("consensus", ["majority", "none"])
@pytest.mark.parametrize("form", [("trl", "conversational"), ("trl-implicit", "conversational"), ("trl", "standard")])
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])  # each builds two datasets
@given(data=st.data())
def test_preferences_that_are_read_back_give_the_same_preferences(
    consensus: str, form: tuple[str, str], data: Any
) -> None:
    chosen = {"configs": ("preference",), "consensus": consensus, "preset": form[0], "format": form[1]}
    first = build_rows(data.draw(answered_items(HELP)), HELP, **chosen)
    if first:
        again = build_rows(rejudged(first["preference"], HELP), HELP, **{**chosen, "preset": "trl"})
        before, after = told(first["preference"]), told(again["preference"])
        assert not before - after
        # A majority may leave open what its other preferences put in order; an annotator's own never do.
        assert set(after) <= with_what_follows(before) if consensus == "majority" else after == before


def told(files: list[bytes]) -> Counter[tuple[str, ...]]:
    """Who prefers what. Not the prompt: plain text has line breaks at its end that conversations have not."""
    rows = [row.fields for row in rows_of(files)]
    return Counter(
        (reply(row["chosen"]), reply(row["rejected"]), row["metadata"]["annotator"], row["metadata"]["dimension"])
        for row in rows
    )


def with_what_follows(preferences: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
    known: set[tuple[str, ...]] = set()
    more = set(preferences)
    while more - known:
        known |= more
        more = {(a, d, *who) for a, b, *who in known for c, d, *they in known if b == c and who == they}
    return known


def test_a_pair_that_a_majority_left_open_is_read_as_its_other_preferences_order_it() -> None:
    fields = {"source": "p", "responses": ["a", "b", "c"]}
    item = item_from_line(to_line(fields), fields, 1, "in")
    said = {"ann": (None, 2, 1), "bob": (2, 1, 3)}
    answers = [Answer(Worker(name), rankings=(Ranking("Help", ranks, True),)) for name, ranks in said.items()]
    judged = judge(HELP, item, answers, partial=True)
    chosen = {"configs": ("preference",), "consensus": "majority"}
    first = build_rows([JobItem("job", item, HELP, judged)], HELP, **chosen)
    again = build_rows(rejudged(first["preference"], HELP), HELP, **chosen)
    assert {pair[:2] for pair in told(first["preference"])} == {("b", "a"), ("a", "c")}
    assert {pair[:2] for pair in told(again["preference"])} == {("b", "a"), ("a", "c"), ("b", "c")}


def reply(side: Any) -> str:
    return str(side if isinstance(side, str) else side[-1]["content"])


def test_every_permutation_of_a_total_order_over_two_dimensions_is_read_back() -> None:
    for order in permutations(range(3)):
        pairs = [(order[a], order[b]) for a in range(3) for b in range(a + 1, 3)]
        rows = [own(*pair, dimension=d.name) for d in TWO.dimensions for pair in pairs]
        [(_, [answer])], _ = read_rows(*rows)
        assert set(ranks(answer).values()) == {tuple(order.index(r) + 1 for r in range(3))}
