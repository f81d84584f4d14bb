"""Before a push: the dataset is read, its options are checked, and all of it is looked through. Asks no Hub."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...label_configs.errors import InputError
from ..storage import open_input
from .dataset_folder import CARD, DatasetFolder, read_folder
from .table_scan import Scan, allowances

__all__ = ["MESSAGE", "PushOptions", "Ready", "get_ready"]

MESSAGE = "Dataset built with gtbridge"
_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
# https://git-scm.com/docs/git-check-ref-format, and nothing that a shell or an address takes apart.
_REF = re.compile(r"(?!.*(?:\.\.|//|\.lock(?:/|\Z)|/\.))[A-Za-z0-9_][\w./+-]*(?<![./])", re.ASCII)
# Sizes in the front matter may have twelve digits.
_SIZES = re.compile(r"\s*(?:- )?(?:num_bytes|num_examples|download_size|dataset_size): [0-9]+\s*$")


@dataclass(frozen=True)
class PushOptions:
    """How to push. ``public`` makes the repository public; ``license`` is what the card must say; ``allow`` are
    ``KIND:COLUMN`` of what may be published although it looks as if it should not.
    """

    public: bool = False
    license: str | None = None
    tag: str | None = None
    branch: str = "main"
    message: str = MESSAGE
    allow: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True)
class Ready:
    """A dataset that was read and looked through, and what was found in it."""

    name: str
    folder: DatasetFolder
    options: PushOptions
    scan: Scan

    def check(self) -> None:
        """InputError if something was found that is not allowed."""
        refused = self.scan.refused
        if refused:
            kinds = ", ".join(dict.fromkeys(f"{found.kind}:{found.column}" for found in refused))
            message = f"holds what should not be published, so nothing was sent; take it out, or --allow it ({kinds})"
            raise InputError(message, source=self.folder.place)


def get_ready(
    place: str, name: str, options: PushOptions, on_progress: Callable[[int], None] = lambda rows: None
) -> Ready:
    """Read the dataset at ``place``, which is to be ``name`` (``ORG/NAME``), and look through all of it.

    InputError if it is no dataset that was built here, or if an option does not fit it.
    """
    if not _NAME.fullmatch(name):
        raise InputError("a dataset on the Hub is given as ORG/NAME", source=name)
    scan = Scan(allowances(options.allow))
    for option, ref in (("tag", options.tag), ("revision", options.branch)):
        if ref is not None and not _REF.fullmatch(ref):
            raise InputError(f"--{option} {ref!r} is no name that git takes")
    folder = read_folder(place, name)
    _check_license(folder, options)
    scan.lines(options.message, "--message")
    scan.lines(folder.card.text, CARD, skip=_SIZES)
    rows: dict[tuple[str, str], int] = {}
    for file in folder.files:
        if file.path != CARD:
            part = file.config, file.split
            with open_input(file.place) as opened:
                count = scan.table(opened, *part, rows.get(part, 0), source=file.place)
            rows[part] = rows.get(part, 0) + count
            on_progress(count)
    return Ready(name, folder, options, scan)


def _check_license(folder: DatasetFolder, options: PushOptions) -> None:
    given, said = options.license, folder.card.license
    build = "build it again with `dataset build --license`"
    if given is not None and given != said:
        raise InputError(f"its card says {said or 'no licence'}, not {given}; {build}", source=folder.place)
    if options.public and said is None:
        raise InputError(
            f"its card says no licence, without which nothing is made public; {build}", source=folder.place
        )
