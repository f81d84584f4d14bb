"""The rules for what is said beside the task itself: a comment, flags on responses, a reason not to judge.

Only what the task asks for is ruled: an answer that was given elsewhere may bring more along. Called by ``rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...label_configs.controls import CANNOT_JUDGE, COMMENT, flags_name
from ...label_configs.tasks import TaskDefinition, TextRanking
from ..records import SENT_BACK, Answer, Item, Pair, Ranking
from .problem import Problem, response_title

__all__ = ["claims_nothing", "contradiction", "declined_problems", "remark_problems"]


def claims_nothing(rankings: Sequence[Ranking], pairs: Sequence[Pair]) -> bool:
    """Whether nothing was ranked and nothing written, so that nothing speaks against a reason not to judge."""
    ranked = any(rank is not None for ranking in rankings for rank in ranking.ranks)
    return not ranked and not any(p.question.strip() or p.answer.strip() or p.tags or p.sections for p in pairs)


def contradiction(definition: TaskDefinition, answer: Answer) -> Iterator[Problem]:
    """Of an answer that judges the item and says that it cannot be judged: nobody knows which of both is meant."""
    if not claims_nothing(answer.rankings, answer.pairs):
        besides = "ranks" if isinstance(definition, TextRanking) else "questions"
        sentence = f"cannot be judged ({answer.reason}), but there are {besides} as well; take back one of them"
        yield Problem(sentence, CANNOT_JUDGE)


def declined_problems(definition: TaskDefinition, item: Item, answer: Answer) -> Iterator[Problem]:
    """Of a declined answer. One without a reason was skipped, and one that was sent back is not done yet."""
    if answer.reason in (None, SENT_BACK) or not definition.cannot_judge:
        return
    if answer.reason not in definition.cannot_judge:
        yield Problem(f"{answer.reason} is not one of the reasons not to judge", CANNOT_JUDGE)
    yield from remark_problems(definition, item, answer)


def remark_problems(definition: TaskDefinition, item: Item, answer: Answer) -> Iterator[Problem]:
    """Of the flags and the comment of an answer."""
    if definition.flags and answer.flags:
        yield from _flag_problems(definition, item, answer)
    yield from _comment_problems(definition, answer)


def _flag_problems(definition: TaskDefinition, item: Item, answer: Answer) -> Iterator[Problem]:
    count = len(item.responses or ())
    if len(answer.flags) > count:
        yield Problem(f"flags for {len(answer.flags)} responses, and there are {count}")
        return
    order = answer.order if answer.order and sorted(answer.order) == list(range(count)) else range(count)
    for position, index in enumerate(order):
        given = answer.flags_on(index)
        for flag in dict.fromkeys(given):
            if flag not in definition.flags:
                sentence = f"{response_title(position)}: {flag} is not one of the flags"
            elif given.count(flag) > 1:
                sentence = f"{response_title(position)}: {flag} is given twice"
            else:
                continue
            yield Problem(sentence, flags_name(position))


def _comment_problems(definition: TaskDefinition, answer: Answer) -> Iterator[Problem]:
    if definition.comment == "required" and not (answer.comment or "").strip():
        yield Problem("write a comment", COMMENT)
