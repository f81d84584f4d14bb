"""What was built -> the dataset card: README.md with the front matter that ``load_dataset`` and the Hub read."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ...label_configs.tasks import QuestionAnswer, TaskDefinition
from .build import BuildOptions, Built, BuiltConfig
from .sft import QUESTION_TEMPLATE

__all__ = ["CARD_MARK", "CardFacts", "CardJob", "dataset_card"]

# In every card: tells a dataset of ours, which may be replaced, from other people's folders.
CARD_MARK = "Human feedback collected with gtbridge"

_TYPES = {
    "preference": "preference (explicit prompt, conversational)",
    "ranking": "listwise ranking",
    "sft": "prompt-completion (conversational)",
    "annotations": "raw annotations",
}
_UNITS = {
    "preference": "a preference pair",
    "ranking": "an item with every annotator's ranks",
    "sft": "a prompt with one good completion",
    "annotations": "one annotator's answer to one item",
}
_KEPT_NEWLINE = "\0"  # in texts that blank lines are not taken out of; no task definition can hold it
_TASK_CATEGORIES = {"text-ranking": "text-generation", "question-answer": "question-answering"}


@dataclass(frozen=True)
class CardJob:
    """A labeling job that the dataset was made from."""

    name: str
    definition: TaskDefinition


@dataclass(frozen=True)
class CardFacts:
    """What the card says beyond the rows. ``sizes`` and ``digests`` are bytes and SHA-256 of each config's files."""

    title: str
    location: str
    jobs: Sequence[CardJob]
    sizes: Mapping[str, int]
    digests: Mapping[str, str]
    license: str | None = None
    languages: Sequence[str] = ()


def dataset_card(built: Built, options: BuildOptions, facts: CardFacts, ledger: Mapping[str, Any]) -> str:
    """The text of README.md."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    template = environment.from_string(files(__package__).joinpath("card.md").read_text(encoding="utf-8"))
    kinds = {config.kind for config in built.configs}
    text = template.render(
        front_matter=_front_matter(built, facts).rstrip().replace("\n", _KEPT_NEWLINE),
        title=_escaped(facts.title),
        location=facts.location,
        jobs=facts.jobs,
        license=facts.license,
        built=built,
        options=options,
        ledger=ledger,
        kinds=kinds,
        types=_TYPES,
        units=_UNITS,
        mark=CARD_MARK,
        template=QUESTION_TEMPLATE,
        questions="sft" in kinds and any(isinstance(job.definition, QuestionAnswer) for job in facts.jobs),
        first=lambda kind: next(config.name for config in built.configs if config.kind == kind),
        variable=lambda name: "".join(c if f"a{c}".isidentifier() else "_" for c in name),
        counts=_counts,
        quote=lambda text: _quote(text).replace("\n", _KEPT_NEWLINE),
        escaped=_escaped,
        literal=lambda text: json.dumps(text, ensure_ascii=False),
        shell=shlex.quote,
        code=_code,
    )
    return re.sub(r"\n{3,}", "\n\n", text).replace(_KEPT_NEWLINE, "\n")


def _front_matter(built: Built, facts: CardFacts) -> str:
    from datasets import DatasetInfo
    from datasets.info import DatasetInfosDict
    from datasets.splits import SplitDict, SplitInfo
    from huggingface_hub import DatasetCardData

    categories = dict.fromkeys(_TASK_CATEGORIES[job.definition.task] for job in facts.jobs)
    kinds = {config.kind for config in built.configs}
    tags = ["human-feedback", *(["preference", "rlhf", "dpo", "trl"] if "preference" in kinds else ["trl"])]
    card = DatasetCardData(
        license=facts.license,
        language=list(facts.languages) or None,
        task_categories=list(categories),
        annotations_creators=["machine-generated"] if built.simulated else ["crowdsourced"],
        size_categories=[_size_category(max((sum(c.rows.values()) for c in built.configs), default=0))],
        tags=[*tags, *(["simulated"] if built.simulated else [])],
        configs=[
            _config_entry(config, facts.digests[config.name], first=config is built.configs[0])
            for config in built.configs
        ],
    )
    infos = {
        config.name: DatasetInfo(
            features=config.features,
            config_name=config.name,
            splits=SplitDict(
                {
                    split: SplitInfo(split, num_bytes=config.bytes[split], num_examples=rows)
                    for split, rows in _splits(config)
                }
            ),
            download_size=facts.sizes[config.name],
            dataset_size=sum(config.bytes.values()),
        )
        for config in built.configs
    }
    DatasetInfosDict(infos).to_dataset_card_data(card)
    text: str = card.to_yaml()
    return text


def _config_entry(config: BuiltConfig, digest: str, *, first: bool) -> dict[str, Any]:
    # load_dataset caches a local folder under what its card says: only the digest tells it that rows have changed.
    description = f"One row is {_UNITS[config.kind]}. SHA-256 of its files: {digest}"
    files_of = [{"split": split, "path": f"{config.name}/{split}-*"} for split, _ in _splits(config)]
    default = {"default": True} if first else {}
    return {"config_name": config.name, **default, "description": description, "data_files": files_of}


def _splits(config: BuiltConfig) -> list[tuple[str, int]]:
    return sorted(config.rows.items(), reverse=True)  # train before test


def _counts(config: BuiltConfig) -> str:
    return ", ".join(f"{rows} {split}" for split, rows in _splits(config))


def _size_category(rows: int) -> str:
    bounds = [(10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M")]
    return next((name for bound, name in bounds if rows < bound), "1M<n<10M")


def _inline(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """User text as Markdown that shows it on one line."""
    return re.sub(r"[\\`*<&#\[\]~|]|(?<!\w)_|_(?!\w)", r"\\\g<0>", _inline(text))


def _code(text: str) -> str:
    """User text as inline code."""
    text = _inline(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _quote(text: str) -> str:
    """User text as a Markdown block that is shown as it was written."""
    fence = "`" * (3 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text.rstrip()}\n{fence}"
