"""What whoever reads a job's output has to say of it. Options only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from ...converters.formats.reading import Reading
from ...converters.judged_datasets.shapes import DatasetShape
from ..manifests.hub_datasets import Selection

if TYPE_CHECKING:
    from ..label_studio.keeping import Keeping

__all__ = ["ONLY", "JobOutputOptions", "Only"]

# Of answers that were reviewed, those to read.
Only = Literal["accepted"]
ONLY: tuple[str, ...] = get_args(Only)


@dataclass(frozen=True)
class JobOutputOptions:
    """What the output does not tell of itself.

    ``task`` is a file with the task definition. ``label_attribute`` says which labels to read where there are several.
    ``moves`` are the (from, to) of references: what a manifest says lies beneath ``from`` is read beneath ``to``, and
    nothing else outside the job's folder is read at all. With ``allow_missing``, an object whose answers or text cannot
    be had is left out or counts as not answered, and the ledger names it. ``label_studio`` is the URL and the API key
    of the server, for jobs that are on one. ``selection`` says which part of a dataset to read, and ``shape`` what its
    columns are, where these do not tell it. ``mapping`` is what the labeling config of a project that gtbridge did not
    make leaves open, as ``parse_mapping`` takes it. With ``only``, of reviewed answers those count that were accepted.
    ``keeping`` says where the tasks of projects on Label Studio are kept until they are read again, if at all.
    """

    task: str | None = None
    label_attribute: str | None = None
    reading: Reading = field(default_factory=Reading)
    moves: tuple[tuple[str, str], ...] = ()
    allow_missing: bool = False
    label_studio: tuple[str | None, str | None] = field(default=(None, None), repr=False)
    selection: Selection = field(default_factory=Selection)
    shape: DatasetShape | None = None
    mapping: tuple[str, ...] = ()
    only: Only | None = None
    keeping: Keeping | None = None
