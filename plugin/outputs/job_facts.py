"""What is known of a job's output once its lines were read, and of no single line. Reads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...converters.formats.worker_response import EXTENSION
from ...converters.judgement.ranks import FitsBoth
from ...converters.ledger import Ledger
from ...converters.records import Answer
from ...label_configs.errors import GtbridgeError, InputError, MissingError
from .options import JobOutputOptions

__all__ = ["JobFacts"]

_NAMED = 3


@dataclass
class JobFacts:
    """Of some lines of a job, or of all.

    ``missing`` and ``damaged`` count what could not be had, of which the ``first`` few are kept. ``fits_both`` is of
    all ranks that others than gtbridge wrote. ``unusable_requests`` says why consolidation requests could not be used.
    """

    lines: int = 0
    labelled: bool = False
    fits_both: FitsBoth = field(default_factory=FitsBoth)
    missing: int = 0
    damaged: int = 0
    first: list[GtbridgeError] = field(default_factory=list)
    unusable_requests: str | None = None

    def lose(self, error: GtbridgeError) -> None:
        """A file or a text cannot be had. It is in the ledger as well; here for when that is not allowed."""
        self.missing += isinstance(error, MissingError)
        self.damaged += not isinstance(error, MissingError)
        if len(self.first) < _NAMED:
            self.first.append(error)

    def see_ranks(self, answers: Iterable[Answer]) -> None:
        """The answers to one more item; of ranks that gtbridge wrote it is known what they mean."""
        for answer in answers:
            if answer.rankings and answer.raw is not None and EXTENSION not in answer.raw:
                for ranking in answer.rankings:
                    self.fits_both.see(ranking.ranks)

    def merge(self, later: JobFacts) -> None:
        """Add those of the lines that come next."""
        self.lines += later.lines
        self.labelled = self.labelled or later.labelled
        self.fits_both.merge(later.fits_both)
        self.missing += later.missing
        self.damaged += later.damaged
        self.first = [*self.first, *later.first][:_NAMED]
        self.unusable_requests = self.unusable_requests or later.unusable_requests

    def to_plain(self) -> dict[str, Any]:
        """As plain JSON values, without what was lost: either it may be, or nothing goes on."""
        return {
            "lines": self.lines,
            "labelled": self.labelled,
            "fits_both": [self.fits_both.permutations, self.fits_both.matters],
            "unusable_requests": self.unusable_requests,
        }

    @classmethod
    def from_plain(cls, value: Any) -> JobFacts:
        """The way back; KeyError, TypeError or ValueError for what is none."""
        fits_both = FitsBoth(*value["fits_both"])
        return cls(value["lines"], value["labelled"], fits_both, unusable_requests=value["unusable_requests"])

    def finish(self, job: str, source: str, options: JobOutputOptions, ledger: Ledger) -> None:
        """What is to be said of the whole ``job``, whose manifest is at ``source`` and was read with ``options``.

        MissingError if no line has the label attribute that was asked for, InputError if something was lost that must
        not be.
        """
        if self.unusable_requests is not None:
            ledger.note("jobs", "whose consolidation requests cannot be used", f"{job}: {self.unusable_requests}")
        if self.fits_both and options.reading.rank_encoding == "rank":
            ledger.note("jobs", "whose ranks could be orders of the responses as well (--rank-encoding)", job)
        attribute = options.label_attribute
        if attribute is not None and not self.labelled:
            raise MissingError(f"no object has the label attribute {attribute}", source=source)
        loss = self.loss(source)
        if loss is not None and not options.allow_missing:
            raise loss

    def loss(self, source: str) -> GtbridgeError | None:
        """The error for what could not be had; None if nothing was lost."""
        if not self.first:
            return None
        if self.missing + self.damaged == 1:
            (only,) = self.first
            message = f"{only.message} (--allow-missing goes on without it)"
            return type(only)(message, source=only.source, line=only.line, path=only.path)
        counts = [(self.missing, "missing"), (self.damaged, "unreadable")]
        found = " and ".join(f"{count} {what}" for count, what in counts if count)
        more = " ..." if self.missing + self.damaged > len(self.first) else ""
        places = "; ".join(map(str, self.first))
        return InputError(f"{found} (--allow-missing goes on without them): {places}{more}", source=source)
