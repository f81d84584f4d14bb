"""Projects that gtbridge did not make, on a Label Studio server: what they ask. Found by their number."""

from __future__ import annotations

from ...label_configs.errors import MissingError
from ..definitions import OtherConfig
from .server import Server, speaking_to

__all__ = ["project_config"]


def project_config(server: Server, number: int) -> OtherConfig:
    """The labeling config of the project of that number. MissingError if the account sees none."""
    try:
        with speaking_to(server.url):
            project = server.sdk.projects.get(id=number)
    except MissingError:
        raise MissingError(f"there is no labeling job and no project {number}", source=server.url) from None
    return OtherConfig(project.label_config or "", f"{server.url}/projects/{number}")
