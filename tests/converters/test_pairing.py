"""Votes -> preference pairs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.judgement.consensus import Votes, count_votes
from gtbridge.converters.judgement.pairing import PreferencePair, preference_pairs
from gtbridge.converters.ledger import Ledger


def paired(votes: Any, responses: Any) -> tuple[list[PreferencePair], dict[str, int]]:
    ledger = Ledger()
    pairs = list(preference_pairs(votes, responses, ledger, "pairs", "job/0"))
    ledger.check()
    assert (ledger.came["pairs"], ledger.went["pairs"]) == (len(votes), len(pairs))
    return pairs, {reason: count for (_, reason), count in ledger.drops.items()}


def test_the_response_with_more_votes_is_chosen_and_the_votes_are_seen_from_it() -> None:
    votes = {(0, 1): Votes(2, 1, 1), (0, 2): Votes(0, 3, 0)}
    pairs, _ = paired(votes, "abc")
    assert pairs == [PreferencePair(0, 1, 2, 1, 1), PreferencePair(2, 0, 3, 0, 0)]
    assert [pair.annotators for pair in pairs] == [4, 3]


def test_what_makes_no_pair_is_dropped_with_its_reason() -> None:
    votes = {
        (0, 1): Votes(1, 1, 0),
        (0, 2): Votes(0, 0, 2),
        (0, 3): Votes(2, 0, 0),
        (0, 4): Votes(2, 0, 0),
        (1, 3): Votes(0, 0, 1),
    }
    assert paired(votes, ["a", "b", "c", " \n", "\ta "]) == (
        [],
        {"with equal votes": 1, "tied": 1, "with an empty response": 2, "of two equal responses": 1},
    )


def test_responses_that_the_manifest_lost_make_no_pairs() -> None:
    assert paired({(0, 1): Votes(1)}, ()) == ([], {"of responses that the manifest no longer holds": 1})


def test_responses_that_differ_within_make_a_pair() -> None:
    assert len(paired({(0, 1): Votes(1)}, ["a b", "a  b"])[0]) == 1


@given(
    st.lists(st.tuples(*[st.none() | st.integers(1, 4)] * 4), max_size=4),
    st.lists(st.sampled_from(["a", " a", "b", "c", ""]), min_size=4, max_size=4),
)
def test_a_pair_is_never_a_tie_of_equal_texts_or_against_its_votes(rankings: Any, responses: Any) -> None:
    votes = count_votes(rankings)
    pairs, _ = paired(votes, responses)
    for pair in pairs:
        assert pair.votes_chosen > pair.votes_rejected
        assert responses[pair.chosen].strip() != responses[pair.rejected].strip() != ""
        both = [(r[pair.chosen], r[pair.rejected]) for r in rankings]
        known = [(one, other) for one, other in both if one is not None and other is not None]
        assert pair.votes_chosen == sum(one < other for one, other in known)
        assert pair.votes_rejected == sum(one > other for one, other in known)
        assert pair.annotators == len(known)
    assert len({frozenset((pair.chosen, pair.rejected)) for pair in pairs}) == len(pairs)
