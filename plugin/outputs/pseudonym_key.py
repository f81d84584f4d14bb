"""The secret that makes workers' names into pseudonyms: read, or made once and kept. Never shown, never published."""

from __future__ import annotations

import secrets
from pathlib import Path

from ...label_configs.errors import InputError
from ..files.folders import config_folder
from ..storage import read_bytes, write_secret_once

__all__ = ["pseudonym_key"]

_KEY_BYTES = 32


def pseudonym_key(path: str | None) -> bytes:
    """The key for pseudonyms: the bytes of the file at ``path``, else one kept in the user's configuration folder.

    The kept key is made at random on first use and readable by its owner alone. InputError if the file is too short
    to be a secret.
    """
    file = Path(path) if path else config_folder() / "pseudonym.key"
    if path is None:
        write_secret_once(file, secrets.token_bytes(_KEY_BYTES))
    key = read_bytes(str(file))
    if len(key) < _KEY_BYTES:
        raise InputError(f"holds {len(key)} bytes; a pseudonym key has at least {_KEY_BYTES}", source=str(file))
    return key
