"""A dataset that is ready -> a repository on the Hub: one commit, then its tag, and only then the public.

Decides the order of things; what is sent is ``repository``'s. Nothing is written on this machine, so that the program
may end at any moment: the repository then has the commit or it has not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import IO, Any

from ...label_configs.errors import GtbridgeError, InputError, MissingError, ServerError
from ..storage import in_s3, local_path, open_input
from .changelog import CHANGELOG, changelog_line, with_line
from .dataset_folder import CARD, Card, DatasetFile, read_card
from .plan import Plan, make_plan
from .ready import MESSAGE, Ready
from .repository import AskAgain, Head, RemoteFile, Repository
from .row_changes import RowChanges
from .row_reading import changes_of_rows

__all__ = ["Pushed", "push"]


@dataclass
class Pushed:
    """What came of it. ``outcome``: ``pushed``, ``unchanged`` (there was nothing to commit) or ``dry run``.

    ``private`` is None for a repository that is not there, and stays so in a dry run.
    """

    outcome: str
    url: str
    branch: str
    commit: str | None
    private: bool | None
    created: bool
    plan: Plan
    rows: dict[str, RowChanges] = field(default_factory=dict)
    changelog: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: files with their bytes, rows with what ``RowChanges`` says of them."""
        return {
            "outcome": self.outcome,
            "url": self.url,
            "revision": self.branch,
            "commit": self.commit,
            "private": self.private,
            "created": self.created,
            "files": self.plan.to_dict(),
            "rows": {config: asdict(changes) for config, changes in self.rows.items()},
            "changelog": self.changelog,
        }


def push(
    ready: Ready,
    today: date,
    *,
    tell: Callable[[str], None] = lambda remark: None,
    progress: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Pushed:
    """Make the repository hold this dataset, by one commit or none.

    ``tell`` gets remarks, and ``progress`` shows huggingface_hub's bars where there is much to send. InputError if
    something must not be published, if the repository is not one for it, or if it is public and nobody said that it
    should be; MissingError, ServerError and InputError as ``Repository`` raises them.
    """
    if not ready.options.dry_run:
        ready.check()
    repository = Repository(ready.name, ready.options.branch, tell=tell, progress=progress, wait=wait)
    return _Push(ready, repository, today).run()


class _Push:
    def __init__(self, ready: Ready, repository: Repository, today: date) -> None:
        self._folder, self._options, self._today = ready.folder, ready.options, today
        self._repository = repository
        self._compared: tuple[Any, dict[str, RowChanges]] | None = None

    def run(self) -> Pushed:
        attempt, created = 1, False
        sent: Pushed | None = None  # with a commit of which nobody knows whether it was made
        while True:
            head = self._repository.head()
            self._check_head(head, created=created)
            there = self._repository.files(head.commit) if head else {}
            done = self._planned(head, there, created=created)
            if self._options.dry_run:
                done.outcome = "dry run"
                return done
            if head is None:
                self._repository.create()
                created = True
                continue  # and look again: somebody else may have made it, and made it public
            if not head.has_branch:
                self._repository.create_branch()
            if not done.plan and sent is not None:
                done = replace(sent, commit=head.commit)  # it was
            elif done.plan:
                done.outcome = "pushed"
                try:
                    done.commit = self._commit(head, there, done)
                except AskAgain as again:
                    sent = done
                    self._repository.pause(attempt, again.trouble)
                    attempt += 1
                    continue
            self._finish(done, head)
            return done

    def _planned(self, head: Head | None, there: dict[str, RemoteFile], *, created: bool) -> Pushed:
        plan = make_plan(self._folder, there, self._old_card(there, head), self._repository.address)
        self._check_tag(head, plan)
        commit, private = (head.commit, head.private) if head else (None, None)
        done = Pushed("unchanged", self._repository.url, self._options.branch, commit, private, created, plan)
        if plan:
            done.rows = self._rows(plan, head)
            done.changelog = changelog_line(self._today, self._options.tag, done.rows)
        return done

    def _check_head(self, head: Head | None, *, created: bool) -> None:
        if head is None and created:
            raise MissingError("is there, but your token may not see it", source=self._repository.address)
        if head is not None and not head.private and not self._options.public:
            message = "is public, so what is pushed there is published; say --public if that is meant"
            raise InputError(message, source=self._repository.address)

    def _old_card(self, there: dict[str, RemoteFile], head: Head | None) -> Card | None:
        if head is None or CARD not in there:
            return None
        text = self._repository.read_text(CARD, head.commit)
        return read_card(text, f"{self._repository.address}/{CARD}")

    def _check_tag(self, head: Head | None, plan: Plan) -> None:
        tag = self._options.tag
        if tag is None or head is None:
            return
        points_to = self._repository.tags().get(tag)
        if points_to is not None and (plan or points_to != head.commit):
            message = f"has a tag {tag} already, for another commit; tags stay as they are, so choose another"
            raise InputError(message, source=self._repository.address)

    def _rows(self, plan: Plan, head: Head | None) -> dict[str, RowChanges]:
        """Read once, also where the plan is made again: only if other data files are there by then, once more."""
        seen = [(file.path, file.git_oid) for file in (*plan.replaced, *plan.deleted)]
        seen += [(file.path, "") for file in plan.unchanged]
        if self._compared is None or self._compared[0] != seen:
            self._compared = seen, changes_of_rows(plan, self._repository, head.commit if head else "")
        return self._compared[1]

    def _commit(self, head: Head, there: dict[str, RemoteFile], done: Pushed) -> str:
        plan, line = done.plan, str(done.changelog)
        summary, _, more = self._options.message.strip().partition("\n")
        log = self._repository.read_text(CHANGELOG, head.commit) if CHANGELOG in there else ""
        with ExitStack() as stack:
            add: dict[str, str | bytes | IO[bytes]] = {
                file.path: _content(file, stack) for file in (*plan.added, *plan.changed)
            }
            add[CHANGELOG] = with_line(log, line).encode("utf-8", "surrogateescape")
            delete = [file.path for file in plan.deleted]
            note = "\n\n".join(part for part in (more.strip(), line) if part)
            size = sum(file.size for file in (*plan.added, *plan.changed))
            return self._repository.commit(head.commit, add, delete, summary or MESSAGE, note, size)

    def _finish(self, done: Pushed, head: Head) -> None:
        """What comes after the commit; done again in full if the same push is repeated."""
        commit = str(done.commit)
        try:
            if done.outcome == "pushed":
                self._check_arrival(commit)
            if self._options.tag is not None:
                self._repository.tag(self._options.tag, commit)
            if self._options.public and head.private:
                self._repository.make_public()
                done.private = False
        except GtbridgeError as error:
            if done.outcome == "pushed":
                error.message = f"the commit {commit[:8]} was made, but then: {error.message}; push again to finish"
            raise

    def _check_arrival(self, commit: str) -> None:
        there = self._repository.files(commit)
        left = make_plan(self._folder, there, self._folder.card, self._repository.address)
        if left:
            paths = ", ".join(
                [*(file.path for file in (*left.added, *left.changed)), *(file.path for file in left.deleted)]
            )
            message = f"not all of it is there as it was sent ({paths}); a .gitignore there may leave files out"
            raise ServerError(message, source=self._repository.address)


def _content(file: DatasetFile, stack: ExitStack) -> str | bytes | IO[bytes]:
    """A path where there is one: by a path, huggingface_hub sends only the parts of a file that the Hub lacks."""
    if file.data is not None:
        return file.data
    return stack.enter_context(open_input(file.place)) if in_s3(file.place) else str(local_path(file.place))
