"""The folder of a Ground Truth job: which manifest is to be read, and what lies beside it. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...converters.formats.job_output import DEFINITION, OUTPUT_MANIFEST, REQUEST, Layout
from ...converters.formats.json_text import read_json
from ...label_configs.errors import MissingError
from ...label_configs.tasks import TaskDefinition
from ..definitions import read_definition
from ..storage import absolute, exists, is_folder, join, list_files, parent, read_text

__all__ = ["JobFolder", "find_job_folder"]

_MANIFESTS = "manifests"
_IN_LAYOUT = re.compile(r"(?<=[^/])/manifests/(output|intermediate/[0-9]+)/output\.manifest$")


@dataclass(frozen=True)
class JobFolder:
    """``folder`` is what the job's references are relative to, ``manifest`` the manifest to read."""

    folder: str
    manifest: str

    @property
    def name(self) -> str:
        """The job's name, which its folder has."""
        return absolute(self.folder).rstrip("/").rpartition("/")[2]

    def layout(self) -> Layout:
        """Which files the folder has. A listing of them all, which a complete job can be read without."""
        return Layout.of(list_files(self.folder))

    def definition(self, label_attribute: str | None) -> TaskDefinition | None:
        """The task that gtbridge wrote into the folder, unless another job's labels are to be read."""
        place = join(self.folder, DEFINITION)
        if not exists(place) or (exists(join(self.folder, REQUEST)) and self.request(label_attribute) is None):
            return None
        return read_definition(place)

    def request(self, label_attribute: str | None) -> str | None:
        """Where gtbridge wrote the job's CreateLabelingJob request, unless another job's labels are to be read."""
        place = join(self.folder, REQUEST)
        if not exists(place):
            return None
        known = read_json(read_text(place), place)
        asked_for = known.get("LabelAttributeName") if isinstance(known, dict) else None
        return place if label_attribute in (None, asked_for) else None


def find_job_folder(path: str) -> JobFolder:
    """The job whose folder or manifest ``path`` is. Of a running job the newest intermediate manifest is read.

    MissingError if there is no manifest.
    """
    if not is_folder(path):
        if not exists(path):
            raise MissingError("no output manifest is here", source=path)
        place = path if _IN_LAYOUT.search(path) else absolute(path)
        in_layout = _IN_LAYOUT.search(place)
        return JobFolder(place[: in_layout.start()], place) if in_layout else JobFolder(parent(path), path)
    folder = path.rstrip("/") or path
    manifests = (f"{_MANIFESTS}/{name}" for name in list_files(join(folder, _MANIFESTS)))
    manifest = Layout.of(manifests).manifest
    if manifest is None:
        raise MissingError("no output manifest is here", source=join(folder, OUTPUT_MANIFEST))
    return JobFolder(folder, join(folder, manifest))
