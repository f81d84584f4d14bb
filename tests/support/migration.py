"""Realistic jobs as Ground Truth leaves them: several annotators, ties, partial and failed items, fields of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from roads import Api, done

from gtbridge.converters.formats.json_text import to_line
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.storage import join, write_bytes

__all__ = ["QUESTIONS", "RANKING", "GroundTruthJob", "finished_job", "migrate", "reading", "tasks_of"]

RANKING_TASK = """\
task: text-ranking
title: Which answer helps more?
instructions: Read the prompt, then rank the responses.
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
"""
QUESTION_TASK = """\
task: question-answer
instructions: Write questions that the passage answers.
questions: {min: 1, max: 3}
tags: [What, Who]
allow_custom_tags: true
"""
PASSAGE = "The \U0001f469\u200d\U0001f680 opened the meeting.\r\nEverybody  agreed."
TIME = "2025-06-20T18:59:{:02d}.191Z"


@dataclass(frozen=True)
class GroundTruthJob:
    """A job's output. A line's text is complete but for the label; its answers, if any, stand in a file of their own.

    ``lines`` are (text, metadata or None, answers or None).
    """

    name: str
    task: str
    lines: Sequence[tuple[str, dict[str, Any] | None, list[dict[str, Any]] | None]]
    attribute: str = "ranks"
    prefix: str = "s3://somebodys-bucket/output"
    finished: tuple[int, ...] = field(default=())

    def write(self, folder: str) -> str:
        """Write the job beneath ``folder``, local or in S3; the path of the job. The task goes beside it."""
        place = join(folder, self.name)
        manifest = []
        for index, (text, metadata, answers) in enumerate(self.lines):
            members: dict[str, Any] = {}
            if metadata is not None:
                label: dict[str, Any] = {} if "failure-reason" in metadata else {self.attribute: {}}
                members = {**label, f"{self.attribute}-metadata": dict(metadata)}
            if answers is not None:
                path = f"annotations/worker-response/iteration-{1 + (index > 2)}/{index}/2025-06-20_19:00:00.json"
                write_bytes(join(place, path), json.dumps({"answers": answers}).encode())
                root = folder if folder.startswith("s3://") else self.prefix
                members[f"{self.attribute}-metadata"]["worker-response-ref"] = f"{root}/{self.name}/{path}"
            manifest.append(text if not members else f"{text[:-1]}, {to_line(members)[1:]}")
        lines = "".join(f"{line}\n" for line in manifest)
        write_bytes(join(place, "manifests/output/output.manifest"), lines.encode())
        write_bytes(join(folder, f"{self.name}.yaml"), self.task.encode())
        return place


def _metadata(name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "groundtruth/custom",
        "job-name": f"labeling-job/{name}",
        "human-annotated": "yes",
        "creation-date": "2025-06-20T19:00:00.049111",
        "unknown": {"kept": [1, None]},
        **more,
    }


def answer(worker: str, content: Any, second: int = 0, **more: Any) -> dict[str, Any]:
    """An entry of a worker-response file, with a field that nobody knows."""
    identity = {"identityProviderType": "Cognito", "issuer": "https://idp.example/pool", "sub": f"sub-{worker}"}
    return {
        "acceptanceTime": TIME.format(second),
        "submissionTime": TIME.format(second + 20),
        "timeSpentInSeconds": 20.5,
        "workerId": worker,
        "workerMetadata": {"identityData": identity},
        "answerContent": content,
        "somethingNew": {"a": [1.5, "é"]},
        **more,
    }


def ranks(helpfulness: Sequence[int | None], clarity: Sequence[int | None]) -> dict[str, Any]:
    return {
        "textRanking": {
            "ordinalRankingDimensions": [
                {"name": "Helpfulness", "allowTie": True, "responseRankings": list(helpfulness)},
                {"name": "Clarity", "allowTie": False, "responseRankings": list(clarity)},
            ]
        }
    }


def _prompt(number: int, **more: Any) -> str:
    return json.dumps({"source": f"Prompt {number}?", "responses": ["a", "b\n</View>{{", "ç"], **more})


def _chained(text: str) -> str:
    """The line of an item that another job had labelled before, with numbers that a reader would spell otherwise."""
    before = '"first": {"x": 1.00}, "first-metadata": {"job-name": "first", "confidence": 1e-1}'
    return f'{text[:-1]}, "cost":  1.50, "big": 1180591620717411303424, {before}}}'


def _three(*second: Any) -> list[dict[str, Any]]:
    """Three answers, the last of which says what ``second`` says, if that is given."""
    contents = [ranks([1, 2, 2], [1, 2, 3]), ranks([1, 1, 3], [3, 1, 2]), *(second or [ranks([2, 2, 2], [2, 1, 3])])]
    return [answer(f"w{number}", content, number) for number, content in enumerate(contents, start=1)]


def _old(entry: dict[str, Any]) -> dict[str, Any]:
    """As the public workforce's files have it: un-nested, and without times and identity."""
    return {
        "answerContent": entry["answerContent"]["textRanking"],
        "submissionTime": "2025-06-20T18:59:58Z",
        "workerId": entry["workerId"],
    }


