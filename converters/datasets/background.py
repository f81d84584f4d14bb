"""One thread beside the one that makes rows, so that Parquet is encoded while the next rows are made. Knows no rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

__all__ = ["Background"]


class Background:
    """Does one piece of work at a time, in the order in which they are handed over.

    The next piece waits until the one before is done, so memory is bounded by one piece, and what is handed over when
    does not depend on how fast it goes. A context manager: once it is left, nothing runs any more.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gtbridge-background")
        self._running: Future[None] | None = None

    def __enter__(self) -> Background:
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown()

    def begin(self, work: Callable[[], None]) -> None:
        """Do ``work`` as soon as what was begun before it is done. Raises what that raised."""
        self.wait()
        self._running = self._thread.submit(work)

    def wait(self) -> None:
        """Until nothing runs. Raises, once, what the last piece of work raised."""
        running = self._running
        self.idle()
        self._running = None
        if running is not None:
            running.result()

    def idle(self) -> None:
        """Until nothing runs, whatever comes of it: for those who clear up after an error."""
        if self._running is not None:
            wait([self._running])
