"""The user's own folders, by the XDG Base Directory Specification. Names them; makes none."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["cache_folder", "config_folder", "data_folder"]


def cache_folder() -> Path:
    """What can be made again."""
    return _folder("XDG_CACHE_HOME", ".cache")


def config_folder() -> Path:
    """Settings and keys."""
    return _folder("XDG_CONFIG_HOME", ".config")


def data_folder() -> Path:
    """Data that the user made."""
    return _folder("XDG_DATA_HOME", ".local/share")


def _folder(variable: str, usual: str) -> Path:
    given = Path(os.environ.get(variable, ""))
    # The specification says that relative paths are to be ignored.
    return (given if given.is_absolute() else Path.home() / usual) / "gtbridge"