def _text(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "answerContent": json.dumps(entry["answerContent"])}


_NAME = "gt-ranking"
RANKING = GroundTruthJob(
    _NAME,
    RANKING_TASK,
    [
        (_chained(_prompt(0)), _metadata(_NAME), _three()),
        (_chained(_prompt(1, models=["x", "y", "z"])), _metadata(_NAME), _three()[:2]),
        (_chained(_prompt(2)), _metadata(_NAME), _three()[:1]),
        (_chained(_prompt(3)), _metadata(_NAME, **{"failure-reason": "ClientError: Annotation tasks expired."}), None),
        (_chained(_prompt(4)), None, None),
        # A tie where none is allowed, a rank that is missing, and a dimension that is.
        (_chained(_prompt(5)), _metadata(_NAME), _three(ranks([1, 2, 3], [1, 1, 2]))),
        (_chained(_prompt(6)), _metadata(_NAME), _three(ranks([1, None, 2], [1, 2, 3]))),
        (_chained(_prompt(0)), _metadata(_NAME), [_old(entry) for entry in _three()]),
        (_chained(_prompt(8)), _metadata(_NAME), [_text(entry) for entry in _three()]),
        (_chained(_prompt(9)), _metadata(_NAME), _three()),
    ],
    finished=(0, 7, 8, 9),
)


def pairs(*entries: tuple[str, str, Sequence[str], Sequence[tuple[int, int, str]]]) -> dict[str, Any]:
    return {
        "questionAndAnswers": {
            "questionAnswerPairs": [
                {
                    "question": question,
                    "answer": text,
                    "tags": list(tags),
                    "textReferences": [{"startOffset": a, "endOffset": b, "text": said} for a, b, said in references],
                    "note": None,
                }
                for question, text, tags, references in entries
            ]
        }
    }


_AT = PASSAGE.index("Everybody")
# As browsers count: the two people outside the BMP are two units each.
_UTF16 = _AT + 2
_ASKED = pairs(("Who opened it?", "The \U0001f469\u200d\U0001f680", ["mine", "Who"], []))
_TWO = pairs(
    ("Who agreed?", "Everybody", ["Who"], [(_AT, _AT + 9, "Everybody")]),
    ("What did they do?", "agreed", [], [(_AT, _AT + 9, "Everybody"), (_AT + 11, _AT + 17, "agreed")]),
)
_BROWSERS = pairs(("Who agreed?", "Everybody", ["Who"], [(_UTF16, _UTF16 + 9, "Everybody")]))
_FOUR = pairs(*[(f"What is {n}?", "nothing", [], []) for n in range(4)])
_ASK = "gt-questions"
QUESTIONS = GroundTruthJob(
    _ASK,
    QUESTION_TASK,
    [
        (json.dumps({"source": PASSAGE, "id": 7}), _metadata(_ASK), [answer("p1", _ASKED), answer("p2", _TWO, 3)]),
        (json.dumps({"source": PASSAGE}), _metadata(_ASK), [answer("p2", _BROWSERS)]),
        (json.dumps({"source": PASSAGE}), _metadata(_ASK), [answer("p1", _FOUR), answer("p3", _TWO)]),
        (json.dumps({"source": "Nobody answered."}), None, None),
    ],
    attribute="label",
    finished=(0,),
)


def finished_job(name: str, count: int, *, to_do: int = 0, workers: int = 3) -> GroundTruthJob:
    """A ranking job with ``count`` finished items of ``workers`` answers each, and ``to_do`` that nobody answered."""
    lines: list[Any] = []
    for number in range(count + to_do):
        text = json.dumps({"source": f"Prompt {number}?", "responses": ["a", "b"]})
        given = [answer(f"w{n}", ranks([1, 2], [1 + n % 2, 2 - n % 2])) for n in range(workers)]
        lines.append((text, _metadata(name), given) if number < count else (text, None, None))
    # What is shown in an order of its own depends on the job's name.
    task = f"{RANKING_TASK}shuffle_responses: false\n"
    return GroundTruthJob(name, task, lines, finished=tuple(range(count)))


def reading(job: GroundTruthJob, folder: str) -> list[str]:
    """The options that the job is read with, for the command line."""
    return ["--task", join(folder, f"{job.name}.yaml"), "--label-attribute", job.attribute]


def migrate(server: Embedded, folder: str, job: GroundTruthJob, name: str, *options: str) -> dict[str, Any]:
    """What ``gtbridge migrate`` reports of the job, which lies in ``folder``."""
    command = ("migrate", f"{folder}/{job.name}", *reading(job, folder), "--project", name, "--json", *options)
    said: dict[str, Any] = json.loads(done(*command, server=server))
    return said


def tasks_of(server: Embedded, project: int) -> list[dict[str, Any]]:
    """All that a migration decides of the project's tasks, by object."""
    of_task, of_answer = (
        ("data", "meta", "overlap", "is_labeled"),
        ("result", "completed_by", "ground_truth", "lead_time"),
    )
    found = []
    for task in Api(server).tasks(project):
        answers = [{key: given[key] for key in of_answer} for given in task["annotations"]]
        found.append({**{key: task[key] for key in of_task}, "annotations": answers})
    return found
