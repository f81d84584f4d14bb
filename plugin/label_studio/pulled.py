"""The tasks of a Label Studio project, of which only what is new or has changed since the last pull is fetched in full.

Keeps them in a pull file (``converters.formats.pulled_tasks``) and trusts none of it without proof: the server is asked
what every task looks like now, and those that look otherwise are fetched. So nothing depends on the file but the cost.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

from ...converters.formats.pulled_changes import Changes, changes_between
from ...converters.formats.pulled_tasks import (
    LISTED,
    Header,
    data_digest,
    kept_form,
    line_task,
    listed_proof,
    write_lines,
)
from ...label_configs.errors import GtbridgeError, InputError
from ..files import clock
from ..files.interrupts import tidy_when_interrupted
from ..storage import exists, open_input, open_output, remove
from .fetching import fetched_tasks
from .keeping import Keeping
from .server import TASKS_AT_ONCE, Server, speaking_to
from .shelf import Shelf

__all__ = ["PulledTasks", "pulled_tasks"]


class PulledTasks:
    """A project's tasks as its JSON export has them, by ascending ids, their drafts cut down to ids.

    They come from files, one at a time, as often as they are gone through. ``changes`` is what is otherwise than at
    the last pull; None where nothing is kept.
    """

    def __init__(self, chosen: dict[int, Shelf], changes: Changes | None):
        self._chosen = dict(sorted(chosen.items()))
        self.changes = changes

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(line_task, self.lines())

    def lines(self) -> Iterator[bytes]:
        """The tasks as lines of a pull file."""
        coming = {shelf: shelf.lines() for shelf in set(self._chosen.values())}
        for number, shelf in self._chosen.items():
            yield next(line for found, line in coming[shelf] if found == number)

    def pieces(self) -> Iterator[bytes] | None:
        """The same as ``write_lines`` writes it, if it lies somewhere as it is, so that nobody needs to."""
        shelves = set(self._chosen.values())
        [shelf] = shelves if len(shelves) == 1 else [None]
        return shelf.spelling() if shelf and len(shelf.seen) == len(self._chosen) else None


@contextmanager
def pulled_tasks(
    server: Server, project: int, keeping: Keeping | None = None, *, data_matter: bool = True
) -> Iterator[PulledTasks]:
    """All tasks of the project as they are now, for as long as the context lasts.

    Unless ``data_matter``, the tasks' data may be those of an earlier pull, where they were rewritten in bulk since.
    That leaves no trace in the tasks but the data themselves, so to find it takes a listing of them all.

    The pull file is written when the context is left well. Left with an error, it stays as it was, and what was fetched
    waits beside it for the next pull. MissingError if there is no such project; ServerError if the server does not
    answer after some tries.
    """
    with ExitStack() as files:
        pull = _Pull(server, project, keeping, data_matter, files)
        try:
            tasks = pull.tasks()
            yield tasks
        except BaseException:
            pull.set_down()
            raise
        pull.keep(tasks)


class _Pull:
    """One pull: ``chosen`` says on which shelf each task lies."""

    def __init__(
        self, server: Server, project: int, keeping: Keeping | None, data_matter: bool, files: ExitStack
    ) -> None:
        self._server, self._project, self._keeping, self._files = server, project, keeping, files
        self._data_matter = data_matter
        self._chosen: dict[int, Shelf] = {}
        self._fetched: list[Shelf] = []
        self._before: Shelf | None = None
        self._header: Header | None = None
        self._set_down = 0
        self._is_unfinished = self._is_as_before = False

    def tasks(self) -> PulledTasks:
        """List, and fetch what is not known."""
        if self._keeping is None:
            self._fetch(self._server.task_ids(self._project))
            return PulledTasks(self._chosen, None)
        tidy_when_interrupted()
        # Before the listing: what happens in between is found by the next pull, not lost between the two.
        now = self._header = self._state()
        kept, self._before, remark = self._known(self._keeping.place(self._project), now)
        resumed, unfinished, useless = self._known(self._keeping.unfinished(self._project), now)
        self._is_unfinished = bool(resumed or useless)
        anew = "--full" if self._keeping.full else kept.outdated(now) if kept else remark
        self._fetch(self._unknown(now, ((kept, self._before), (resumed, unfinished))))
        self._is_as_before = kept is not None and not self._fetched and now == replace(kept, time=now.time)
        return PulledTasks(self._chosen, self._changes(anew if self._before or remark else None))

    def _unknown(self, now: Header, pulls: Sequence[tuple[Header | None, Shelf | None]]) -> Sequence[int]:
        """The ids of the tasks that are to be fetched. The others are chosen from the shelves, the first ones first.

        Where nothing can be chosen there is nothing to prove, and the server is spared the listing.
        """
        usable = [
            (shelf, {*header.users} - {*now.users})
            for header, shelf in pulls
            if header and shelf and self._keeping and not self._keeping.full and not header.outdated(now)
        ]
        if not usable:
            return self._server.task_ids(self._project)
        unknown = array("q")
        # Where the data matter, their digest is part of the proof.
        for row in self._server.tasks(self._project, (*LISTED, "data") if self._data_matter else LISTED):
            shelf = next((shelf for shelf, gone in usable if _is_fresh(shelf, row, gone)), None)
            if shelf is None:
                unknown.append(row["id"])
            else:
                self._chosen[row["id"]] = shelf
        return unknown

    def _changes(self, anew: str | None) -> Changes:
        before = self._before.seen if self._before else None
        now = ((number, shelf.seen[number]) for number, shelf in self._chosen.items())
        return changes_between(before, now, self._count(), anew)

    def _count(self) -> int:
        return sum(len(shelf.seen) for shelf in self._fetched)

    def _state(self) -> Header:
        with speaking_to(self._server.url):
            found = self._server.sdk.projects.get(id=self._project)
        return Header(
            server=self._server.url,
            project=self._project,
            created=found.created_at.isoformat() if found.created_at else None,
            user=self._server.user(),
            release=self._server.release(),
            config=hashlib.sha256((found.label_config or "").encode()).hexdigest(),
            time=clock.now().isoformat(timespec="seconds"),
            users=tuple(sorted(self._server.emails())),
        )

    def _known(self, place: str, now: Header) -> tuple[Header | None, Shelf | None, str | None]:
        """What lies at ``place`` of this project; or why it is of no use."""
        if not exists(place):
            return None, None, None
        try:
            with open_input(place) as file:
                header, shelf = Shelf.of(file, place, self._files)
        except InputError as error:
            return None, None, f"what was kept {error.message}"
        return (header, shelf, None) if header.is_of(now) else (None, None, "what was kept is of another project")

    def _fetch(self, numbers: Sequence[int]) -> None:
        """Tasks that are gone by now are left out. Now and then, what was fetched so far is set down."""
        if not numbers:
            return
        shelf = Shelf.new(self._files)
        self._fetched.append(shelf)
        for asked, tasks in fetched_tasks(self._server, self._project, numbers):
            # A fifth is nowhere but here: so little is lost, and all in all little written again.
            if len(shelf.seen) >= self._set_down + max(TASKS_AT_ONCE, len(shelf.seen) // 5):
                self.set_down()
            shelf.add(map(kept_form, tasks))
            self._chosen |= dict.fromkeys((task["id"] for task in tasks), shelf)
            if self._keeping:
                self._keeping.fetched(asked, len(numbers))

    def set_down(self) -> None:
        """Write what was fetched beside the pull file. If that cannot be, the next pull fetches it again."""
        if self._keeping is None or self._header is None or not self._fetched:
            return
        fetched = {number: shelf for number, shelf in self._chosen.items() if shelf is not self._before}
        with suppress(GtbridgeError):
            self._write(self._keeping.unfinished(self._project), self._header, PulledTasks(fetched, None))
            self._is_unfinished, self._set_down = True, self._count()

    def keep(self, tasks: PulledTasks) -> None:
        """Write the pull file, and say what it brought."""
        if self._keeping is None or self._header is None or tasks.changes is None:
            return
        if not self._is_as_before or tasks.changes:
            self._write(self._keeping.place(self._project), self._header, tasks)
        if self._is_unfinished:
            with suppress(GtbridgeError):  # left there, its tasks would have to prove themselves as all others
                remove(self._keeping.unfinished(self._project))
        self._keeping.told(self._project, tasks.changes)

    def _write(self, place: str, header: Header, tasks: PulledTasks) -> None:
        with open_output(place, private=True) as file:
            write_lines(file, [header.line()])
            pieces = tasks.pieces()
            if pieces is None:
                write_lines(file, tasks.lines())
            else:
                file.writelines(pieces)


def _is_fresh(shelf: Shelf, row: Mapping[str, Any], gone: Set[int]) -> bool:
    """Whether the task lies on the shelf as the server lists it. Accounts that are ``gone`` left no trace but a gap."""
    task, proof = shelf.seen.get(row["id"]), listed_proof(row)
    if task is None or proof is None or task.people & gone:
        return False
    return proof == task.proof and ("data" not in row or data_digest(row["data"]) == task.data)
