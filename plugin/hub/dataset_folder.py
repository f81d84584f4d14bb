"""A dataset folder as ``dataset build`` makes it, local or in S3: its card, its data files, and what else lies there.

Reads only; knows nothing of the Hub.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import IO, Any

import yaml

from ...converters.datasets.card_location import relocated
from ...converters.datasets.card_text import CARD_MARK
from ...label_configs.errors import InputError
from ..storage import as_text, exists, join, list_files, open_input, read_bytes

__all__ = ["CARD", "Card", "DatasetFile", "DatasetFolder", "read_card", "read_folder"]

CARD = "README.md"
_BLOCK = 2**20
_LONGEST = 100_000  # reading YAML takes some seconds for as many characters
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """A file to push: where it lies, its path in the dataset, its config and split (none: the card), and digests.

    ``git_oid`` is the SHA-1 that git gives the same bytes (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
    ``data`` is what it holds where that is not what lies at ``place``.
    """

    place: str
    path: str
    config: str
    split: str
    size: int
    sha256: str
    git_oid: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A README.md: its text, the part after the front matter, its licence, (config, split, pattern) of data files."""

    text: str
    body: str
    license: str | None
    patterns: tuple[tuple[str, str, str], ...]

    @property
    def is_ours(self) -> bool:
        """Whether ``dataset build`` wrote it."""
        return CARD_MARK in self.text

    def part_of(self, path: str) -> tuple[str, str] | None:
        """The (config, split) that a file at ``path`` is read as a part of."""
        for config, split, pattern in self.patterns:
            if path.count("/") == pattern.count("/") and fnmatchcase(path, pattern):
                return config, split
        return None


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A dataset: its card, the files of which it consists, sorted, and the paths of those that stay where they are."""

    place: str
    card: Card
    files: tuple[DatasetFile, ...]
    left: tuple[str, ...]


def read_folder(place: str, name: str) -> DatasetFolder:
    """The dataset at ``place``, with its card as it is to be where it is called ``name``. Reads every file once.

    InputError if it is no dataset that ``dataset build`` made, or lacks files that its card names.
    """
    readme = join(place, CARD)
    if not exists(readme):
        raise InputError("is no dataset: it has no README.md; give the folder that `dataset build` made", source=place)
    card = read_card(relocated(as_text(read_bytes(readme), readme), name), readme)
    if not card.is_ours or not card.patterns:
        raise InputError("is no dataset that `dataset build` made; its README.md is another one", source=place)
    files, left = [_card_file(readme, card.text.encode())], []
    for path in list_files(place):
        part = card.part_of(path)
        if part is not None and path.endswith(".parquet"):
            files.append(_file(place, path, part))
        elif path != CARD:
            left.append(path)
    for config, split, pattern in card.patterns:
        if (config, split) not in {(file.config, file.split) for file in files}:
            raise InputError(f"lacks {pattern}, which its README.md names; build it again", source=place)
    return DatasetFolder(place, card, tuple(files), tuple(left))


def read_card(text: str, source: str) -> Card:
    """What a README.md says in its front matter, https://huggingface.co/docs/hub/datasets-manual-configuration.

    A card without one has no licence and no patterns. InputError if it cannot be read.
    """
    front, body = _parted(text, source)
    patterns = tuple(
        (_name(config.get("config_name")), _name(file.get("split")), _name(path))
        for config in _entries(front.get("configs"))
        for file in _entries(config.get("data_files"))
        for path in _listed(file.get("path"))
    )
    license = front.get("license")
    return Card(text, body, license if isinstance(license, str) and license else None, patterns)


def _name(value: Any) -> str:
    """A name, which may look like a number. Of a list it is none: what aliases spell may be longer than memory."""
    return str(value) if isinstance(value, str | int | float | date | None) else ""


def _entries(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parted(text: str, source: str) -> tuple[dict[str, Any], str]:
    """The front matter of a card, and the rest."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    if len(found[1]) > _LONGEST:
        raise InputError(f"its front matter has more than {_LONGEST:,} characters", source=source)
    try:
        front = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        # PyYAML's constructors raise whatever comes of a value that its tag does not fit.
        raise InputError(f"its front matter is no YAML: {' '.join(str(error).split())[:200]}", source=source) from None
    return front if isinstance(front, dict) else {}, text[found.end() :]


def _card_file(place: str, data: bytes) -> DatasetFile:
    return DatasetFile(place, CARD, "", "", len(data), *_digests(io.BytesIO(data), len(data)), data)


def _file(folder: str, path: str, part: tuple[str, str]) -> DatasetFile:
    place = join(folder, path)
    with open_input(place) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        sha256, git_oid = _digests(file, size)
    return DatasetFile(place, path, *part, size, sha256, git_oid)


def _digests(file: IO[bytes], size: int) -> tuple[str, str]:
    sha256, git = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while block := file.read(_BLOCK):
        sha256.update(block)
        git.update(block)
    return sha256.hexdigest(), git.hexdigest()
