"""What whoever reads a job's output has to say of it. Options only."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...converters.formats.reading import Reading
from ...converters.judged_datasets.shapes import DatasetShape
from ..manifests.hub_datasets import Selection

__all__ = ["JobOutputOptions"]


@dataclass(frozen=True)
class JobOutputOptions:
    """What the output does not tell of itself.

    ``task`` is a file with the task definition. ``label_attribute`` says which labels to read where there are several.
    ``moves`` are the (from, to) of references: what a manifest says lies beneath ``from`` is read beneath ``to``, and
    nothing else outside the job's folder is read at all. With ``allow_missing``, an object whose answers or text cannot
    be had is left out or counts as not answered, and the ledger names it. ``label_studio`` is the URL and the API key
    of the server, for jobs that are on one. ``selection`` says which part of a dataset to read, and ``shape`` what its
    columns are, where these do not tell it.
    """

    task: str | None = None
    label_attribute: str | None = None
    reading: Reading = field(default_factory=Reading)
    moves: tuple[tuple[str, str], ...] = ()
    allow_missing: bool = False
    label_studio: tuple[str | None, str | None] = field(default=(None, None), repr=False)
    selection: Selection = field(default_factory=Selection)
    shape: DatasetShape | None = None
