"""What was built -> the YAML at the head of the card, which ``load_dataset`` and the Hub read. Writes no prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...label_configs.tasks import TaskDefinition, TextRanking
from .build import Built, BuiltConfig
from .features import card_features

__all__ = ["UNITS", "front_matter", "splits"]

UNITS = {
    "preference": "a preference pair",
    "unpaired": "a response, desirable or not",
    "ranking": "an item with every annotator's ranks",
    "ties": "a pair of responses without a preference",
    "sft": "a prompt with one good completion",
    "qa": "a question with its answer and the sections that it is about",
    "squad": "a question whose answer stands in its passage",
    "prompts": "a prompt",
    "annotations": "one annotator's answer to one item",
}
# Tags under which people look for such datasets on the Hub, by kind of config.
_TAGS = {
    "preference": ("preference", "rlhf", "dpo", "trl"),
    "unpaired": ("kto", "trl"),
    "sft": ("sft", "trl"),
    "prompts": ("grpo", "trl"),
}


def front_matter(
    built: Built,
    definitions: Sequence[TaskDefinition],
    sizes: Mapping[str, int],
    digests: Mapping[str, str],
    license: str | None,
    languages: Sequence[str],
) -> str:
    """The YAML, without its fences. ``definitions`` are those of the jobs; the rest is as in CardFacts."""
    from huggingface_hub import DatasetCardData

    tags = [tag for config in built.configs for tag in _TAGS.get(config.kind, ())]
    card = DatasetCardData(
        license=license,
        language=list(languages) or None,
        task_categories=list(dict.fromkeys(category for task in definitions for category in _categories(task))),
        annotations_creators=["machine-generated"] if built.simulated else ["crowdsourced"],
        size_categories=[_size_category(max((sum(c.rows.values()) for c in built.configs), default=0))],
        tags=list(dict.fromkeys(["human-feedback", *tags, *(["simulated"] if built.simulated else [])])),
        configs=[
            _config_entry(config, digests[config.name], first=config is built.configs[0]) for config in built.configs
        ],
    )
    infos = [_info(config, sizes[config.name]) for config in sorted(built.configs, key=lambda config: config.name)]
    if infos:
        card["dataset_info"] = infos if len(infos) > 1 else infos[0]
    text: str = card.to_yaml()
    return text


def _categories(definition: TaskDefinition) -> tuple[str, ...]:
    """The task categories of the Hub."""
    if isinstance(definition, TextRanking):
        return "text-generation", "reinforcement-learning"
    return ("text-generation",) if definition.prompt_completion else ("question-answering",)


def _config_entry(config: BuiltConfig, digest: str, *, first: bool) -> dict[str, Any]:
    # load_dataset caches a local folder under what its card says: only the digest tells it that rows have changed.
    description = f"One row is {UNITS[config.kind]}. SHA-256 of its files: {digest}"
    files_of = [{"split": split, "path": f"{config.name}/{split}-*"} for split, _ in splits(config)]
    default = {"default": True} if first else {}
    return {"config_name": config.name, **default, "description": description, "data_files": files_of}


def _info(config: BuiltConfig, download_size: int) -> dict[str, Any]:
    """An entry of ``dataset_info``, as ``datasets.info.DatasetInfosDict`` writes it."""
    return {
        "config_name": config.name,
        "features": card_features(config.features),
        "splits": [
            {"name": split, "num_bytes": config.bytes[split], "num_examples": rows} for split, rows in splits(config)
        ],
        "download_size": download_size,
        "dataset_size": sum(config.bytes.values()),
    }


def splits(config: BuiltConfig) -> list[tuple[str, int]]:
    """(split, rows) of each split that has rows, train before test."""
    return sorted(config.rows.items(), reverse=True)


def _size_category(rows: int) -> str:
    bounds = [(10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M")]
    return next((name for bound, name in bounds if rows < bound), "1M<n<10M")
