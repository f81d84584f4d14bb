"""The manifest of a job whose output has none, such as a dataset: its items' lines, written before the project."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ...converters.formats.json_text import read_json
from ...converters.formats.manifest import METADATA_SUFFIX
from ...converters.ledger import Ledger
from ...label_configs.errors import InputError
from ..label_studio.job import ManifestFile
from ..outputs.job_reader import JobOutput, job_lines
from ..storage import exists, open_input, open_output

__all__ = ["MadeManifest", "ManifestToBe"]


class ManifestToBe:
    """What is known of a manifest of which one line after another is seen: digest, length, and names of fields."""

    def __init__(self) -> None:
        self.digest, self.objects = hashlib.sha256(), 0
        self._fields: set[str] = set()

    def see(self, line: str) -> None:
        """The next line, without its end."""
        self.digest.update(f"{line}\n".encode())
        self.objects += 1
        self._fields.update(read_json(line, ""))

    def has_free(self, attribute: str) -> bool:
        """Whether every line could take this label attribute."""
        return not {attribute, attribute + METADATA_SUFFIX} & self._fields


@dataclass(frozen=True)
class MadeManifest:
    """``file`` is the manifest as it is to be: the lines of ``job``, of which its digest was taken."""

    job: JobOutput
    file: ManifestFile

    def write(self) -> None:
        """Write it, unless it stands there already.

        InputError if something else stands there, or if the job's lines are not those they were.
        """
        path, digest = self.file.path, hashlib.sha256()
        if exists(path):
            with open_input(path) as there:
                for line in there:
                    digest.update(line)
            if digest.hexdigest() != self.file.sha256:
                raise InputError("holds something else than these items; choose another --manifest", source=path)
            return
        with open_output(path, unchanged=None) as out:
            for answered in job_lines(self.job, Ledger()):
                line = f"{answered.line.item.line}\n".encode()
                digest.update(line)
                out.write(line)
            if digest.hexdigest() != self.file.sha256:
                raise InputError("has changed since it was read; run the same again", source=self.job.place)
