"""Following a labeling job on either backend until it ends: asks again and again, and tells what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..label_configs.errors import ServerError
from .labeling_job import ENDED

__all__ = ["watch_job"]

_MOST_FAILURES = 5


def watch_job(
    ask: Callable[[], dict[str, Any]],
    *,
    wait: Callable[[], None],
    on_failure: Callable[[ServerError], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """What ``ask`` answers (see ``Backend.watch``), whenever it differs from before; the last tells of the end.

    ``wait`` is called between two questions. A server that fails for a while ends nothing: ``on_failure`` hears of it,
    and the ServerError is raised if the first question fails, or five in a row.
    """
    before: dict[str, Any] | None = None
    failures = 0
    while True:
        try:
            now = ask()
            failures = 0
        except ServerError as error:
            failures += 1
            if before is None or failures >= _MOST_FAILURES:
                raise
            if on_failure:
                on_failure(error)
            now = before
        if now != before:
            yield now
            before = now
        if now["LabelingJobStatus"] in ENDED:
            return
        wait()
