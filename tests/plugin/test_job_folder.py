"""A Ground Truth job's folder is read whole, whatever state the job is in; what cannot be had is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ground_truth_jobs import DIMENSIONS, label, manifest, put, ranking_job, rankings, response_path, worker_answer

from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.formats.reading import Reading
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError, MissingError
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, job_items, job_lines, open_job_output

ROOT = "s3://bucket/out"
OUTPUT = "manifests/output/output.manifest"
LINE = {"source": "Why?", "responses": ["a", "b", "c"]}
BEYOND = "whose worker template asks more than is read here"
RANKS = rankings({"Helpfulness": [1, 2, 2], "Clarity": [3, 1, 2]})


def read(path: str | Path, ledger: Ledger | None = None, **options: Any) -> list[AnsweredLine]:
    return list(job_lines(open_job_output(str(path), JobOutputOptions(**options)), ledger or Ledger()))


def workers(line: AnsweredLine) -> list[str]:
    return [answer.worker.id[-1] for answer in line.answers]


def document(*numbers: int) -> bytes:
    return json.dumps({"answers": [worker_answer(number, RANKS) for number in numbers]}).encode()


def test_every_iteration_is_read(tmp_path: Path) -> None:
    files = ranking_job(ROOT, "job", 40, iterations=3)
    assert {path.split("/")[2] for path in files if "iteration" in path} == {f"iteration-{k}" for k in (1, 2, 3)}
    lines = read(put(tmp_path / "job", files))
    assert [line.line.item.index for line in lines] == list(range(40))
    assert all(workers(line) == ["0", "1"] for line in lines)
    assert all(answer.raw in json.loads(files[response_path(i, 3, 40)])["answers"]
               for i, line in enumerate(lines) for answer in line.answers)  # fmt: skip


def test_a_line_that_failed_or_was_not_labelled_is_still_a_line(tmp_path: Path) -> None:
    failed = {"type": "groundtruth/custom", "failure-reason": "ClientError: Annotation tasks expired."}
    path = response_path(2)
    lines = [{**LINE, "label-metadata": failed}, LINE, {**LINE, "label": {}, "label-metadata": label("job", path)}]
    ledger = Ledger()
    put(tmp_path, {OUTPUT: manifest(lines), path: document(1)})
    items = list(job_items(open_job_output(str(tmp_path)), ledger))
    assert [(item.failure, len(item.judged.valid)) for item in items] == [
        ("ClientError: Annotation tasks expired.", 0),
        (None, 0),
        (None, 1),
    ]


def test_answers_that_a_stopped_job_has_for_unlabelled_lines_are_read(tmp_path: Path) -> None:
    put(
        tmp_path,
        {OUTPUT: manifest([LINE, LINE, LINE]), response_path(1): document(1), response_path(2): document(2, 3)},
    )
    assert [workers(line) for line in read(tmp_path)] == [[], ["1"], ["2", "3"]]


def test_of_a_running_job_the_newest_manifest_is_read(tmp_path: Path) -> None:
    path = response_path(0)
    done = {**LINE, "label": {}, "label-metadata": label("job", f"{ROOT}/{tmp_path.name}/{path}")}
    older, newer = manifest([LINE, LINE]), manifest([done, LINE])
    put(
        tmp_path,
        {
            "manifests/intermediate/9/output.manifest": older,
            "manifests/intermediate/10/output.manifest": newer,
            path: document(1),
        },
    )
    lines = read(tmp_path)
    assert [(workers(line), line.line.metadata is not None) for line in lines] == [(["1"], True), ([], False)]
    assert workers(read(tmp_path / "manifests/intermediate/10/output.manifest")[0]) == ["1"]


@pytest.mark.parametrize("damage", [None, b"", b"{", b'{"answers": 1}', b"\xff", b'{"answers": [{"workerId": 1}]}'])
def test_a_file_that_is_missing_or_damaged_is_named_and_the_rest_is_read(tmp_path: Path, damage: bytes | None) -> None:
    files = ranking_job(ROOT, "job", 5)
    place = response_path(3)
    files.pop(place) if damage is None else files.update({place: damage})
    put(tmp_path / "job", files)
    with pytest.raises(MissingError if damage is None else InputError, match="--allow-missing") as refused:
        read(tmp_path / "job")
    assert refused.value.source == str(tmp_path / "job" / place)
    ledger = Ledger()
    lines = read(tmp_path / "job", ledger, allow_missing=True)
    assert [workers(line) for line in lines] == [["0", "1"]] * 3 + [[]] + [["0", "1"]]
    (place_named,) = ledger.where["items", "whose answers are missing or damaged"]
    assert place_named.startswith("job/3: ")


def test_consolidation_requests_stand_in_for_a_file_that_is_gone(tmp_path: Path) -> None:
    files = ranking_job(ROOT, "job", 3)
    gone = json.loads(files.pop(response_path(1)))["answers"]
    annotations = [
        {"workerId": answer["workerId"], "annotationData": {"content": json.dumps(answer["answerContent"])}}
        for answer in gone
    ]
    request = [{"datasetObjectId": "1", "dataObject": {"content": "Question 1?"}, "annotations": annotations}]
    at = "annotations/consolidated-annotation/consolidation-request/iteration-1/2025-06-20_19:00:00.json"
    put(tmp_path / "job", {**files, at: json.dumps(request).encode()})
    ledger = Ledger()
    lines = read(tmp_path / "job", ledger)
    assert [answer.rankings for answer in lines[1].answers] == [
        answer.rankings for answer in read(put(tmp_path / "whole/job", ranking_job(ROOT, "job", 3)))[1].answers
    ]
    assert ledger.notes["items", "whose answers were read from consolidation requests"] == 1


def test_of_chained_jobs_the_one_that_is_asked_for_is_read(tmp_path: Path) -> None:
    first, second = response_path(0), response_path(0).replace("18:59", "20:00")
    line = {
        **LINE,
        "first": {},
        "first-metadata": label("first", f"{ROOT}/first/{first}"),
        "second": {},
        "second-metadata": label("second", f"{ROOT}/second/{second}"),
    }
    put(tmp_path / "second", {OUTPUT: manifest([line]), second: document(2)})
    put(tmp_path / "first", {first: document(1)})
    with pytest.raises(InputError, match=r"first, second.*--label-attribute"):
        read(tmp_path / "second")
    assert workers(read(tmp_path / "second", label_attribute="second")[0]) == ["2"]
    with pytest.raises(InputError, match="--refs s3://bucket/out/first"):
        read(tmp_path / "second", label_attribute="first")
    moves = ((f"{ROOT}/first", str(tmp_path / "first")),)
    assert workers(read(tmp_path / "second", label_attribute="first", moves=moves)[0]) == ["1"]
    with pytest.raises(MissingError, match="third"):
        read(tmp_path / "second", label_attribute="third")


def test_texts_behind_references_are_read_and_their_lines_are_left_alone(tmp_path: Path) -> None:
    path = response_path(0)
    line = {"source-ref": f"{ROOT}/texts/0.txt", "responses": ["a", "b", "c"], "label": {}}
    lines = manifest([{**line, "label-metadata": label("job", path)}])
    put(tmp_path, {f"job/{OUTPUT}": lines, f"job/{path}": document(1), "texts/0.txt": "Wäre das möglich?\n".encode()})
    with pytest.raises(InputError, match="--refs s3://bucket/out/texts"):
        read(tmp_path / "job")
    moves = ((f"{ROOT}/texts", str(tmp_path / "texts")),)
    (read_line,) = read(tmp_path / "job", moves=moves)
    assert read_line.line.item.text == "Wäre das möglich?\n"
    assert read_line.line.item.line.encode() + b"\n" == lines
    (tmp_path / "texts/0.txt").unlink()
    ledger = Ledger()
    assert read(tmp_path / "job", ledger, moves=moves, allow_missing=True) == []
    assert ledger.drops["items", "whose text is missing or damaged"] == 1


def test_what_is_no_job_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no output manifest"):
        open_job_output(str(tmp_path))
    with pytest.raises(MissingError):
        open_job_output(str(tmp_path / "nothing"))


def test_a_job_whose_ranks_could_be_orders_is_said_to_be_one(tmp_path: Path) -> None:
    path = response_path(0)
    line = {**LINE, "label": {}, "label-metadata": label("job", path)}
    answer = worker_answer(1, rankings({"Clarity": [2, 3, 1]}))
    put(tmp_path, {OUTPUT: manifest([line]), path: json.dumps({"answers": [answer]}).encode()})
    as_ranks, as_orders = Ledger(), Ledger()
    (ranked,) = read(tmp_path, as_ranks)
    (ordered,) = read(tmp_path, as_orders, reading=Reading("order"))
    assert ranked.answers[0].rankings[0].ranks == (2, 3, 1)
    assert ordered.answers[0].rankings[0].ranks == (3, 1, 2)
    assert as_ranks.notes["jobs", "whose ranks could be orders of the responses as well (--rank-encoding)"] == 1
    assert not as_orders.notes


def test_what_a_worker_template_asks_beyond_the_task_is_said(tmp_path: Path) -> None:
    job = put(tmp_path / "job", ranking_job(ROOT, "job", 1))
    dimensions = json.dumps([{"name": name, "allowTie": tie} for name, tie in DIMENSIONS])
    element = f"<crowd-text-ranking name='r' text='t' responses='[]' ordinal-ranking-dimensions='{dimensions}'>"
    template = tmp_path / "template.html"
    template.write_text(f"<crowd-form><p>Read this first.</p>{element}</crowd-text-ranking></crowd-form>", "utf-8")
    ledger = Ledger()
    read(job, ledger, task=str(template))
    assert any("Read this first" in place for place in ledger.where["jobs", BEYOND])


def test_a_line_that_cannot_be_read_is_an_error_once_all_lines_before_it_were_read(tmp_path: Path) -> None:
    files = ranking_job(ROOT, "job", 3)
    files[OUTPUT] += b"{"
    coming = job_lines(open_job_output(str(put(tmp_path / "job", files))), Ledger())
    assert [workers(next(coming)) for _ in range(3)] == [["0", "1"]] * 3
    with pytest.raises(InputError, match=r"output\.manifest:4: not JSON"):
        next(coming)
