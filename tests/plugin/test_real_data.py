"""Whole data sets through manifest, Label Studio, answers, export and dataset: nothing is lost on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import datasets
import pytest
from real_data import aws_prompts, pandalm, xquad
from roads import RANKING_TASK, Api, done, new_annotator, output_lines, prepare_job, ranked, worker_file

from gtbridge.converters.records import Answer, Item, Pair, Ranking, Section, Worker
from gtbridge.plugin.definitions import read_definition
from gtbridge.plugin.label_studio.job import Job
from gtbridge.plugin.label_studio.jobs import check_manifest, create_job
from gtbridge.plugin.label_studio.server import connect
from gtbridge.plugin.labeling_job import read_request
from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.server

QUALITY_TASK = "task: text-ranking\ndimensions: [{name: Quality, allow_tie: true}]\n"
QA_TASK = "task: question-answer\nquestions: {min: 1, max: 40}\n"

Answers = Callable[[Item], list[tuple[Answer, int]]]


def make_job(server: Embedded, request: Path, answers: Answers) -> Job:
    with connect(server.url, server.api_key) as connection:
        fields = read_request(request.read_text(encoding="utf-8"), str(request))
        definition = read_definition(fields.template or "")
        manifest = check_manifest(fields, definition, fields.manifest)
        return create_job(connection, fields, definition, manifest, answers=answers)


def accounts(server: Embedded, label: str, count: int) -> list[int]:
    """The user ids of new accounts."""
    keys = [new_annotator(server, f"{label}-{number}") for number in range(count)]
    return [int(Api(server, key).get("/api/current-user/whoami").json()["id"]) for key in keys]


def test_prompts_answered_one_by_one_through_the_api(label_studio: Embedded, tmp_path: Path) -> None:
    prompts = aws_prompts()
    (tmp_path / "prompts.json").write_text(json.dumps(prompts), encoding="utf-8")
    done("manifest", "make", str(tmp_path / "prompts.json"), "-o", str(tmp_path / "made.manifest"))
    records = [json.loads(line) for line in (tmp_path / "made.manifest").read_text(encoding="utf-8").splitlines()]
    assert records == [{"source": p["prompt"], "responses": p["responses"]} for p in prompts]
    request, _ = prepare_job(tmp_path, "aws-prompts", records, RANKING_TASK)
    done("job", "create", "--request", str(request), server=label_studio)
    described = json.loads(done("job", "describe", "aws-prompts", "--json", server=label_studio))
    api = Api(label_studio)
    given: dict[str, dict[str, list[int]]] = {}
    for number, task in enumerate(api.tasks(described["LabelStudio"]["ProjectId"])):
        help_, clear = [[1, 1, 2], [2, 1, 2], [1, 2, 3]][number % 3], [[3, 1, 2], [1, 2, 3]][number % 2]
        api.annotate(task["id"], ranked(task["data"], help_, clear))
        given[task["data"]["prompt"]] = {"Helpfulness": help_, "Clarity": clear}
    done("job", "export", "aws-prompts", "--to", str(tmp_path), server=label_studio)
    described = json.loads(done("job", "describe", "aws-prompts", "--json", server=label_studio))
    assert (described["LabelingJobStatus"], described["LabelCounters"]["TotalLabeled"]) == ("Completed", len(prompts))

    report = json.loads(
        done(
            "dataset", "build", str(tmp_path / "aws-prompts"), "-o", str(tmp_path / "ds"), "--json", "--test-size", "0"
        )
    )
    for dimension in ("Helpfulness", "Clarity"):
        rows = list(datasets.load_dataset(str(tmp_path / "ds"), f"preference-{dimension}", split="train"))
        texts = {record["source"]: record["responses"] for record in records}
        for row in rows:
            prompt = row["prompt"][0]["content"]
            ranks = dict(zip(texts[prompt], given[prompt][dimension], strict=True))
            assert ranks[row["chosen"][0]["content"]] < ranks[row["rejected"][0]["content"]]
        ties = sum(a == b for ranks in given.values() for a, b in combinations(ranks[dimension], 2))
        pairs = report["ledger"][f"pairs ({dimension})"]
        assert (pairs["in"], pairs["out"], len(rows)) == (3 * len(prompts), 3 * len(prompts) - ties, len(rows))
        assert sum(drop["count"] for drop in pairs["dropped"] if drop["reason"] == "tied") == ties


def test_three_annotators_of_a_thousand_items(label_studio: Embedded, tmp_path: Path) -> None:
    records = pandalm()
    lines = [{"source": f"{r['instruction']}\n\n{r['input']}".strip(), **r} for r in records]
    (tmp_path / "pandalm.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    columns = ("--responses-column", "response1", "--responses-column", "response2")
    done("manifest", "make", str(tmp_path / "pandalm.jsonl"), *columns, "-o", str(tmp_path / "made.manifest"))
    made = [json.loads(line) for line in (tmp_path / "made.manifest").read_text(encoding="utf-8").splitlines()]
    request, manifest = prepare_job(tmp_path, "pandalm", made, QUALITY_TASK, workers=3)
    users = accounts(label_studio, "pandalm", 3)
    ranks = {1: (1, 2), 2: (2, 1), 0: (1, 1)}

    def answers(item: Item) -> list[tuple[Answer, int]]:
        verdicts = [made[item.index][f"annotator{number}"] for number in (1, 2, 3)]
        return [
            (Answer(Worker(f"a{number}"), rankings=(Ranking("Quality", ranks[verdict], True),)), user)
            for number, (verdict, user) in enumerate(zip(verdicts, users, strict=True))
        ]

    make_job(label_studio, request, answers)
    done("job", "export", "pandalm", "--to", str(tmp_path), server=label_studio)
    output = output_lines(tmp_path / "pandalm")
    for line, before in zip(output, manifest.read_text(encoding="utf-8").splitlines(), strict=True):
        assert {key: line[key] for key in json.loads(before)} == json.loads(before)
        found = worker_file(tmp_path / "pandalm", line)["answers"]
        contents = [entry["answerContent"]["textRanking"]["ordinalRankingDimensions"][0] for entry in found]
        wanted = [list(ranks[line[f"annotator{number}"]]) for number in (1, 2, 3)]
        assert [content["responseRankings"] for content in contents] == wanted

    report = json.loads(
        done("dataset", "build", str(tmp_path / "pandalm"), "-o", str(tmp_path / "ds"), "--json", "--test-size", "0")
    )
    rows = list(datasets.load_dataset(str(tmp_path / "ds"), "preference", split="train"))
    expected: Counter[tuple[int, str, str]] = Counter()
    for index, record in enumerate(made):
        first, second = (sum(record[f"annotator{n}"] == side for n in (1, 2, 3)) for side in (1, 2))
        one, two = record["responses"]
        if first != second and one.strip() != two.strip() and one.strip() and two.strip():
            expected[index, *((one, two) if first > second else (two, one))] += 1
    places = [int(row["metadata"]["item"].split("/")[1]) for row in rows]
    assert (
        Counter(
            (place, row["chosen"][0]["content"], row["rejected"][0]["content"])
            for place, row in zip(places, rows, strict=True)
        )
        == expected
    )
    pairs = report["ledger"]["pairs (Quality)"]
    assert (pairs["in"], pairs["out"]) == (len(made), len(rows))
    assert report["ledger"]["answers"]["in"] == report["ledger"]["answers"]["out"] == 3 * len(made)
    raw = list(datasets.load_dataset(str(tmp_path / "ds"), "annotations", split="train"))
    assert len(raw) == 3 * len(made)
    for row in raw:
        record = made[int(row["item"].split("/")[1])]
        fields = {key: value for key, value in record.items() if key not in ("source", "responses")}
        assert json.loads(row["metadata"]["fields"]) == fields


def test_questions_on_passages_keep_text_offsets_and_order(label_studio: Embedded, tmp_path: Path) -> None:
    paragraphs = xquad()
    request, _ = prepare_job(tmp_path, "xquad", [{"source": p["context"]} for p in paragraphs], QA_TASK)
    (user,) = accounts(label_studio, "xquad", 1)

    def pairs_of(index: int) -> tuple[Pair, ...]:
        return tuple(_pair(qa) for qa in paragraphs[index]["qas"])

    job = make_job(label_studio, request, lambda item: [(Answer(Worker("x"), pairs=pairs_of(item.index)), user)])
    # The server holds what the editor would have stored: sections are spans of the passage that the task shows.
    for task in Api(label_studio).tasks(job.project)[:100]:
        for entry in task["annotations"][0]["result"]:
            if entry["from_name"] == "section":
                value: dict[str, Any] = entry["value"]
                assert task["data"]["passage"][value["start"] : value["end"]] == value["text"]
    done("job", "export", "xquad", "--to", str(tmp_path), server=label_studio)
    for index, line in enumerate(output_lines(tmp_path / "xquad")):
        (answer,) = worker_file(tmp_path / "xquad", line)["answers"]
        found = answer["answerContent"]["questionAndAnswers"]["questionAnswerPairs"]
        assert [
            (
                pair["question"],
                pair["answer"],
                [(r["startOffset"], r["endOffset"], r["text"]) for r in pair["textReferences"]],
            )
            for pair in found
        ] == [(p.question, p.answer, [(s.start, s.end, s.text) for s in p.sections]) for p in pairs_of(index)]
    done("dataset", "build", str(tmp_path / "xquad"), "-o", str(tmp_path / "ds"), "--test-size", "0")
    rows = datasets.load_dataset(str(tmp_path / "ds"), "sft", split="train")
    assert [(row["metadata"]["question"], row["completion"][0]["content"]) for row in rows] == [
        (qa["question"], qa["answers"][0]["text"]) for p in paragraphs for qa in p["qas"]
    ]


def _pair(qa: dict[str, Any]) -> Pair:
    answer = qa["answers"][0]
    start, text = answer["answer_start"], answer["text"]
    return Pair(qa["question"], text, (), (Section(start, start + len(text), text),), "sections")
