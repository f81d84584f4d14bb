"""How far a labeling job on Label Studio is: DescribeLabelingJob's fields, and the answers by the job's own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..converters.formats.screens import task_data_to_item
from ..converters.formats.sent_back import SENT_BACK
from ..converters.records import Item
from .label_studio_answers import read_answers
from .label_studio_jobs import Job
from .label_studio_server import Server, speaking_to

__all__ = ["describe_job"]

_MOST_PROBLEMS = 20


def describe_job(server: Server, job: Job) -> dict[str, Any]:
    """The fields that DescribeLabelingJob has, as far as Label Studio knows them, with ``LabelStudio`` beside them.

    There, ``Answers`` = ``Valid`` + ``Declined`` + ``Invalid`` + ``SentBack`` (and not given again yet) +
    ``Superseded`` + ``ToNoObject`` (of tasks that are no object of the manifest); ``Problems`` are the sentences that
    were found most often, with their number.
    """
    with speaking_to(server.url):
        project = server.sdk.projects.get(id=job.project)
    objects, labelled = job.manifest.objects, min(project.finished_task_number or 0, job.manifest.objects)
    return {
        "LabelingJobName": job.name,
        "LabelingJobStatus": "Completed" if labelled >= objects else "InProgress",
        "LabelAttributeName": job.request.label_attribute,
        "LabelCounters": {
            "TotalLabeled": labelled,
            "HumanLabeled": labelled,
            "MachineLabeled": 0,
            "FailedNonRetryableError": 0,
            "Unlabeled": objects - labelled,
        },
        "CreationTime": project.created_at.isoformat() if project.created_at else None,
        "InputConfig": job.request.get("InputConfig"),
        "OutputConfig": job.request.get("OutputConfig"),
        "HumanTaskConfig": job.request.get("HumanTaskConfig"),
        "LabelStudio": {
            "ProjectId": job.project,
            "Url": f"{server.url}/projects/{job.project}/data",
            **_counts(server, job),
        },
    }


def _counts(server: Server, job: Job) -> dict[str, Any]:
    def item_of(index: int, data: Mapping[str, Any]) -> Item | None:
        # The manifest may lie on another machine; what the rules ask of an item, its task shows.
        return task_data_to_item(data, job.definition) if 0 <= index < job.manifest.objects else None

    answers = read_answers(server, job, server.tasks(job.project), item_of)
    counts, sentences = Counter(ToNoObject=len(answers.strays)), Counter[str]()
    for index in answers.stored:
        judged = answers.judged(job, index)
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
