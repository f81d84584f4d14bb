"""Every rule of an answer, broken: a good result and what was made of it, with the sentences that must refuse it.

One table for all roads: the API, imports, the screen. ``test_rules_table`` holds it against the rules' source code, so
that a rule without a case fails.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

from judged_jobs import CLOSED, QUESTIONS, RANKING, Job, Result, chosen, order, section, text

__all__ = ["CASES", "OF_OTHER_JOBS", "UNBREAKABLE", "Case"]


@dataclass(frozen=True)
class Case:
    """One broken rule. ``broken`` is the result, ``sentences`` are all that is said of it, in this order.

    ``by_hand``: a person at the screen can do this; otherwise the editor opens it as a draft, or ``why_not_on_screen``
    says why neither brings it to Submit. ``on_screen``: the sentences there, where they are others, because the editor
    drops or adds something. ``api_says``, ``editor_says``: what Label Studio itself says before the rule can.
    """

    id: str
    job: Job
    broken: Any
    sentences: tuple[str, ...]
    by_hand: bool = False
    on_screen: tuple[str, ...] | None = None
    why_not_on_screen: str | None = None
    api_says: str | None = None
    editor_says: str | None = None


def _without(*names: str) -> Callable[[Result], Any]:
    return lambda good: [entry for entry in good if entry["from_name"] not in names]


def _with(*entries: Any) -> Callable[[Result], Any]:
    return lambda good: [*good, *entries]


def _instead(*entries: dict[str, Any]) -> Callable[[Result], Any]:
    """These entries in place of those of the same controls."""
    names = [entry["from_name"] for entry in entries]
    return lambda good: [*_without(*names)(good), *entries]


def _case(identifier: str, job: Job, breaking: Callable[[Result], Any], *sentences: str, **facts: Any) -> Case:
    return Case(identifier, job, breaking(deepcopy(job.good)), sentences, **facts)


_by_hand = partial(_case, by_hand=True)

_NO_ORDER = "Clarity: put the responses in order, then confirm"
_CANNOT_OPEN = "the editor cannot open a draft that holds a number for a text"
_NO_PAIR = "0 pairs of question and answer; 1 to 3 pairs are needed"
_UNRANKED = "Helpfulness: Response A has no rank"
_WHICH_SCOPE = "say whether it is about the whole passage or about highlighted sections"

CASES = (
    # Text ranking
    _by_hand(
        "no rank", RANKING, _without(*(f"rank__helpfulness__{i}" for i in range(3))),
        "Helpfulness: rank every response",
    ),
    _by_hand("one rank missing", RANKING, _without("rank__helpfulness__1"), "Helpfulness: Response B has no rank"),
    _case(
        "rank out of range", RANKING, _instead(chosen("rank__helpfulness__0", "r0:4")),
        "Helpfulness: Response A has rank 4, which is not in 1 to 3",
    ),
    _case(
        "rank of an unknown response", RANKING, _instead(chosen("rank__helpfulness__0", "r3:1")),
        "Helpfulness: 'r3:1' is no rank of a response", _UNRANKED,
    ),
    _case(
        "response ranked twice", RANKING, _instead(chosen("rank__helpfulness__1", "r0:2")),
        "Helpfulness: a response is ranked twice", "Helpfulness: Response B has no rank",
    ),
    _case(
        "two ranks at once", RANKING, _instead(chosen("rank__helpfulness__0", "r0:1", "r0:2")),
        "Helpfulness: rank__helpfulness__0 holds 2 values", _UNRANKED,
        editor_says="The number of options selected (2) exceed the maximum allowed (1)",
    ),
    _case(
        "rank that is no text", RANKING, _instead(chosen("rank__helpfulness__0", 1)),
        "Helpfulness: rank__helpfulness__0 does not hold choices", _UNRANKED,
        why_not_on_screen=_CANNOT_OPEN,
    ),
    _case("no order", RANKING, _without("order__clarity", "done__clarity"), _NO_ORDER),
    _by_hand("order not confirmed", RANKING, _without("done__clarity"), _NO_ORDER),
    _case(
        "order names a response twice", RANKING, _instead(order("r0", "r0", "r1")),
        "Clarity: the order does not name each response once", _NO_ORDER,
    ),
    _case(
        "control of another task", RANKING, _with(chosen("rank__charm__0", "r0:1")),
        "rank__charm__0: is no part of this task",
        why_not_on_screen="the editor drops what none of its controls can show",
    ),
    _case(
        "no control", RANKING, _with({"garbage": 1}), "holds something that no control made",
        why_not_on_screen="the editor shows an empty answer, which has no Submit",
    ),
    _case("control twice", RANKING, _with(chosen("done__clarity", "confirmed")), "done__clarity: is answered twice"),
    _case(
        "no list", RANKING, lambda good: {"0": good[0]},
        "the result is not a list", "Helpfulness: rank every response", _NO_ORDER,
        why_not_on_screen="the editor cannot open a draft that is no list",
        api_says='annotation "result" field in annotation must be list',
    ),
    # Question and answer
    _by_hand(
        "no pair", QUESTIONS, lambda good: [],
        _NO_PAIR,
        on_screen=("QA 1: sections are highlighted, but there is no such pair", _NO_PAIR),
    ),
    _case(
        "number of pairs unknown", QUESTIONS, _instead(chosen("pair_count", "seven")),
        "the number of pairs is 'seven'",
        on_screen=("the number of pairs is 'seven'", "QA 2: sections are highlighted, but there is no such pair"),
    ),
    _case(
        "two numbers of pairs", QUESTIONS, _instead(chosen("pair_count", "1", "2")),
        "the number of pairs: pair_count holds 2 values",
        editor_says="The number of options selected (2) exceed the maximum allowed (1)",
    ),
    _by_hand(
        "more pairs than said", QUESTIONS, _instead(chosen("pair_count", "1")),
        "QA 2 is filled, but the number of pairs is 1",
        on_screen=("QA 2: sections are highlighted, but there is no such pair",),
    ),
    _by_hand(
        "fewer pairs than said", QUESTIONS, _instead(chosen("pair_count", "3")),
        "QA 3: write a question", "QA 3: write an answer", f"QA 3: {_WHICH_SCOPE}",
    ),
    _by_hand("no question", QUESTIONS, _without("question_1"), "QA 1: write a question"),
    _by_hand("no answer", QUESTIONS, _without("answer_2"), "QA 2: write an answer"),
    _by_hand(
        "white space for a question", QUESTIONS, _instead(text("question_1", " \u00a0 ")),
        "QA 1: write a question",
    ),
    _by_hand(
        "question too short", QUESTIONS, _instead(text("question_1", "When boils?")),
        "QA 1: the question has 2 words; 3 to 6 words are needed",
    ),
    _by_hand(
        "answer too long", QUESTIONS, _instead(text("answer_2", "At zero, which is cold indeed")),
        "QA 2: the answer has 6 words; 1 to 4 words are needed",
    ),
    _case(
        "question in two parts", QUESTIONS, _instead(text("question_1", "When does", "water boil?")),
        "QA 1: question_1 holds 2 values", "QA 1: write a question",
    ),
    _case(
        "question that is no text", QUESTIONS, _instead(text("question_1", 7)),
        "QA 1: question_1 does not hold text", "QA 1: write a question",
        why_not_on_screen=_CANNOT_OPEN,
    ),
    _by_hand("no scope", QUESTIONS, _without("scope_1"), f"QA 1: {_WHICH_SCOPE}"),
    _case(
        "unknown scope", QUESTIONS, _instead(chosen("scope_1", "half of it")),
        "QA 1: 'half of it' is neither the whole passage nor highlighted sections", f"QA 1: {_WHICH_SCOPE}",
    ),
    _by_hand("no section", QUESTIONS, _without("section"), "QA 2: highlight the sections that it is about"),
    _by_hand(
        "section beside the whole passage", QUESTIONS, _with(section(0, 5, "Water", "QA 1")),
        "QA 1: it is about the whole passage, but sections are highlighted",
    ),
    _by_hand(
        "section of no pair", QUESTIONS, _with(section(0, 5, "Water", "QA 3")),
        "QA 3: sections are highlighted, but there is no such pair",
    ),
    _case(
        "section of nobody", QUESTIONS, _with(section(0, 5, "Water")),
        "a highlighted section does not say where it is or whose it is",
    ),
    _case(
        "section beyond the passage", QUESTIONS, _instead(section(40, 60, "at zero.", "QA 2")),
        "QA 2: the section 40 to 60 is not in the passage",
    ),
    _case(
        "section with another text", QUESTIONS, _instead(section(28, 45, "Ice melts at once", "QA 2")),
        "QA 2: the section 28 to 45 is not what the passage says there",
    ),
    _by_hand("blank tag", QUESTIONS, _instead(text("custom_tags_1", "heat", " ")), "QA 1: a tag is blank"),
    _by_hand(
        "tag given twice", QUESTIONS, _instead(text("custom_tags_1", "What")),
        "QA 1: the tag What is given twice",
    ),
    _case("tag of one's own", CLOSED, _instead(chosen("tags_1", "Mine")), "QA 1: Mine is not one of the tags"),
    _by_hand(
        "too few pairs", CLOSED, _without("question_2", "answer_2", "scope_2", "section"),
        "1 pair of question and answer; 2 pairs are needed",
    ),
    _by_hand(
        "too few characters", CLOSED, _instead(text("question_1", "T e a ?")),
        "QA 1: the question has 4 characters; at least 5 characters are needed",
    ),
)  # fmt: skip

# Sentences of the rules that no result can earn: they are about answers that came from elsewhere.
UNBREAKABLE = {
    "this task's data is not what the task definition needs, so nobody can answer it": "it is said of the task",
    "Helpfulness: ranked twice": "a result has one place for each dimension",
    "Charm: is not a dimension of this task": "controls of other dimensions are no part of the task",
    "Helpfulness: 2 ranks for 3 responses": "the ranks are read for each response of the item",
    "Clarity: Response A and Response B share rank 1; ties are not allowed": "an order has one response in each place",
    "Helpfulness: 2 scores for 3 responses": "no screen of gtbridge's asks for numbers",
    "3 answers to the prompt; 1 answer is needed": "no screen asks for answers to prompts",
    "it answers a prompt, but has a question or sections of its own": "no screen asks for answers to prompts",
    "answer 1: write an answer": "no screen asks for answers to prompts",
}
# Sentences about what these jobs do not ask for; the tests of it earn them (test_remarks, test_richer_judgements).
OF_OTHER_JOBS = {
    "the flags: 'r9:Unsafe' is no flag of a response",
    "the flags: a response is marked with Unsafe twice",
}
