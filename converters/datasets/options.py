"""What to build: every choice that makes a dataset what it is, and which of them go together. Builds nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ...label_configs.errors import InputError, MissingError

__all__ = ["CHOICES", "CONFIGS", "BuildOptions"]

CONFIGS = ("preference", "unpaired", "ranking", "ties", "sft", "qa", "squad", "prompts", "annotations")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "aggregate": ("each", "weighted", "pareto"),
    "consensus": ("majority", "none", "borda", "kemeny"),
    "pairs": ("all", "adjacent", "best-vs-rest", "best-vs-worst"),
    "ties": ("drop", "config"),
    "margin": ("none", "rank", "vote"),
    "format": ("conversational", "standard"),
    "preset": ("trl", "trl-implicit", "llamafactory", "axolotl", "openrlhf"),
    "context": ("passage", "sections", "none"),
    "direction": ("answer", "ask"),
}


@dataclass(frozen=True)
class BuildOptions:
    """What to build. Empty ``configs`` are all that the answers allow, empty ``dimensions`` all of the task's.

    ``aggregate`` says whether each dimension has configs of its own or all of them together one, by ``weights`` (of
    each dimension's name, any positive numbers) or only where no dimension disagrees. ``near_duplicates`` is the
    similarity, 0 to 1, from which two responses make no pair. ``threshold`` (0 to 0.5) is how near to an end of the
    item's scale, 0 best and 1 worst, a response must lie to be desirable or undesirable; None takes the best and the
    worst. ``fields`` says whether ``ranking`` and ``annotations`` carry the items' other fields along. The other names
    stand in CHOICES.
    """

    pseudonym_key: bytes = field(repr=False)
    configs: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    aggregate: str = "each"
    weights: tuple[tuple[str, Fraction], ...] = ()
    consensus: str = "majority"
    pairs: str = "all"
    ties: str = "drop"
    near_duplicates: float | None = None
    margin: str = "none"
    threshold: Fraction | None = None
    format: str = "conversational"
    preset: str = "trl"
    context: str = "passage"
    direction: str = "answer"
    test_size: float = 0.1
    seed: int = 0
    fields: bool = True

    def wants(self, config: str) -> bool:
        """Whether rows of this config are to be made. Ties are left out unless they are asked for."""
        if config == "ties":
            return config in self.configs or self.ties == "config"
        return not self.configs or config in self.configs

    def check(self, dimensions: Sequence[str]) -> None:
        """MissingError if a dimension is asked for that is not among ``dimensions``, the names of all that there are.

        InputError if another option means nothing, or nothing beside the others.
        """
        for name in (*self.dimensions, *(name for name, _ in self.weights)):
            if name not in dimensions:
                known = ", ".join(dimensions) or "none"
                raise MissingError(f"no dimension is called {name!r}; the answers have {known}")
        for name in self.configs:
            if name not in CONFIGS:
                raise InputError(f"{name!r} is no config; choose from {', '.join(CONFIGS)}")
        for option, known_values in CHOICES.items():
            if getattr(self, option) not in known_values:
                raise InputError(f"{getattr(self, option)!r} is no {option}; choose from {', '.join(known_values)}")
        if not 0 <= self.test_size < 1:
            raise InputError(f"a test size of {self.test_size} is not between 0 and 1")
        if self.near_duplicates is not None and not 0 < self.near_duplicates <= 1:
            raise InputError(f"a similarity of {self.near_duplicates} is not between 0 and 1")
        if self.threshold is not None and not 0 <= self.threshold <= Fraction(1, 2):
            raise InputError(f"a threshold of {float(self.threshold)} is not between 0 and 0.5")
        self._check_together(tuple(dict.fromkeys(self.dimensions or dimensions)))

    def _check_together(self, wanted: Sequence[str]) -> None:
        if self.direction == "ask" and self.context == "none":
            raise InputError("a question cannot be asked about nothing; choose another --context than none")
        if self.format == "standard" and self.preset not in ("trl", "trl-implicit"):
            raise InputError(f"the preset {self.preset!r} has a format of its own; leave --format out")
        if self.aggregate != "weighted" and self.weights:
            raise InputError("weights say nothing without --aggregate weighted")
        if self.aggregate == "weighted":
            given = [name for name, _ in self.weights]
            if sorted(given) != sorted(wanted):
                raise InputError(f"each dimension needs one weight: {', '.join(wanted)}")
            if any(weight <= 0 for _, weight in self.weights):
                raise InputError("a weight is greater than 0; leave out what should not count with --dimension")
