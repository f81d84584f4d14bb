"""Which stretch of which job each of several machines makes rows of: decided by each alone, and by all alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ..storage import open_input
from .batches import Stretch
from .job_facts import JobFacts
from .job_reader import JobOutput
from .label_studio_outputs import LIVE

__all__ = ["Extent", "Share", "extent_of"]


@dataclass(frozen=True)
class Share:
    """The ``number``-th of ``of`` shares, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Share:
        """``2/8``. ValueError for anything else."""
        found = re.fullmatch(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})", text)
        if found is None or int(found[1]) > int(found[2]):
            raise ValueError(f"{text!r} is not NUMBER/OF with a number from 1 to OF, as in 2/8")
        return cls(int(found[1]), int(found[2]))

    def stretches(self, extents: Mapping[str, Extent]) -> dict[str, Stretch]:
        """This share of all lines of these jobs, one job after another: its stretch of each, which may be empty."""
        total = sum(extent.lines for extent in extents.values())
        start, end = (total * number // self.of for number in (self.number - 1, self.number))
        found, before = {}, 0
        for name, extent in extents.items():
            first, last = (min(max(at - before, 0), extent.lines) for at in (start, end))
            found[name] = first, max(first, last)
            before += extent.lines
        return found


@dataclass(frozen=True)
class Extent:
    """How many lines a job has to divide, and the SHA-256 of its manifest.

    What is no folder of a job is not divided: it counts as one line, and no digest is taken of it.
    """

    lines: int
    digest: str | None


def extent_of(job: JobOutput) -> Extent:
    """Reads the whole manifest, and none of the answers.

    InputError for a job on Label Studio, which would not be the same for all who read it.
    """
    if job.place.startswith(LIVE):
        message = (
            "changes while it is read, so machines that read it apart would not agree; export it first (job export)"
        )
        raise InputError(message, source=job.place)
    if job.by_lines is None:
        return Extent(1, None)
    digest, lines = hashlib.sha256(), 0
    with open_input(job.place) as file:
        for line in file:
            digest.update(line)
            lines += bool(line.strip())
    job.by_lines().finish(JobFacts(lines=lines, labelled=True), Ledger())  # whether these are the job's lines at all
    return Extent(lines, digest.hexdigest())
