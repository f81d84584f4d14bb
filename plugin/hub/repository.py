"""A dataset repository on the Hugging Face Hub: what is in it, and how something new gets there.

The only place that calls huggingface_hub. What passes (a busy Hub, a broken connection) is tried again here, except a
commit: who asked for it must look first whether it was made.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, TypeVar

import huggingface_hub
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem, RepoFile
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.utils import logging as hub_log
from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

from ...label_configs.errors import ServerError
from .hub_errors import Trouble, clean, trouble

__all__ = ["AskAgain", "Head", "RemoteFile", "Repository"]

ATTEMPTS = 6
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
_WORTH_A_BAR_BYTES = 8 * 2**20
_SILENCE_SECONDS = 180  # huggingface_hub waits for ever by itself; a large commit takes the Hub a minute
_T = TypeVar("_T")


class AskAgain(Exception):
    """A commit may not have been made; ``trouble`` says why. Look at the repository, and try again."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.named())
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Head:
    """The repository as it is: its latest commit, who may read it, and whether it has the branch yet."""

    commit: str
    private: bool
    has_branch: bool


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file in the repository: bytes, git's SHA-1 of what git stores, and for large files the SHA-256 of the bytes."""

    path: str
    size: int
    git_oid: str
    sha256: str | None


class Repository:
    """The dataset ``name`` (``ORG/NAME``) and one branch of it, under HF_ENDPOINT and HF_TOKEN or the user's login.

    Its methods raise ServerError if the Hub fails or cannot be reached after several attempts, InputError if it wants
    another token, MissingError if there is no such repository. ``tell`` gets a remark before each further attempt.
    """

    def __init__(
        self,
        name: str,
        branch: str,
        *,
        tell: Callable[[str], None] = lambda remark: None,
        progress: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.branch = name, branch
        self.address = f"hf://datasets/{name}"
        self._endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
        self._api = HfApi(endpoint=self._endpoint)
        self._system = HfFileSystem(endpoint=self._endpoint, skip_instance_cache=True)
        self._tell, self._progress, self._wait = tell, progress, wait

    @property
    def url(self) -> str:
        """Where people look at it."""
        return f"{self._api.endpoint}/datasets/{self.name}"

    def head(self) -> Head | None:
        """Its latest commit; None if there is no such repository, or none that this user may see."""

        def ask() -> Head | None:
            try:
                found = self._api.dataset_info(self.name, revision=self.branch)
                return Head(str(found.sha), bool(found.private), has_branch=True)
            except RevisionNotFoundError:
                found = self._api.dataset_info(self.name)
                return Head(str(found.sha), bool(found.private), has_branch=False)
            except HfHubHTTPError as error:
                nobody = error.response.status_code == 401 and huggingface_hub.get_token() is None
                if nobody or isinstance(error, RepositoryNotFoundError):
                    return None
                raise

        return self._ask(ask)

    def files(self, commit: str) -> dict[str, RemoteFile]:
        """All files of a commit by path."""

        def ask() -> dict[str, RemoteFile]:
            tree = self._api.list_repo_tree(self.name, recursive=True, revision=commit, repo_type="dataset")
            return {
                entry.path: RemoteFile(entry.path, entry.size, entry.blob_id, entry.lfs.sha256 if entry.lfs else None)
                for entry in tree
                if isinstance(entry, RepoFile)
            }

        return self._ask(ask)

    def tags(self) -> dict[str, str]:
        """The commit of each tag."""
        refs = self._ask(lambda: self._api.list_repo_refs(self.name, repo_type="dataset"))
        return {tag.name: tag.target_commit for tag in refs.tags}

    def read_text(self, path: str, commit: str) -> str:
        """A small text in full. Bytes that are no UTF-8 survive as surrogates."""
        return self.using(path, commit, lambda file: file.read().decode("utf-8", "surrogateescape"))

    def using(self, path: str, commit: str, use: Callable[[IO[bytes]], _T]) -> _T:
        """What ``use`` makes of a file, of which only what it reads is fetched. It may be called more than once."""

        def ask() -> _T:
            with self._system.open(f"datasets/{self.name}/{path}", "rb", revision=commit) as file:
                return use(file)

        return self._ask(ask)

    def create(self) -> None:
        """Make it, private; one that is there stays as it is."""
        self._ask(lambda: self._api.create_repo(self.name, repo_type="dataset", private=True, exist_ok=True))

    def create_branch(self) -> None:
        """Make the branch, at the head of the main one; one that is there stays as it is."""
        make = self._api.create_branch
        self._ask(lambda: make(self.name, branch=self.branch, repo_type="dataset", exist_ok=True))

    def commit(
        self,
        parent: str,
        add: Mapping[str, str | bytes | IO[bytes]],
        delete: Iterable[str],
        message: str,
        note: str,
        size: int,
    ) -> str:
        """Add files (their path on this machine, or what they hold) and delete others in one commit; gives its id.

        ``size`` is about how many bytes are added.

        Files that the Hub has already are not sent again. AskAgain if the branch has moved on from ``parent``, or if
        something went wrong that may pass.
        """
        operations: list[Any] = [CommitOperationAdd(path, content) for path, content in add.items()]  # type: ignore[arg-type]
        operations += [CommitOperationDelete(path, is_folder=False) for path in delete]
        try:
            with self._manners(bars=self._progress and size >= _WORTH_A_BAR_BYTES):
                made = self._api.create_commit(
                    self.name,
                    operations,
                    commit_message=message,
                    commit_description=note,
                    repo_type="dataset",
                    revision=self.branch,
                    parent_commit=parent,
                )
        except Exception as error:
            found = trouble(error)
            if found is None:
                raise
            if found.passing or found.status in (409, 412):
                raise AskAgain(found) from None
            raise found.as_ours(self.address) from None
        return made.oid

    def tag(self, name: str, commit: str) -> None:
        """Let the tag ``name`` point to ``commit``; ServerError if it points elsewhere by now."""

        def ask() -> None:
            if self.tags().get(name) != commit:
                self._api.create_tag(self.name, tag=name, revision=commit, repo_type="dataset")

        self._ask(ask)

    def make_public(self) -> None:
        """Let everybody read it."""
        self._ask(lambda: self._api.update_repo_settings(self.name, private=False, repo_type="dataset"))

    def pause(self, attempt: int, found: Trouble) -> None:
        """Wait before attempt ``attempt + 1``, as long as the Hub asks for; its error if there were enough."""
        if attempt >= ATTEMPTS:
            error = found.as_ours(self.address)
            raise ServerError(f"{error.message} (after {attempt} attempts)", source=self.address)
        seconds = min(_FIRST_WAIT_SECONDS * 2 ** (attempt - 1), _LONGEST_WAIT_SECONDS)
        seconds = seconds if found.wait is None else found.wait
        self._tell(f"{found.named()}; trying again in {seconds:g} s")
        self._wait(seconds)

    def _ask(self, ask: Callable[[], _T]) -> _T:
        attempt = 1
        while True:
            try:
                with self._manners():
                    return ask()
            except Exception as error:
                found = trouble(error)
                if found is None:
                    raise
                if not found.passing:
                    raise found.as_ours(self.address) from None
            self.pause(attempt, found)
            attempt += 1

    @contextmanager
    def _manners(self, *, bars: bool = False) -> Iterator[None]:
        """huggingface_hub without endless waits, bars where nobody looks, and a log that shows signed addresses."""
        verbosity, were_shown = hub_log.get_verbosity(), not are_progress_bars_disabled()
        huggingface_hub.get_session().timeout = _SILENCE_SECONDS
        hub_log.set_verbosity(logging.ERROR)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", UserWarning)  # what is said to users, of the card and the like
            if were_shown and not bars:
                disable_progress_bars()
                said.clear()  # that HF_HUB_DISABLE_PROGRESS_BARS wants it otherwise
            try:
                yield
            finally:
                hub_log.set_verbosity(verbosity)
                if were_shown:
                    enable_progress_bars()
                for warning in said:
                    self._tell(clean(str(warning.message)))
