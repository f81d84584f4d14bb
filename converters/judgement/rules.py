"""What a valid answer is: task definition + item + answer -> problems. The only place that knows it.

Whoever judges answers (on export, at import, while annotators work) calls ``problems`` and shows its sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ...label_configs.controls import confirm_name, dimension_slugs, rank_name, section_label, slot_name
from ...label_configs.tasks import QuestionAnswer, Range, TaskDefinition, TextRanking
from ..records import Answer, Item, Pair, Ranking
from .problem import Problem, response_title
from .remark_rules import contradiction, declined_problems, remark_problems
from .words import count_words

__all__ = ["Problem", "problems", "response_title"]


def problems(definition: TaskDefinition, item: Item, answer: Answer, partial: bool = False) -> list[Problem]:
    """All rules that an answer breaks, in the order of the screen; empty if it is valid.

    A failed one breaks none, nor does a declined one: it claims nothing, but its reason must be one that the task
    offers, if it offers any. With ``partial`` a ranking may leave out responses and dimensions, as those that Ground
    Truth delivered do, if it compares two responses on some dimension of the task.
    """
    if isinstance(definition, TextRanking) and _is_sound(definition, item, answer):
        return []
    if answer.status != "given":
        return list(declined_problems(definition, item, answer)) if answer.status == "declined" else []
    found = [Problem(sentence) for sentence in answer.unread]
    if answer.reason is not None:
        return [*found, *contradiction(definition, answer)]
    return [*found, *_problems(definition, item, answer, partial), *remark_problems(definition, item, answer)]


def _problems(definition: TaskDefinition, item: Item, answer: Answer, partial: bool) -> Iterator[Problem]:
    if isinstance(definition, TextRanking):
        partial = partial and _compares(definition, item, answer)
        return _ranking_problems(definition, item, answer, partial)
    if definition.prompt_completion:
        return _completion_problems(definition, answer)
    return _pair_problems(definition, item, answer)


# Text ranking


def _is_sound(definition: TextRanking, item: Item, answer: Answer) -> bool:
    """Whether the answer ranks every response on each dimension, in their order, and says nothing beside it.

    Most answers do, and break no rule; of the others the rules say whether they do.
    """
    responses, rankings = item.responses, answer.rankings
    if not responses or len(rankings) != len(definition.dimensions) or definition.comment == "required":
        return False
    if answer.status != "given" or answer.unread or answer.reason is not None or answer.flags:
        return False
    count = len(responses)
    for dimension, ranking in zip(definition.dimensions, rankings, strict=True):
        if ranking.dimension != dimension.name or not _ranks_all(ranking.ranks, count, dimension.allow_tie):
            return False
        if ranking.scores is not None and len(ranking.scores) != count:
            return False
    return True


@lru_cache(4096)  # the same few rankings come again and again
def _ranks_all(ranks: tuple[int | None, ...], count: int, allow_tie: bool) -> bool:
    used = set(ranks)
    return len(ranks) == count and used <= set(range(1, count + 1)) and (allow_tie or len(used) == count)


def _compares(definition: TextRanking, item: Item, answer: Answer) -> bool:
    """Whether it compares two responses on some dimension, or judges the only one that the item has."""
    asked = {dimension.name for dimension in definition.dimensions}
    known = [sum(rank is not None for rank in r.ranks) for r in answer.rankings if r.dimension in asked]
    return max(known, default=0) >= (1 if len(item.responses or ()) == 1 else 2)


def _ranking_problems(definition: TextRanking, item: Item, answer: Answer, partial: bool) -> Iterator[Problem]:
    given: dict[str, Ranking] = {}
    for ranking in answer.rankings:
        if ranking.dimension in given:
            yield Problem(f"{ranking.dimension}: ranked twice")
        given[ranking.dimension] = ranking
    for dimension, slug in zip(definition.dimensions, dimension_slugs(definition), strict=True):
        found = given.pop(dimension.name, None)
        if found is None or all(rank is None for rank in found.ranks):
            if partial:
                continue
            ask = "rank every response" if dimension.allow_tie else "put the responses in order, then confirm"
            yield Problem(f"{dimension.name}: {ask}", None if dimension.allow_tie else confirm_name(slug))
        else:
            shown = _shown_order(found, item, answer.order)
            yield from _rank_problems(found, dimension.allow_tie, slug, shown, partial)
    for name in given:
        yield Problem(f"{name}: is not a dimension of this task")


def _shown_order(ranking: Ranking, item: Item, order: tuple[int, ...] | None) -> tuple[int, ...]:
    count = len(ranking.ranks) if item.responses is None else len(item.responses)
    return order if order and sorted(order) == list(range(count)) else tuple(range(count))


def _rank_problems(
    ranking: Ranking, allow_tie: bool, slug: str, shown: tuple[int, ...], partial: bool
) -> Iterator[Problem]:
    name, ranks, count = ranking.dimension, ranking.ranks, len(shown)
    if len(ranks) != count:
        yield Problem(f"{name}: {len(ranks)} ranks for {count} responses")
        return
    if ranking.scores is not None and len(ranking.scores) != count:
        yield Problem(f"{name}: {len(ranking.scores)} scores for {count} responses")
    holders: dict[int, list[str]] = {}
    for position, index in enumerate(shown):
        rank, title, control = ranks[index], response_title(position), rank_name(slug, position)
        if rank is None:
            if not partial:
                yield Problem(f"{name}: {title} has no rank", control)
        elif not 1 <= rank <= count:
            yield Problem(f"{name}: {title} has rank {rank}, which is not in 1 to {count}", control)
        else:
            holders.setdefault(rank, []).append(title)
    for rank, titles in sorted(holders.items()):
        if len(titles) > 1 and not allow_tie:
            yield Problem(f"{name}: {_list(titles)} share rank {rank}; ties are not allowed")


def _list(titles: list[str]) -> str:
    return f"{', '.join(titles[:-1])} and {titles[-1]}"


# Question and answer


def _pair_problems(definition: QuestionAnswer, item: Item, answer: Answer) -> Iterator[Problem]:
    if len(answer.pairs) not in definition.questions:
        wanted = _wanted(definition.questions, "pair")
        yield Problem(f"{_count(len(answer.pairs), 'pair')} of question and answer; {wanted}")
    for number, pair in enumerate(answer.pairs, start=1):
        for problem in _one_pair_problems(definition, item, pair, number):
            yield Problem(f"{section_label(number)}: {problem.message}", problem.control)


def _one_pair_problems(definition: QuestionAnswer, item: Item, pair: Pair, number: int) -> Iterator[Problem]:
    yield from _text_problems(definition, "question", pair.question, number)
    yield from _text_problems(definition, "answer", pair.answer, number)
    yield from _scope_problems(pair, item, number)
    yield from _tag_problems(definition, pair, number)


def _completion_problems(definition: QuestionAnswer, answer: Answer) -> Iterator[Problem]:
    """Of answers to a prompt: each stands by itself, there is no question to it and no passage to link."""
    if len(answer.pairs) not in definition.questions:
        wanted = _wanted(definition.questions, "answer")
        yield Problem(f"{_count(len(answer.pairs), 'answer')} to the prompt; {wanted}")
    for number, pair in enumerate(answer.pairs, start=1):
        found = [*_text_problems(definition, "answer", pair.answer, number), *_tag_problems(definition, pair, number)]
        if pair.question or pair.sections:
            found.append(Problem("it answers a prompt, but has a question or sections of its own"))
        yield from (Problem(f"answer {number}: {problem.message}", problem.control) for problem in found)


def _text_problems(definition: QuestionAnswer, field: str, text: str, number: int) -> Iterator[Problem]:
    limits = definition.question_words if field == "question" else definition.answer_words
    words = count_words(text, definition.count)
    unit = "character" if definition.count == "characters" else "word"
    article = "an" if field == "answer" else "a"
    if not words:
        yield Problem(f"write {article} {field}", slot_name(field, number))
    elif words not in limits:
        yield Problem(f"the {field} has {_count(words, unit)}; {_wanted(limits, unit)}", slot_name(field, number))


def _scope_problems(pair: Pair, item: Item, number: int) -> Iterator[Problem]:
    control = slot_name("scope", number)
    if pair.scope is None:
        yield Problem("say whether it is about the whole passage or about highlighted sections", control)
    elif pair.scope == "sections" and not pair.sections:
        yield Problem("highlight the sections that it is about", control)
    elif pair.scope == "passage" and pair.sections:
        yield Problem("it is about the whole passage, but sections are highlighted", control)
    for section in pair.sections:
        if not 0 <= section.start < section.end <= len(item.text):
            yield Problem(f"the section {section.start} to {section.end} is not in the passage")
        elif item.text[section.start : section.end] != section.text:
            yield Problem(f"the section {section.start} to {section.end} is not what the passage says there")


def _tag_problems(definition: QuestionAnswer, pair: Pair, number: int) -> Iterator[Problem]:
    for tag in dict.fromkeys(pair.tags):
        if not tag.strip():
            yield Problem("a tag is blank", slot_name("custom_tags", number))
        elif pair.tags.count(tag) > 1:
            yield Problem(f"the tag {tag} is given twice", slot_name("custom_tags", number))
        elif tag not in definition.tags and not definition.allow_custom_tags:
            yield Problem(f"{tag} is not one of the tags", slot_name("tags", number))


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _wanted(limits: Range, unit: str) -> str:
    return f"{limits.of(unit)} {'is' if (limits.max or limits.min) == 1 else 'are'} needed"
