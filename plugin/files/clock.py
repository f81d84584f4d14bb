"""The time, wherever one is written down: from here alone, so that a run can be had again to the byte."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from ...label_configs.errors import InputError

__all__ = ["now"]

_VARIABLE = "SOURCE_DATE_EPOCH"


def now() -> datetime:
    """This moment, in UTC; or, where SOURCE_DATE_EPOCH gives seconds since 1970, that one.

    https://reproducible-builds.org/specs/source-date-epoch/. InputError if it gives something else.
    """
    given = os.environ.get(_VARIABLE)
    if not given:
        return datetime.now(UTC)
    try:
        if not (given.isascii() and given.isdecimal()):
            raise ValueError
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise InputError("is no number of seconds since 1970", source=_VARIABLE) from None
