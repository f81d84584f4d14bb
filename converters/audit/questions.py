"""What pairs of question and answer are like: tags, words, scope, repetition, coverage. Sees items one by one."""

from __future__ import annotations

from array import array
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import regex

from ...label_configs.tasks import QuestionAnswer
from ..agreement.figures import ratio
from ..judgement.extractive import find_answer
from ..judgement.job_item import JobItem
from ..judgement.words import count_words
from ..records import Pair
from .coverage import PassageCoverage
from .repeated import Repeated
from .result_questions import FirstWord, Questions, Tag, Words

__all__ = ["QuestionAudit"]

_CUSTOM_TAGS = 50
_FIRST_WORDS = 20
_MOST_BINS = 30
_LETTER, _AROUND, _CLUSTER = regex.compile(r"\w"), regex.compile(r"^\W+|\W+$"), regex.compile(r"\X")


class QuestionAudit:
    """Adds up the valid pairs of question-answer items.

    Memory: 96 bytes an item, and a count for each different tag, first word and number of words.
    """

    def __init__(self) -> None:
        self._annotators: set[int] = set()
        self._tags: Counter[str] = Counter()
        self._offered: dict[str, None] = {}
        self._custom: set[str] = set()
        self._question_words: Counter[int] = Counter()
        self._answer_words: Counter[int] = Counter()
        self._scope: Counter[str] = Counter()
        self._first_words: Counter[str] = Counter()
        self._extractive, self._pairs = array("i"), array("i")
        self._repeated = Repeated()
        self._coverage = PassageCoverage()

    def see(self, job_item: JobItem, task: QuestionAnswer, annotators: Sequence[int]) -> None:
        """One more item; ``annotators`` are the numbers of those who gave its valid answers."""
        self._offered.update(dict.fromkeys(task.tags))
        pairs = [pair for answer in job_item.judged.valid for pair in answer.pairs]
        if not pairs:
            return
        self._annotators.update(annotators)
        for pair in pairs:
            self._see_pair(pair, task)
        extractive = [not isinstance(find_answer(pair, job_item.item.text), str) for pair in pairs]
        self._extractive.append(sum(extractive))
        self._pairs.append(len(pairs))
        self._repeated.see(job_item, [pair.question for pair in pairs])
        self._coverage.see(job_item, [section for pair in pairs for section in pair.sections])

    def _see_pair(self, pair: Pair, task: QuestionAnswer) -> None:
        self._tags.update(pair.tags)
        self._custom.update(tag for tag in pair.tags if tag not in task.tags)
        self._question_words[count_words(pair.question, task.count)] += 1
        self._answer_words[count_words(pair.answer, task.count)] += 1
        self._scope[pair.scope or "none"] += 1
        if word := first_word(pair.question):
            self._first_words[word] += 1

    def result(self, resamples: int) -> Questions | None:
        """What was seen so far; None if there was no pair."""
        if not self._pairs:
            return None
        extractive, pairs = np.array(self._extractive), np.array(self._pairs)
        total = int(pairs.sum())
        return Questions(
            total,
            len(self._annotators),
            self._tag_counts(total),
            len(self._custom),
            _histogram(self._question_words),
            _histogram(self._answer_words),
            {scope: self._scope[scope] for scope in ("passage", "sections", "none")},
            ratio(extractive, pairs, total, "pairs", resamples=resamples),
            self._repeated.result(resamples),
            tuple(FirstWord(word, count) for word, count in _most_frequent(self._first_words)[:_FIRST_WORDS]),
            self._coverage.result(resamples),
        )

    def _tag_counts(self, pairs: int) -> tuple[Tag, ...]:
        """All tags that tasks offer, also those that nobody gave, and the most frequent of the others."""
        counts = self._tags + Counter()
        custom = [tag for tag, _ in _most_frequent(counts) if tag not in self._offered][:_CUSTOM_TAGS]
        chosen = Counter({tag: counts[tag] for tag in (*self._offered, *custom)})
        return tuple(Tag(tag, count, count / pairs) for tag, count in _most_frequent(chosen))


def first_word(text: str) -> str:
    """The word with which a text begins, as ``count_words`` counts words, in lower case and without punctuation."""
    run = next((run for run in text.split() if _LETTER.search(run)), "")
    run = _AROUND.sub("", run).lower()
    if count_words(run) <= 1:
        return run
    ends = (cluster.end() for cluster in _CLUSTER.finditer(run))
    return run[: max(end for end in ends if count_words(run[:end]) == 1)]


def _most_frequent(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def _histogram(counts: Counter[int]) -> Words:
    """Bins of a width of 1, 2, 5, 10, ... words, at most _MOST_BINS of them."""
    least, most = min(counts), max(counts)
    widths = (digit * 10**power for power in range(10) for digit in (1, 2, 5))
    width = next(width for width in widths if most // width - least // width < _MOST_BINS)
    edges = tuple(range(least // width * width, (most // width + 1) * width + 1, width))
    per_bin, _ = np.histogram(list(counts), bins=edges, weights=list(counts.values()))
    return Words(edges, tuple(map(int, per_bin)), _median(counts))


def _median(counts: Counter[int]) -> float:
    values = sorted(counts)
    up_to = list(accumulate(counts[value] for value in values))
    lower, upper = (values[bisect(up_to, place)] for place in ((up_to[-1] - 1) // 2, up_to[-1] // 2))
    return (lower + upper) / 2
