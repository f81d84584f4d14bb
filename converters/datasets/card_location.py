"""A card that names one place -> the same card for another: what its code loads and trains on. Changes nothing else."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

import yaml

__all__ = ["relocated"]

_AFTER_CODE = "\n## How it was collected\n"
_LOAD = re.compile(r'load_dataset\(("(?:[^"\\\n]|\\.)*"), "([^"\n]*)"\)')


def relocated(card: str, location: str) -> str:
    """``card``, as ``dataset_card`` made it for some folder, for the dataset at ``location`` (``ORG/NAME``)."""
    code, rest, collected = card.partition(_AFTER_CODE)
    found = _LOAD.findall(code)
    if not found:
        return card
    before: str = json.loads(found[0][0])
    configs = [config for _, config in found]
    for old, new in zip(_places(before, configs), _places(location, configs), strict=True):
        code = code.replace(old, new)
    return f"{code}{rest}{collected}"


def _places(location: str, configs: list[str]) -> Iterator[str]:
    """Each way in which code on a card names where the dataset lies, as the template and the snippets spell it."""
    literal = json.dumps(location, ensure_ascii=False)
    yield f"= load_dataset({literal}, "
    yield f'"hf_hub_url": {literal},'
    yield f"--dataset_name {shlex.quote(location)} \\\n"
    yield yaml.safe_dump([{"path": location}], allow_unicode=True, width=2**20)
    for config in configs:
        for option in ("dataset", "prompt_dataset"):
            yield f"--data.{option} {shlex.quote(f'{location}@{config}')} \\\n"
