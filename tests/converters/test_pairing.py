"""Outcomes -> preference pairs, ties and margins."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weak_orders import panels, permuted

from gtbridge.converters.judgement.consensus import (
    AGAINST_MAJORITY,
    DISAGREE,
    EQUAL_VOTES,
    TIED,
    TIED_IN_CONSENSUS,
    Outcome,
    Votes,
)
from gtbridge.converters.judgement.criteria import Criterion, outcomes, scores
from gtbridge.converters.judgement.pairing import PreferencePair, margin, preference_pairs, similarity, ties
from gtbridge.converters.ledger import Ledger

STRATEGIES = ["all", "adjacent", "best-vs-rest", "best-vs-worst"]
HELP = Criterion("Help", ("Help",))
TEXTS = st.sampled_from(["a", " a", "b", "a long answer", "a long answer!", "c", "d", ""])


def first(*votes: int) -> Outcome:
    return Outcome(1, Votes(*votes))


def second(*votes: int) -> Outcome:
    return Outcome(-1, Votes(*votes))


def neither(reason: str, *votes: int) -> Outcome:
    return Outcome(0, Votes(*votes), reason)


def paired(found: Any, responses: Any, **how: Any) -> tuple[list[PreferencePair], dict[str, int]]:
    ledger = Ledger()
    pairs = list(preference_pairs(found, responses, ledger, "pairs", "job/0", **how))
    ledger.check()
    assert (ledger.came["pairs"], ledger.went["pairs"]) == (len(found), len(pairs))
    assert all(places[0] == "job/0" for places in ledger.where.values())
    return pairs, {reason: count for (_, reason), count in ledger.drops.items()}


def test_the_preferred_response_is_chosen_and_the_votes_are_seen_from_it() -> None:
    pairs, _ = paired({(0, 1): first(2, 1, 1), (0, 2): second(0, 3, 0)}, "abc")
    assert pairs == [PreferencePair(0, 1, 2, 1, 1), PreferencePair(2, 0, 3, 0, 0)]
    assert [pair.annotators for pair in pairs] == [4, 3]


@pytest.mark.parametrize("reason", [TIED, EQUAL_VOTES, AGAINST_MAJORITY, TIED_IN_CONSENSUS, DISAGREE])
def test_a_pair_without_a_preference_is_dropped_with_the_outcomes_reason(reason: str) -> None:
    assert paired({(0, 1): neither(reason, 1, 1, 0)}, "ab") == ([], {reason: 1})


def test_texts_that_can_be_no_pair_are_dropped_with_their_reason() -> None:
    found = {(0, 2): first(1), (0, 1): first(1), (1, 2): neither(TIED, 0, 0, 1), (0, 3): neither(TIED, 0, 0, 1)}
    assert paired(found, ["a", " \n", "\ta ", "a"]) == (
        [],
        {"with an empty response": 2, "of two equal responses": 2},
    )


def test_responses_that_the_manifest_lost_make_no_pairs() -> None:
    lost = {"of responses that the manifest no longer holds": 1}
    assert paired({(0, 1): first(1)}, ()) == ([], lost)
    assert paired({(0, 1): neither(TIED, 0, 0, 1)}, (), near_duplicates=0.5) == ([], lost)


def test_responses_that_differ_within_make_a_pair() -> None:
    assert len(paired({(0, 1): first(1)}, ["a b", "a  b"])[0]) == 1


CHAIN = {(0, 1): first(1), (0, 2): first(1), (1, 2): first(1)}


def test_what_a_strategy_leaves_out_is_dropped_with_its_name() -> None:
    pairs, dropped = paired(CHAIN, "abc", strategy="adjacent")
    assert [(pair.chosen, pair.rejected) for pair in pairs] == [(0, 1), (1, 2)]
    assert dropped == {"left out by --pairs adjacent": 1}
    pairs, dropped = paired(CHAIN, "abc", strategy="best-vs-worst")
    assert [(pair.chosen, pair.rejected) for pair in pairs] == [(0, 2)]
    assert dropped == {"left out by --pairs best-vs-worst": 2}


def test_a_strategy_looks_at_the_whole_item_before_texts() -> None:
    """The middle response is empty, and still stands between the other two."""
    assert paired(CHAIN, ["a", "", "c"], strategy="adjacent") == (
        [],
        {"with an empty response": 2, "left out by --pairs adjacent": 1},
    )


# lengths 10 and 10, nine of each in common, in order: 2 x 9 / 20
ALMOST = ["abcdefghij", "abcdefghix"]


@pytest.mark.parametrize(("ratio", "kept"), [(None, 1), (0.91, 1), (0.9, 0), (0.5, 0), (1.0, 1)])
def test_responses_at_least_so_alike_make_no_pair(ratio: float | None, kept: int) -> None:
    pairs, dropped = paired({(0, 1): first(1)}, ALMOST, near_duplicates=ratio)
    assert len(pairs) == kept
    assert dropped == ({} if kept else {"of two nearly equal responses": 1})


def test_white_space_around_texts_makes_them_no_less_alike() -> None:
    spaced = [f"  {ALMOST[0]}\n\n", f"\t{ALMOST[1]}"]
    assert paired({(0, 1): first(1)}, spaced, near_duplicates=0.9)[1] == {"of two nearly equal responses": 1}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("", "", 1),
        ("a", "", 0),
        ("ab", "ba", 0.5),  # one letter in common in order, of two each
        ("kitten", "sitting", 8 / 13),  # i, t, t, n
        (*ALMOST, 0.9),
        ("河の水", "河の氷", 4 / 6),
    ],
)
def test_similarities_worked_by_hand(one: str, other: str, alike: float) -> None:
    assert similarity(one, other) == alike


@given(st.text("abc 河", max_size=12), st.text("abc 河", max_size=12))
def test_similarity_is_symmetric_and_is_what_two_texts_have_in_common(one: str, other: str) -> None:
    lengths = len(one) + len(other)
    assert similarity(one, other) == similarity(other, one)
    assert similarity(one, other) == (2 * common(one, other) / lengths if lengths else 1)


def common(one: str, other: str) -> int:
    """The length of the longest common subsequence, by its definition."""
    row = [0] * (len(other) + 1)
    for letter in one:
        last = row
        row = [0]
        for place, against in enumerate(other):
            row.append(last[place] + 1 if letter == against else max(row[place], last[place + 1]))
    return row[-1]


def test_ties_are_what_annotators_hold_to_be_equally_good() -> None:
    found = {
        (0, 1): neither(TIED, 0, 0, 2),
        (0, 2): neither(EQUAL_VOTES, 1, 1, 0),
        (1, 2): neither(DISAGREE, 1, 1, 1),
        (0, 3): neither(AGAINST_MAJORITY, 2, 1, 0),
        (1, 3): neither(TIED_IN_CONSENSUS, 2, 1, 0),
        (2, 3): first(1, 0, 0),
    }
    assert list(ties(found, "abcd")) == [(0, 1, Votes(0, 0, 2)), (0, 2, Votes(1, 1, 0))]


@pytest.mark.parametrize("responses", [("a", " a"), ("a", ""), ()])
def test_ties_of_equal_empty_or_lost_responses_are_left_out(responses: Any) -> None:
    assert list(ties({(0, 1): neither(TIED, 0, 0, 1)}, responses)) == []


def test_the_vote_margin_is_the_difference_of_votes_among_those_who_compared() -> None:
    assert margin("vote", PreferencePair(0, 1, 3, 1, 4), []) == 0.25
    assert margin("vote", PreferencePair(1, 0, 2, 0, 0), []) == 1


def test_the_rank_margin_is_the_mean_difference_of_scores_of_those_who_scored_both() -> None:
    third, half = Fraction(1, 3), Fraction(1, 2)
    scored = [(Fraction(0), Fraction(1), half), (third, Fraction(0), None), (None, Fraction(1), Fraction(0))]
    assert margin("rank", PreferencePair(0, 1, 1, 1, 0), scored) == 1 / 3  # (1 - 1/3) / 2
    assert margin("rank", PreferencePair(2, 0, 1, 0, 0), scored) == -0.5


def test_another_name_is_no_margin() -> None:
    with pytest.raises(ValueError, match="'none' is no margin"):
        margin("none", PreferencePair(0, 1, 1, 0, 0), [])


@given(panels(5), st.sampled_from(["majority", "borda", "kemeny"]), st.sampled_from(STRATEGIES), st.data())
def test_a_pair_is_never_a_tie_of_equal_texts_or_against_its_votes(
    rankings: Any, method: str, strategy: str, data: Any
) -> None:
    responses = data.draw(st.lists(TEXTS, min_size=len(rankings[0]), max_size=len(rankings[0])))
    near = data.draw(st.sampled_from([None, 0.5, 0.9]))
    answers = [{"Help": ranks} for ranks in rankings]
    scored = [given for one in answers if (given := scores(HELP, one))]
    pairs, _ = paired(outcomes(HELP, answers, method), responses, strategy=strategy, near_duplicates=near)
    for pair in pairs:
        assert pair.votes_chosen > pair.votes_rejected
        texts = responses[pair.chosen].strip(), responses[pair.rejected].strip()
        assert texts[0] != texts[1]
        assert all(texts)
        both = [(r[pair.chosen], r[pair.rejected]) for r in rankings]
        known = [(one, other) for one, other in both if one is not None and other is not None]
        assert pair.votes_chosen == sum(one < other for one, other in known)
        assert pair.votes_rejected == sum(one > other for one, other in known)
        assert pair.annotators == len(known)
        assert 0 < margin("vote", pair, scored) <= 1
        assert -1 <= margin("rank", pair, scored) <= 1
    assert len({frozenset((pair.chosen, pair.rejected)) for pair in pairs}) == len(pairs)


@given(panels(5), st.sampled_from(["majority", "borda", "kemeny"]), st.sampled_from(STRATEGIES), st.data())
def test_permuting_the_responses_permutes_pairs_ties_and_drops(
    rankings: Any, method: str, strategy: str, data: Any
) -> None:
    count = len(rankings[0])
    responses = data.draw(st.lists(TEXTS, min_size=count, max_size=count))
    order = data.draw(st.permutations(range(count)))
    how: Any = {"strategy": strategy, "near_duplicates": 0.9}
    found = outcomes(HELP, [{"Help": ranks} for ranks in rankings], method)
    moved = outcomes(HELP, [{"Help": permuted(ranks, order)} for ranks in rankings], method)
    texts = [responses[index] for index in order]
    pairs, dropped = paired(found, responses, **how)
    moved_pairs, moved_dropped = paired(moved, texts, **how)
    named = {(order[p.chosen], order[p.rejected], p.votes_chosen, p.votes_rejected, p.votes_tie) for p in moved_pairs}
    assert named == {(p.chosen, p.rejected, p.votes_chosen, p.votes_rejected, p.votes_tie) for p in pairs}
    assert moved_dropped == dropped
    assert {frozenset((order[i], order[j])) for i, j, _ in ties(moved, texts)} == {
        frozenset((i, j)) for i, j, _ in ties(found, responses)
    }
