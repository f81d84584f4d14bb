"""How far a labeling job on Label Studio is: DescribeLabelingJob's fields, and the answers by the job's own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ...converters.formats.exported_tasks import project_name
from ...converters.formats.pulled_tasks import task_line
from ...converters.formats.screens import task_data_to_item
from ...converters.formats.sent_back import SENT_BACK
from ...converters.formats.task_completion import task_to_item
from ...converters.records import Item
from ..project_description import is_labeling_job, parse_description, stopped_at
from .answers import read_answers
from .job import Job
from .server import Server, speaking_to

__all__ = ["describe_job", "job_progress"]

_MOST_PROBLEMS = 20


def describe_job(server: Server, job: Job) -> dict[str, Any]:
    """The fields that DescribeLabelingJob has, as far as Label Studio knows them, with ``LabelStudio`` beside them.

    There, ``Answers`` = ``Valid`` + ``Declined`` + ``Invalid`` + ``SentBack`` (and not given again yet) +
    ``Superseded`` + ``ToNoObject`` (of tasks that are no object of the manifest); ``Problems`` are the sentences that
    were found most often, with their number. ``Edited`` says what of the rules is not as it was when the job was made.
    """
    with speaking_to(server.url):
        project = server.sdk.projects.get(id=job.project)
    return {
        **job_progress(project),
        "LabelAttributeName": job.request.label_attribute,
        "CreationTime": project.created_at.isoformat() if project.created_at else None,
        "InputConfig": job.request.get("InputConfig"),
        "OutputConfig": job.request.get("OutputConfig"),
        "HumanTaskConfig": job.request.get("HumanTaskConfig"),
        "LabelStudio": {
            "ProjectId": job.project,
            "Url": f"{server.url}/projects/{job.project}/data",
            **({"StoppedAt": stopped} if (stopped := stopped_at(project.description)) else {}),
            **({"Edited": edits} if (edits := job.edits) else {}),
            **_counts(server, job),
        },
    }


def job_progress(project: Any) -> dict[str, Any]:
    """What of DescribeLabelingJob changes while people work, from the SDK's ``project`` of a labeling job.

    An object is labeled when it has the answers that the job asks for, as Label Studio counts them. Of a project that
    was made by hand, every task is an object.
    """
    stored = project.description
    if not is_labeling_job(stored):
        return _progress(project_name(project.id), project, project.task_number or 0)
    name, manifest = _block(stored)
    objects = manifest.get("objects") if isinstance(manifest, Mapping) else None
    if name is None or (manifest is not None and not isinstance(objects, int)):
        reason = "the project's description was changed: what it says of the labeling job cannot be read"
        return {"LabelingJobName": name, "LabelingJobStatus": "Failed", "FailureReason": reason, **_counters(0, 0)}
    if objects is None:
        return {"LabelingJobName": name, "LabelingJobStatus": "Initializing", **_counters(0, 0)}
    return _progress(name, project, objects)


def _progress(name: str, project: Any, objects: int) -> dict[str, Any]:
    labeled = min(project.finished_task_number or 0, objects)
    going = "Completed" if labeled >= objects > 0 else "InProgress"
    status = "Stopped" if stopped_at(project.description) else going
    return {"LabelingJobName": name, "LabelingJobStatus": status, **_counters(labeled, objects)}


def _block(description: str | None) -> tuple[str | None, Any]:
    found = parse_description(description)
    return (None, None) if found is None else (found[0]["job"], found[0]["manifest"])


def _counters(labeled: int, objects: int) -> dict[str, Any]:
    return {
        "LabelCounters": {
            "TotalLabeled": labeled,
            "HumanLabeled": labeled,
            "MachineLabeled": 0,
            "FailedNonRetryableError": 0,
            "Unlabeled": objects - labeled,
        }
    }


def _counts(server: Server, job: Job) -> dict[str, Any]:
    def item_of(index: int, data: Mapping[str, Any]) -> Item | None:
        if job.manifest is None:
            return task_to_item({"data": data}, job.definition, index)
        # The manifest may lie on another machine; what the rules ask of an item, its task shows.
        return task_data_to_item(data, job.definition) if 0 <= index < job.objects else None

    answers = read_answers(server, job, map(task_line, server.tasks(job.project)), item_of)
    counts, sentences = Counter(ToNoObject=len(answers.strays)), Counter[str]()
    for answered in answers:
        judged = answered.judged(job)
        counts["Valid"] += len(judged.valid)
        counts["Invalid"] += len(judged.invalid)
        counts["Superseded"] += len(judged.superseded)
        for answer in judged.declined:
            counts["SentBack" if answer.reason == SENT_BACK else "Declined"] += 1
        for _, broken in judged.invalid:
            sentences.update(broken)
    kinds = ("Valid", "Declined", "Invalid", "SentBack", "Superseded", "ToNoObject")
    return {
        "Answers": counts.total(),
        **{kind: counts[kind] for kind in kinds},
        "Problems": dict(sentences.most_common(_MOST_PROBLEMS)),
    }
