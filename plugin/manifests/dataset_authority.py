"""What a dataset may read: its own files. Its README is data, so what it names elsewhere is no permission to read it.

``datasets`` itself follows absolute paths, ``..`` and URLs in ``configs``, data_files and data_dir:
https://huggingface.co/docs/hub/datasets-manual-configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ...label_configs.errors import InputError

__all__ = ["refuse_other_files", "refuse_outside"]

_LONGEST = 1_000_000  # bytes: more than the README of any dataset
_MOST = 1_000_000  # values, each counted wherever an alias puts it
_PLACES = ("data_files", "data_dir")
_KINDS = ("arrow", "csv", "json", "parquet", "text")


def refuse_outside(folder: Path, source: str) -> None:
    """InputError if the README of a local ``folder`` names files that are not within it. Looks at none of them."""
    from datasets.config import REPOCARD_FILENAME, REPOYAML_FILENAME

    for name in (REPOCARD_FILENAME, REPOYAML_FILENAME):
        path = folder / name
        if not path.is_file():
            continue
        for pattern in _patterns(_said(path, card=name == REPOCARD_FILENAME)):
            if not _is_within(pattern):
                raise InputError(f"its {name} names {pattern!r:.200}, which is not within the folder", source=source)


def refuse_other_files(builder: Any, inside: tuple[str, ...], source: str) -> None:
    """InputError if what ``datasets`` found to read does not begin with one of ``inside``, or is no table of texts."""
    if builder.name not in _KINDS:
        raise InputError(f"holds {builder.name} data, of which no records can be made", source=source)
    for files in (builder.config.data_files or {}).values():
        for file in files:
            place = str(file).rpartition("::")[2]
            if not place.startswith(inside) or ".." in place.split("/"):
                raise InputError(f"its README names {str(file)!r:.200}, which is not the dataset's own", source=source)
            if Path(place).is_absolute() and not _is_here(place, inside):
                raise InputError(f"its file {str(file)!r:.200} is a link to one outside of the folder", source=source)


def _is_here(place: str, inside: tuple[str, ...]) -> bool:
    """Whether the file is in the folder once links are followed; those of the Hub's cache lead to its ``blobs``."""
    caches = tuple(f"{folder.partition('/snapshots/')[0]}/blobs/" for folder in inside if "/snapshots/" in folder)
    return Path(place).resolve().as_posix().startswith((*inside, *caches))


def _said(path: Path, *, card: bool) -> Any:
    """The YAML in the file. InputError if it spells more than memory should hold: ``datasets`` makes copies of it."""
    from huggingface_hub.repocard import REGEX_YAML_BLOCK

    if path.stat().st_size > _LONGEST:
        raise InputError(f"more than {_LONGEST // 10**6} MB, which no dataset says of itself", source=str(path))
    text = path.read_text("utf-8")
    if card:
        found = re.search(REGEX_YAML_BLOCK, text)
        text = found[2] if found else ""
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if _size(node, {}) > _MOST:
            raise InputError("has aliases that spell more than anybody could read", source=str(path))
        return None if node is None else loader.construct_document(node)
    except RecursionError:
        raise InputError("is nested too deeply", source=str(path)) from None


def _size(node: yaml.Node | None, known: dict[int, float]) -> float:
    """How many values the node spells; no end of them if it is within itself."""
    if isinstance(node, yaml.CollectionNode) and id(node) not in known:
        known[id(node)] = float("inf")
        parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known.get(id(node), 1)


def _patterns(said: Any) -> Iterator[str]:
    configs = said.get("configs") if isinstance(said, Mapping) else None
    for config in configs if isinstance(configs, list) else ():
        for place in _PLACES:
            yield from _texts(config.get(place) if isinstance(config, Mapping) else None)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)


def _is_within(pattern: str) -> bool:
    """Whether a pattern is relative, on every system, and leads down only."""
    names_place = "::" in pattern or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\~]", pattern) is not None
    return not names_place and ".." not in re.split(r"[/\\]", pattern)
