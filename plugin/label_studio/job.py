"""A labeling job on a Label Studio server, as the rest of this folder speaks of it. Asks no server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...converters.comparison.values import json_differences
from ...converters.formats.given_under import rules_to_dict
from ...label_configs.tasks import TaskDefinition
from ..labeling_job import LabelingJobRequest

__all__ = ["Job", "ManifestFile"]


@dataclass(frozen=True)
class ManifestFile:
    """The input manifest of a job: where it was read, and how many objects it has.

    ``sha256`` is of its bytes, and of the texts that its lines refer to, as ``manifest_items`` digests them. ``moves``
    say where these may lie. A ``labelled`` one is the output of the job that this one goes on with, and has that label
    attribute already: the objects are its lines without it.
    """

    path: str
    sha256: str
    objects: int
    moves: tuple[tuple[str, str], ...] = ()
    labelled: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, from which ``from_dict`` makes an equal one."""
        known: dict[str, Any] = {"path": self.path, "sha256": self.sha256, "objects": self.objects}
        known |= {"moves": [list(move) for move in self.moves]} if self.moves else {}
        return known | ({"labelled": self.labelled} if self.labelled else {})

    @classmethod
    def from_dict(cls, known: Any) -> ManifestFile:
        """What ``to_dict`` gave. TypeError or ValueError if it is something else."""
        moves = tuple((str(begin), str(end)) for begin, end in known.get("moves", ()))
        return cls(**{**known, "moves": moves})


@dataclass(frozen=True)
class Job:
    """A labeling job on a Label Studio server, or a project that somebody made by hand and that is read like one.

    ``definition`` is what its labeling config asks now, ``made_with`` are the rules that it was made with, if known.
    They stand in for a config that was edited so that it cannot be read any more: ``unreadable`` says why.

    Without a ``manifest`` the project was made by hand: its objects are its ``tasks``, known by their ids.
    """

    project: int
    request: LabelingJobRequest
    definition: TaskDefinition
    manifest: ManifestFile | None
    made_with: TaskDefinition | None = None
    unreadable: str | None = None
    tasks: int = 0

    @property
    def name(self) -> str:
        """LabelingJobName."""
        return self.request.name

    @property
    def objects(self) -> int:
        """How many objects it has."""
        return self.tasks if self.manifest is None else self.manifest.objects

    @property
    def edits(self) -> list[str]:
        """What of the rules was edited since the job was made, one sentence a place."""
        if self.unreadable is not None:
            return [f"{self.unreadable}; the rules that the job was made with stand in for it"]
        if self.made_with is None:
            return []
        before, now = rules_to_dict(self.made_with), rules_to_dict(self.definition)
        return [
            f"{path}: {was or 'nothing'} before, {now or 'nothing'} now"
            for path, was, now in json_differences(before, now)
        ]
