"""Following a job: what is told, when it ends, and what a server that fails now and then does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gtbridge.label_configs.errors import MissingError, ServerError
from gtbridge.plugin.watching import watch_job


def state(status: str, labeled: int = 0) -> dict[str, Any]:
    return {"LabelingJobStatus": status, "LabelCounters": {"TotalLabeled": labeled}}


DOWN = ServerError("is down")


def asked(*answers: dict[str, Any] | Exception) -> Callable[[], dict[str, Any]]:
    left = list(answers)

    def ask() -> dict[str, Any]:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return ask


def watched(*answers: dict[str, Any] | Exception) -> tuple[list[dict[str, Any]], int, int]:
    """What was told, how often it waited, and how many failures it reported."""
    waits: list[None] = []
    failures: list[ServerError] = []
    told = list(watch_job(asked(*answers), wait=lambda: waits.append(None), on_failure=failures.append))
    return told, len(waits), len(failures)


@pytest.mark.parametrize("end", ["Completed", "Stopped", "Failed"])
def test_each_change_is_told_once_and_the_end_is_the_last(end: str) -> None:
    states = [state("Initializing"), state("InProgress"), state("InProgress"), state("InProgress", 2), state(end, 2)]
    told, waits, _ = watched(*states, state("never asked for"))
    assert told == [states[0], states[1], states[3], states[4]]
    assert waits == 4


def test_a_job_that_ended_long_ago_is_told_without_waiting() -> None:
    assert watched(state("Completed", 3)) == ([state("Completed", 3)], 0, 0)


def test_a_job_that_is_stopping_is_followed_until_it_has_stopped() -> None:
    told, _, _ = watched(state("Stopping"), state("Stopped"))
    assert [now["LabelingJobStatus"] for now in told] == ["Stopping", "Stopped"]


def test_a_server_that_fails_for_a_while_ends_nothing() -> None:
    told, waits, failures = watched(
        state("InProgress"), *[DOWN] * 4, state("InProgress"), *[DOWN] * 4, state("Stopped")
    )
    assert [now["LabelingJobStatus"] for now in told] == ["InProgress", "Stopped"]
    assert (waits, failures) == (10, 8)


def test_five_failures_in_a_row_are_the_end() -> None:
    with pytest.raises(ServerError, match="is down"):
        watched(state("InProgress"), *[DOWN] * 5, state("Completed"))


def test_the_first_question_must_be_answered() -> None:
    with pytest.raises(ServerError, match="is down"):
        watched(DOWN, state("Completed"))


def test_a_job_that_is_gone_is_not_asked_for_again() -> None:
    with pytest.raises(MissingError, match="is gone"):
        watched(state("InProgress"), MissingError("is gone"), state("Completed"))
