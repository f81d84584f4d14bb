"""What annotators say together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from judged_panels import HELP, NAMES, any_criterion, judged
from real_data import pandalm
from weak_orders import pairs_of, permuted

from gtbridge.converters.judgement.consensus import AGAINST_MAJORITY, DISAGREE, TIED_IN_CONSENSUS, Outcome, Votes
from gtbridge.converters.judgement.criteria import Criterion, criteria, outcomes, scores

METHODS = st.sampled_from(["majority", "borda", "kemeny"])


@given(judged(), any_criterion(), METHODS)
def test_a_preference_has_more_votes_and_anything_else_a_reason(panel: Any, criterion: Criterion, method: str) -> None:
    for said in outcomes(criterion, panel[1], method).values():
        assert said.sign in (0, said.votes.verdict)
        assert (said.reason == "") == (said.sign != 0)
        assert said.votes.annotators > 0


@given(judged(), any_criterion(), METHODS, st.data())
def test_permuting_the_responses_permutes_the_outcomes(panel: Any, criterion: Any, method: str, data: Any) -> None:
    count, answers = panel
    order = data.draw(st.permutations(range(count)))
    found = outcomes(criterion, answers, method)
    moved = [{name: permuted(ranks, order) for name, ranks in rankings.items()} for rankings in answers]
    turned = {}
    for (i, j), said in outcomes(criterion, moved, method).items():
        if order[i] < order[j]:
            turned[order[i], order[j]] = said
        else:
            votes = Votes(said.votes.second, said.votes.first, said.votes.tie)
            turned[order[j], order[i]] = Outcome(-said.sign, votes, said.reason)
    assert turned == found


@given(judged(), any_criterion(), METHODS)
def test_the_order_of_the_annotators_does_not_matter(panel: Any, criterion: Criterion, method: str) -> None:
    assert outcomes(criterion, panel[1], method) == outcomes(criterion, panel[1][::-1], method)


@given(judged(), any_criterion())
def test_votes_are_the_same_by_every_consensus(panel: Any, criterion: Criterion) -> None:
    def votes(method: str) -> Any:
        return {pair: said.votes for pair, said in outcomes(criterion, panel[1], method).items()}

    assert votes("majority") == votes("borda") == votes("kemeny")


@given(judged(), any_criterion())
def test_no_order_adds_a_preference_to_those_of_the_majority(panel: Any, criterion: Criterion) -> None:
    majority = outcomes(criterion, panel[1], "majority")
    for method in ("borda", "kemeny"):
        for pair, said in outcomes(criterion, panel[1], method).items():
            assert said.sign in (0, majority[pair].sign)


@given(judged(), any_criterion(), METHODS)
def test_an_annotator_who_ties_everything_changes_no_sign_of_the_majority(
    panel: Any, criterion: Criterion, method: str
) -> None:
    count, answers = panel
    tied = dict.fromkeys(NAMES, (1,) * count)
    before = outcomes(criterion, answers, "majority")
    after = outcomes(criterion, [*answers, tied], "majority")
    assert {pair: after[pair].sign for pair in before} == {pair: said.sign for pair, said in before.items()}


@given(judged(), st.sampled_from(NAMES), METHODS, st.sampled_from(["weighted", "pareto"]))
def test_one_dimension_taken_together_is_that_dimension(panel: Any, name: str, method: str, aggregate: str) -> None:
    (single,) = criteria([name], "each", {})
    (together,) = criteria([name], aggregate, {name: Fraction(2, 7)})
    assert outcomes(together, panel[1], method) == outcomes(single, panel[1], method)
    assert [scores(together, one) for one in panel[1]] == [scores(single, one) for one in panel[1]]


@given(judged(), METHODS)
def test_dimensions_of_the_same_ranks_taken_together_are_that_dimension(panel: Any, method: str) -> None:
    answers = [{"Help": next(iter(one.values()), ())} for one in panel[1]]
    twice = [{**one, "Safe": one["Help"]} for one in answers]
    alone = outcomes(HELP, answers, method)
    (weighted,) = criteria(["Help", "Safe"], "weighted", {"Help": Fraction(1, 3), "Safe": Fraction(5)})
    (pareto,) = criteria(["Help", "Safe"], "pareto", {})
    assert outcomes(weighted, twice, method) == alone
    both = outcomes(pareto, twice, method)
    assert {pair: (said.sign, said.votes) for pair, said in both.items()} == {
        pair: (said.sign, said.votes) for pair, said in alone.items()
    }


@given(judged(), METHODS)
def test_pareto_is_against_no_dimension_nor_its_majority(panel: Any, method: str) -> None:
    (pareto,) = criteria(NAMES[:2], "pareto", {})
    own = [outcomes(single, panel[1], method) for single in criteria(NAMES[:2], "each", {})]
    for pair, said in outcomes(pareto, panel[1], method).items():
        signs = [dimension[pair].sign for dimension in own]
        majorities = [dimension[pair].votes.verdict for dimension in own]
        if said.sign:
            assert -said.sign not in (*signs, *majorities)
            assert said.sign in signs


@given(judged())
def test_one_annotators_pareto_preferences_are_those_of_no_dimension_against_and_one_for(panel: Any) -> None:
    rankings = panel[1][0]
    for pareto in criteria(list(rankings), "pareto", {}):
        for (i, j), said in outcomes(pareto, [rankings], "majority").items():
            signs = {(ranks[i] < ranks[j]) - (ranks[i] > ranks[j]) for ranks in rankings.values()}
            assert said.sign == (0 if {1, -1} <= signs else sum(signs))
            assert (said.reason == DISAGREE) == ({1, -1} <= signs)


@given(judged(), any_criterion())
def test_pairs_are_those_that_somebody_ranked_on_all_dimensions(panel: Any, criterion: Criterion) -> None:
    count, answers = panel

    def compares(rankings: Any, *pair: int) -> bool:
        vectors = [rankings.get(name, (None,) * count) for name in criterion.dimensions]
        return all(vector[index] is not None for vector in vectors for index in pair)

    found = outcomes(criterion, answers, "majority")
    assert list(found) == [pair for pair in pairs_of(count) if any(compares(one, *pair) for one in answers)]
    for pair, said in found.items():
        assert said.votes.annotators == sum(compares(one, *pair) for one in answers)


def test_borda_takes_the_scores_of_the_criterion() -> None:
    """By Help alone b comes first, by both a: Safe has a before b by more than Help has b before a."""
    answers = [{"Help": (2, 1, 3), "Safe": (1, 3, 2)}]
    (weighted,) = criteria(["Help", "Safe"], "weighted", {"Help": Fraction(1), "Safe": Fraction(1)})
    assert {pair: said.sign for pair, said in outcomes(weighted, answers, "borda").items()} == {
        (0, 1): 1,
        (0, 2): 1,
        (1, 2): 1,
    }


def test_a_dimension_that_is_at_odds_with_its_own_order_lets_no_pair_stand() -> None:
    """Three of five have a before b on Help, and Borda has b before a; Safe is for a alone."""
    rankings = [(1, 2, 3)] * 3 + [(3, 1, 2)] * 2
    answers = [{"Help": ranks, "Safe": (1, 2, 3) if ranks[0] == 1 else (1, 1, 1)} for ranks in rankings]
    (pareto,) = criteria(["Help", "Safe"], "pareto", {})
    assert outcomes(HELP, answers, "borda")[0, 1].reason == AGAINST_MAJORITY
    assert outcomes(criteria(["Help"], "pareto", {})[0], answers, "borda")[0, 1].reason == AGAINST_MAJORITY
    assert outcomes(pareto, answers, "majority")[0, 1].sign == 1
    assert outcomes(pareto, answers, "borda")[0, 1].reason == DISAGREE
    assert outcomes(pareto, answers, "kemeny")[0, 1].sign == 1


def test_kemeny_of_thirteen_responses_is_the_majority() -> None:
    circle = [tuple((index + shift) % 3 + 1 if index < 3 else index + 1 for index in range(13)) for shift in range(3)]
    by_size = {}
    for count in (12, 13):
        answers = [{"Help": ranks[:count]} for ranks in circle]
        found = {method: outcomes(HELP, answers, method) for method in ("kemeny", "majority")}
        by_size[count] = found["kemeny"] == found["majority"]
        assert found["majority"][0, 1].sign != 0
    assert by_size == {12: False, 13: True}
    assert outcomes(HELP, [{"Help": r[:12]} for r in circle], "kemeny")[0, 1].reason == (TIED_IN_CONSENSUS)


def test_of_two_responses_borda_is_the_majority_and_kemeny_ties_where_ties_outnumber_its_lead() -> None:
    """On PandaLM's three annotators, where the published set is at hand."""
    meaning = {0: (1, 1), 1: (1, 2), 2: (2, 1)}
    seen = set()
    for record in pandalm():
        answers = [{"Help": meaning[record[f"annotator{number}"]]} for number in (1, 2, 3)]
        found = {method: outcomes(HELP, answers, method)[0, 1] for method in ("majority", "borda", "kemeny")}
        votes = found["majority"].votes
        assert found["borda"] == found["majority"]
        assert found["kemeny"].sign == (0 if votes.tie > abs(votes.first - votes.second) else votes.verdict)
        seen.add(found["kemeny"].reason)
    assert TIED_IN_CONSENSUS in seen
