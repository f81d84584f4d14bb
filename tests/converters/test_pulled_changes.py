"""What two pulls say of each other: every answer is new, changed, withdrawn or as it was."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gtbridge.converters.formats.pulled_changes import Changes, changes_between
from gtbridge.converters.formats.pulled_tasks import Seen, seen


def of(tasks: dict[int, dict[int, str]]) -> dict[int, Seen]:
    """Tasks, each with answers by id and what they say."""
    return {number: seen({"id": number, "annotations": _answers(answers)}) for number, answers in tasks.items()}


def _answers(answers: dict[int, str]) -> list[dict[str, Any]]:
    return [{"id": number, "result": result} for number, result in answers.items()]


def between(before: dict[int, dict[int, str]] | None, now: dict[int, dict[int, str]]) -> Changes:
    return changes_between(of(before) if before is not None else None, of(now).items(), 0, None)


_TASKS = st.dictionaries(
    st.integers(1, 4), st.dictionaries(st.integers(1, 4), st.sampled_from("ab"), max_size=3), max_size=3
)


@given(_TASKS, _TASKS)
def test_every_answer_is_counted_once(before: dict[int, dict[int, str]], now: dict[int, dict[int, str]]) -> None:
    changes = between(before, now)
    old = {(task, answer): said for task, answers in before.items() for answer, said in answers.items()}
    new = {(task, answer): said for task, answers in now.items() for answer, said in answers.items()}
    both = old.keys() & new.keys()
    assert changes.new == len(new.keys() - old.keys())
    assert changes.withdrawn == len(old.keys() - new.keys())
    assert changes.changed == sum(old[key] != new[key] for key in both)
    assert changes.unchanged == sum(old[key] == new[key] for key in both)
    assert (changes.new_tasks, changes.withdrawn_tasks) == (len(now.keys() - before.keys()), len(before.keys() - now))
    assert bool(changes) == (before != now)


def test_the_sentence_says_what_is_otherwise_and_no_more() -> None:
    assert Changes(12, 3, 1, 4000).sentence() == "12 new answers, 3 changed, 1 withdrawn; 4,000 as they were"
    assert Changes(unchanged=1).sentence() == "nothing new; 1 answer as it was"
    assert Changes(changed=1, unchanged=2).sentence() == "1 changed answer; 2 as they were"
    assert Changes(withdrawn=2, withdrawn_tasks=1, rewritten_tasks=3).sentence() == (
        "2 withdrawn answers; 0 as they were; tasks: 3 rewritten, 1 withdrawn"
    )
    assert Changes(new=1, new_tasks=2, first=True).sentence() == "1 answer to 2 tasks: the first pull"
    assert Changes(unchanged=5, anew="--full").sentence() == (
        "nothing new; 5 answers as they were (--full: everything was fetched anew)"
    )


def test_a_first_pull_says_so() -> None:
    assert between(None, {1: {1: "a"}}).first
    assert not between({}, {1: {1: "a"}}).first


def test_a_task_whose_data_are_others_is_rewritten() -> None:
    before, now = (seen({"id": 1, "data": data}) for data in ({"a": 1}, {"a": 2}))
    changes = changes_between({1: before}, [(1, now)], 1, None)
    assert (changes.rewritten_tasks, changes.fetched, bool(changes)) == (1, 1, True)
    assert list(changes.notes()) == [("tasks pulled", "rewritten", 1)]


def test_the_ledger_gets_what_there_is() -> None:
    notes = [("answers pulled", "new", 1), ("answers pulled", "as they were", 2), ("tasks pulled", "new", 3)]
    assert list(Changes(new=1, unchanged=2, new_tasks=3).notes()) == notes
