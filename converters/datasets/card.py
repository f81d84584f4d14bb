"""What was built -> the dataset card: README.md, for people and for ``load_dataset`` and the Hub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ...label_configs.tasks import QuestionAnswer
from ..agreement.agreement import DimensionAgreement
from .build import Built
from .card_front_matter import UNITS, front_matter, splits
from .card_sections import agreement_tables, balance, beside_answers, best_responses, how_made, seconds
from .card_text import CARD_MARK, KEPT_NEWLINE, code, escaped, fenced
from .collection import CollectedJob
from .options import BuildOptions
from .shapes import Shape
from .snippets import Snippet, snippet
from .templates import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["CardFacts", "dataset_card"]

_TYPES = {
    "preference": "preference",
    "unpaired": "unpaired preference",
    "ranking": "listwise ranking",
    "ties": "ties",
    "sft": "prompt-completion",
    "qa": "question and answer",
    "squad": "SQuAD",
    "prompts": "prompt-only",
    "annotations": "raw annotations",
}


@dataclass(frozen=True)
class CardFacts:
    """What the card says beyond the rows. ``sizes`` and ``digests`` are bytes and SHA-256 of each config's files."""

    title: str
    location: str
    jobs: Sequence[CollectedJob]
    sizes: Mapping[str, int]
    digests: Mapping[str, str]
    agreement: Sequence[DimensionAgreement] = ()
    license: str | None = None
    languages: Sequence[str] = ()


def dataset_card(built: Built, options: BuildOptions, facts: CardFacts, ledger: Mapping[str, Any]) -> str:
    """The text of README.md."""
    definitions = [job.definition for job in facts.jobs]
    head = front_matter(built, definitions, facts.sizes, facts.digests, facts.license, facts.languages)
    kinds = {config.kind for config in built.configs}
    text = _template().render(
        front_matter=head.rstrip().replace("\n", KEPT_NEWLINE),
        title=escaped(facts.title),
        location=facts.location,
        jobs=facts.jobs,
        license=facts.license,
        built=built,
        options=options,
        ledger=ledger,
        kinds=kinds,
        types=_TYPES,
        units=UNITS,
        mark=CARD_MARK,
        snippets=list(_snippets(built, options, facts.location)),
        balance=list(balance(built.configs)),
        pairs=[*how_made(kinds, options), *best_responses(kinds, definitions)],
        beside_answers=beside_answers,
        templates=_templates(built, options, facts),
        agreement=list(agreement_tables(facts.agreement)),
        variable=lambda name: "".join(c if f"a{c}".isidentifier() else "_" for c in name),
        counts=lambda config: ", ".join(f"{rows} {split}" for split, rows in splits(config)),
        literal=lambda text: json.dumps(text, ensure_ascii=False),
        fenced=fenced,
        escaped=escaped,
        code=code,
        seconds=seconds,
    )
    return re.sub(r"\n{3,}", "\n\n", text).replace(KEPT_NEWLINE, "\n")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.from_string(files(__package__).joinpath("card.md").read_text(encoding="utf-8"))


def _snippets(built: Built, options: BuildOptions, location: str) -> Iterator[tuple[str, Snippet]]:
    """What users paste, for the first config of each kind: the others differ in their name alone."""
    shape, shown = Shape.of(options.preset, options.format), set[str]()
    for config in built.configs:
        if config.kind not in shown and (found := snippet(config.kind, config.name, shape, location)):
            shown.add(config.kind)
            yield config.name, found


def _templates(built: Built, options: BuildOptions, facts: CardFacts) -> list[str]:
    tasks = [job.definition for job in facts.jobs]
    asked = any(isinstance(task, QuestionAnswer) and not task.prompt_completion for task in tasks)
    made = any(config.kind in ("sft", "prompts") for config in built.configs)
    return [TEMPLATES[options.direction, options.context]] if asked and made else []
