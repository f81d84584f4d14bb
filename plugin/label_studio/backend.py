"""Labeling jobs on Label Studio as a backend: described, listed, watched, stopped. The first of the two backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...label_configs.errors import InputError, MissingError
from ..files import clock
from ..labeling_job import ENDED
from ..project_description import is_labeling_job, stopped_description
from .describe import describe_job, job_progress
from .jobs import find_job, named_projects
from .server import Server, speaking_to

__all__ = ["LabelStudioJobs"]

_FIELDS = "id,title,description,created_at,task_number,finished_task_number"
_UNGUARDED = (
    "this Label Studio runs without the guard, so annotators can go on in the job's project, and what they answer is "
    "exported; take the project away from them to end it"
)


class LabelStudioJobs:
    """The labeling jobs of one Label Studio: the projects that say so. A ``Backend``."""

    def __init__(self, server: Server):
        self._server = server

    def describe(self, name: str) -> dict[str, Any]:
        """DescribeLabelingJob's fields as far as Label Studio knows them, see ``describe_job``."""
        found = describe_job(self._server, find_job(self._server, name))
        if found["LabelingJobStatus"] == "Stopped":
            found["LabelStudio"]["Guarded"] = _is_guarded(self._server)
        return found

    def jobs(self, name_contains: str | None = None, status: str | None = None) -> Iterator[dict[str, Any]]:
        """All projects that are labeling jobs, in the server's order; one whose description was damaged has no name."""
        with speaking_to(self._server.url):
            for project in self._server.sdk.projects.list(include=_FIELDS, page_size=500):
                if not is_labeling_job(project.description):
                    continue
                found = {
                    **job_progress(project),
                    "CreationTime": project.created_at.isoformat() if project.created_at else None,
                    "LabelStudio": {
                        "ProjectId": project.id,
                        "Url": f"{self._server.url}/projects/{project.id}/data",
                    },
                }
                named = name_contains is None or name_contains in (found["LabelingJobName"] or "")
                if named and status in (None, found["LabelingJobStatus"]):
                    yield found

    def watch(self, name: str) -> Callable[[], dict[str, Any]]:
        """Asks for the one project: the server counts its labeled tasks, and nothing else."""
        number = self._project(name)

        def ask() -> dict[str, Any]:
            with speaking_to(self._server.url):
                for project in self._server.sdk.projects.list(ids=str(number), include=_FIELDS):
                    return job_progress(project)
            raise MissingError(f"project {number} of the labeling job {name} was deleted", source=self._server.url)

        return ask

    def _project(self, name: str) -> int:
        """The job's project, which may still be in the making."""
        named = named_projects(self._server, name)
        return named[0][0] if named else find_job(self._server, name).project

    def stop(self, name: str, *, dry_run: bool = False) -> dict[str, Any]:
        """Record in the project that the job is stopped: the guard then gives out no tasks, and takes no answers.

        Answers that are there stay, and are exported. Without the guard nothing holds annotators back; a note says so.
        """
        job = find_job(self._server, name)
        if job.manifest is None:
            message = "was made by hand: Label Studio has no way to stop it but to take it from its annotators"
            raise InputError(message, source=f"{self._server.url}/projects/{job.project}")
        number = job.project
        with speaking_to(self._server.url):
            project = self._server.sdk.projects.get(id=number)
        status = job_progress(project)["LabelingJobStatus"]
        running = status not in ENDED
        if running and not dry_run:
            when = clock.now().isoformat(timespec="seconds")
            with speaking_to(self._server.url):
                self._server.sdk.projects.update(id=number, description=stopped_description(project.description, when))
            status = "Stopped"
        notes = [] if _is_guarded(self._server) else [_UNGUARDED]
        return {"LabelingJobName": name, "LabelingJobStatus": status, "stopped": running, "notes": notes}


def _is_guarded(server: Server) -> bool:
    """Whether the guard is switched on there."""
    with speaking_to(server.url):
        response = server.sdk._client_wrapper.httpx_client.request("gtbridge/about", method="GET")
    return response.is_success and "json" in response.headers.get("Content-Type", "")
