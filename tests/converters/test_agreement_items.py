"""Which answers agreement is taken from, whose they are, and what leaves it as it is."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from panels import QUALITY, agreement_of, panel_item, random_panel

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import Judged
from gtbridge.converters.records import SIMULATED, Answer, Item, Ranking, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

NAMES = ("m", "n", "o", "p")


def with_models(seed: int) -> list[JobItem]:
    """Items whose responses are of models in an order of their own."""
    order = random.Random(seed)
    panel = random_panel(seed)
    return [
        panel_item(rankings, order.sample(NAMES, len(next(iter(rankings.values())))), index)
        for index, rankings in enumerate(panel)
    ]


def strict_task(*names: str, allow_tie: bool = False) -> TextRanking:
    return TextRanking(dimensions=tuple(Dimension(name=name, allow_tie=allow_tie) for name in names))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_items_in_another_order_give_the_same_numbers_to_the_last_bit(seed: int) -> None:
    items = with_models(seed)
    shuffled = random.Random(seed).sample(items, len(items))
    one, other = agreement_of(items), agreement_of(shuffled)
    assert one == other
    assert one.strengths[0].strength.low is not None


def _permuted(item: JobItem, order: list[int]) -> JobItem:
    assert item.item.models is not None
    models = tuple(item.item.models[place] for place in order)
    valid = tuple(
        replace(answer, rankings=tuple(replace(r, ranks=tuple(r.ranks[i] for i in order)) for r in answer.rankings))
        for answer in reversed(item.judged.valid)
    )
    return replace(item, item=replace(item.item, models=models), judged=Judged(valid))


@pytest.mark.parametrize("seed", range(3))
def test_neither_the_order_of_responses_nor_that_of_answers_changes_a_value(seed: int) -> None:
    items, order = with_models(seed), random.Random(seed)
    turned = [_permuted(item, order.sample(range(n), n)) for item in items if (n := len(item.item.models or ()))]
    one, other = agreement_of(items).to_dict(), agreement_of(turned).to_dict()
    assert _values(one) == pytest.approx(_values(other), abs=1e-9)


def _values(plain: dict[str, Any]) -> dict[str, float]:
    found = {name: part["value"] for name, part in plain.items() if isinstance(part, dict)}
    found |= {name: plain[name] for name in ("items", "answers", "kendall_w_annotators")}
    for annotator in plain["annotators"]:
        found |= {f"{annotator['name']} {name}": annotator[name]["value"] for name in ("agreement", "tau_b", "ties")}
    for strength in plain["strengths"]:
        found |= {f"{strength['model']} {name}": strength[name] for name in ("wins", "ties", "losses")}
        found[strength["model"]] = strength["strength"]["value"]
    return found


def test_items_that_differ_only_in_the_order_of_responses_and_annotators_are_one_to_the_bootstrap() -> None:
    ranks = np.array([[1, 2, 2, 4, 3], [3, 1, 5, 4, 2], [2, 2, 1, 3, 5], [5, 4, 1, 1, 1]])
    random = np.random.default_rng(0)
    turned = [ranks[random.permutation(4)][:, random.permutation(5)].tolist() for _ in range(100)]
    found = agreement_of(panel_item(dict(zip("abcd", rows, strict=True))) for rows in turned)
    for figure in (found.alpha_pair_verdicts, found.alpha_midranks, found.kendall_w, found.tau_b):
        assert figure.low == figure.value == figure.high


def test_only_the_order_of_ranks_counts_not_how_many_levels_a_person_uses() -> None:
    dense = [{"a": (1, 2, 2), "b": (2, 1, 3)}, {"a": (1, 1, 2), "b": (1, 2, 3)}]
    sparse: list[dict[str, tuple[int, ...]]] = [{"a": (1, 3, 3), "b": (2, 1, 3)}, {"a": (2, 2, 3), "b": (1, 2, 3)}]
    assert agreement_of(map(panel_item, dense)) == agreement_of(map(panel_item, sparse))


def test_agreement_can_be_asked_for_between_items() -> None:
    seen = Agreement(lambda answer: answer.worker.id, resamples=0)
    for count in (1, 2, 3):
        seen.see(panel_item({"a": (1, 2), "b": (1, 2)}))
        assert seen.dimensions()[0].items == count


def test_answers_that_do_not_count_and_questions_are_not_seen() -> None:
    other = Answer(Worker("x"), rankings=(Ranking("Quality", (2, 1)),))
    item = panel_item({"a": (1, 2)}, declined=(other,), invalid=((other, ("why",)),), superseded=(other,))
    assert [annotator.name for annotator in agreement_of([item]).annotators] == ["a"]
    seen = Agreement(lambda answer: answer.worker.id)
    seen.see(replace(item, definition=QuestionAnswer(title="Ask")))
    assert seen.dimensions() == ()


def test_a_ranking_of_fewer_than_two_responses_is_no_answer() -> None:
    found = agreement_of([panel_item({"a": (1, 2), "b": (None, 1), "c": (None, None)})])
    assert (found.items, found.answers, found.kendall_w_annotators) == (1, 1, None)


def test_rankings_of_different_length_are_compared_on_what_both_hold() -> None:
    item = replace(panel_item({"a": (1, 2)}).item, responses=None)
    answers = (Answer(Worker(n), rankings=(Ranking("Quality", r),)) for n, r in [("a", (1, 2)), ("b", (1, 2, 3))])
    found = agreement_of([JobItem("job", item, QUALITY, Judged(tuple(answers)))])
    assert (found.verdict_agreement.value, found.verdict_agreement.n, found.ties.n) == (1, 1, 4)


def test_dimensions_are_apart_and_stand_in_the_order_of_their_first_appearance() -> None:
    task = strict_task("Help", "Safe")
    agree, differ = Ranking("Help", (1, 2)), (Ranking("Safe", (1, 2)), Ranking("Safe", (2, 1)))
    item = Item(0, "", "p", ("a", "b"))
    answers = tuple(Answer(Worker(str(n)), rankings=(differ[n], agree)) for n in range(2))
    seen = Agreement(lambda answer: answer.worker.id)
    seen.see(JobItem("job", item, task, Judged()))
    seen.see(JobItem("other", item, strict_task("Tone", "Help"), Judged()))
    seen.see(JobItem("job", item, task, Judged(answers)))
    found = {dimension.name: dimension for dimension in seen.dimensions()}
    assert list(found) == ["Help", "Safe", "Tone"]
    assert [found[name].verdict_agreement.value for name in found] == [1, 0, None]
    assert [found[name].items for name in found] == [1, 1, 0]


def test_dimensions_of_one_name_are_one_over_jobs_and_allow_ties_if_one_of_them_does() -> None:
    strict, loose = strict_task("Quality"), strict_task("Quality", allow_tie=True)
    for first, second, allowed in [(strict, loose, True), (loose, strict, True), (strict, strict, False)]:
        items = [panel_item({"a": (1, 2), "b": (1, 2)}, task=task) for task in (first, second)]
        found = agreement_of(items)
        assert (found.items, found.allow_tie) == (2, allowed)


def test_workers_under_one_name_are_one_annotator_and_are_asked_for_once() -> None:
    asked: list[str] = []

    def name_of(answer: Answer) -> str:
        asked.append(answer.worker.id)
        return {"w1": "one", "w2": "one"}.get(answer.worker.id, "other")

    seen = Agreement(name_of, resamples=0)
    for rankings in [{"w1": (1, 2), "w3": (1, 2)}, {"w2": (2, 1), "w3": (1, 2)}, {"w1": (1, 1)}]:
        seen.see(panel_item(rankings))
    one, other = seen.dimensions()[0].annotators
    assert sorted(asked) == ["w1", "w2", "w3"]
    assert (one.name, one.answers, one.agreement.value, one.ties.value) == ("one", 3, 0.5, 1 / 3)
    assert (other.name, other.answers, other.agreement.n) == ("other", 2, 2)


def test_programs_are_marked() -> None:
    item = panel_item({"a": (1, 2), "b": (1, 2)})
    person, program = item.judged.valid
    program = replace(program, worker=replace(program.worker, identity={"identityProviderType": SIMULATED}))
    found = agreement_of([replace(item, judged=Judged((person, program)))])
    assert [(annotator.name, annotator.simulated) for annotator in found.annotators] == [("a", False), ("b", True)]


def test_resamples_decide_how_intervals_are_taken_and_none_leaves_them_out() -> None:
    items = with_models(1)
    without, few, many = (agreement_of(items, resamples=count) for count in (0, 50, 100))
    for name in ("tau_b", "alpha_midranks", "kendall_w", "ties"):
        values = [getattr(found, name) for found in (without, few, many)]
        assert len({figure.value for figure in values}) == 1
        assert (values[0].low, values[0].high) == (None, None)
        assert values[1].low != values[2].low
    assert without.strengths[0].strength.low is None
    assert few.strengths[0].strength.low != many.strengths[0].strength.low


def test_another_seed_gives_other_intervals_of_all_figures() -> None:
    one, other = (agreement_of(with_models(1), seed=seed) for seed in (1, 2))
    for name in ("alpha_pair_verdicts", "alpha_midranks", "kendall_w", "tau_b", "verdict_agreement"):
        first, second = getattr(one, name), getattr(other, name)
        assert first.value == second.value
        assert (first.low, first.high) != (second.low, second.high)
    assert one.strengths[0].strength.low != other.strengths[0].strength.low


def test_blocks_of_many_items_are_worked_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    items = with_models(2)
    whole = agreement_of(items)
    monkeypatch.setattr("gtbridge.converters.agreement.item_terms._CHUNK", 40)
    assert agreement_of(items) == whole
