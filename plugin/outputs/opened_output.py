"""What a job's output is, of whatever kind and wherever it lies: its name, its task, and how its lines are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...converters.formats.job_output import AnsweredLine
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ...label_configs.tasks import TaskDefinition

if TYPE_CHECKING:
    from .job_lines import JobLines

__all__ = ["JobOutput"]


@dataclass(frozen=True)
class JobOutput:
    """A job's output. ``place`` is where it was found; ``told`` the task that was asked, if anything tells it.

    ``lines(ledger)`` reads it. Answers that are ``delivered``, as by Ground Truth, count as far as they go: a ranking
    of some of the responses is one. Where gtbridge's rules held while people worked, it would have broken one.
    ``request`` is a file with the CreateLabelingJob request, if the output has one. ``remarks`` say what the worker
    template that the task was read from asks beyond it. ``place`` is a manifest, unless it has none (``has_manifest``),
    as datasets and human evaluations. ``by_lines`` reads an output in parts that are independent of each other, where
    it can be read so. Such ``lines`` count in ``ledger.read`` themselves which items there are (``counts_items``).
    """

    name: str
    place: str
    told: TaskDefinition | None
    delivered: bool
    lines: Callable[[Ledger], Iterator[AnsweredLine]] = field(repr=False)
    request: str | None = None
    remarks: tuple[str, ...] = ()
    has_manifest: bool = True
    by_lines: Callable[[], JobLines] | None = field(default=None, repr=False)
    counts_items: bool = False

    @property
    def definition(self) -> TaskDefinition:
        """The task that was asked. InputError if nothing tells it."""
        if self.told is None:
            raise InputError("no answer tells what the task was; give it with --task", source=self.place)
        return self.told
