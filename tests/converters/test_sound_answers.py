"""An answer that is seen to be sound at a glance breaks none of the rules, which are asked one by one here."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import make_item

from gtbridge.converters.judgement.judge import Judged, judge
from gtbridge.converters.judgement.remark_rules import remark_problems
from gtbridge.converters.judgement.rules import _is_sound, _problems
from gtbridge.converters.records import Answer, Ranking, Worker
from gtbridge.label_configs.tasks import Comment, Dimension, TextRanking

ITEM = make_item(0, "Why?", ["a", "b", "c"])
comments: list[Comment | None] = [None, "optional", "required"]
tasks = st.builds(
    TextRanking,
    dimensions=st.sampled_from(
        [
            (Dimension(name="Help", allow_tie=False),),
            (Dimension(name="Help", allow_tie=True), Dimension(name="Clear", allow_tie=False)),
        ]
    ),
    flags=st.sampled_from([(), ("rude",)]),
    comment=st.sampled_from(comments),
)
ranks = st.permutations([1, 2, 3]) | st.lists(st.none() | st.integers(0, 4), min_size=2, max_size=4)
scores = st.sampled_from([None, None, None, (1.0, None, 2.0), (1.0,), ()])
changes = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["declined", "failed"]),
        "reason": st.just(""),
        "comment": st.just("good"),
        "flags": st.sampled_from([(("rude",),), (("rude",),) * 4]),
        "unread": st.just(("$: unknown",)),
    },
)


@st.composite
def answers(draw: Any, task: TextRanking) -> Answer:
    """Sound ones and others, one in two with its dimensions as the task has them and nothing beside them."""
    names = [dimension.name for dimension in task.dimensions]
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(["Help", "Clear"]), max_size=3))
    given = [Ranking(name, tuple(draw(ranks)), scores=draw(scores)) for name in names]
    more = draw(st.just({}) | changes)
    return Answer(Worker(draw(st.sampled_from(["ann", "bob", "eve"]))), rankings=tuple(given), **more)


@settings(max_examples=2 * settings().max_examples)
@given(tasks, st.booleans(), st.data())
def test_an_answer_that_is_sound_at_a_glance_breaks_no_rule(task: TextRanking, partial: bool, data: Any) -> None:
    answer = data.draw(answers(task))
    if _is_sound(task, ITEM, answer):
        assert (answer.status, answer.reason, answer.unread) == ("given", None, ())
        assert [*_problems(task, ITEM, answer, partial), *remark_problems(task, ITEM, answer)] == []


@given(st.permutations([1, 2, 3]), st.booleans())
def test_an_answer_that_ranks_everything_is_sound_at_a_glance(order: Any, allow_tie: bool) -> None:
    task = TextRanking(dimensions=(Dimension(name="Help", allow_tie=allow_tie),))
    assert _is_sound(task, ITEM, Answer(Worker("ann"), rankings=(Ranking("Help", tuple(order)),)))


@given(tasks, st.booleans(), st.data())
def test_answers_are_sorted_the_same_whatever_stands_beside_them(task: TextRanking, partial: bool, data: Any) -> None:
    given = data.draw(st.lists(answers(task), max_size=4))
    whole = judge(task, ITEM, given, partial)
    stranger = judge(task, ITEM, [*given, Answer(Worker("stranger"), status="failed")], partial)
    assert stranger.declined[-1].worker.id == "stranger"
    rest = Judged(stranger.valid, stranger.declined[:-1], stranger.invalid, stranger.superseded)
    assert rest == whole
