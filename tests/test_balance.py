"""In = out + dropped, as each command says it, is what plain JSON says of its files; and a loss stops the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from balances import KINDS, balance, counted, write_judged
from commands import snapshot
from hypothesis import given, settings
from hypothesis import strategies as st
from job_files import answer, write_job
from job_items import TWO, ranked
from mixed_items import mixed_items
from pyarrow import parquet
from roads import ITEMS, RANKING_TASK, done, run, write_lines

from gtbridge.converters.comparison import outputs as comparison
from gtbridge.converters.comparison.matching import match_answers
from gtbridge.converters.datasets import build
from gtbridge.converters.datasets.annotation import annotation_rows
from gtbridge.converters.datasets.parquet import SplitWriter
from gtbridge.converters.formats.migrated import item_to_migrated_task
from gtbridge.converters.formats.sources import records_to_manifest
from gtbridge.converters.judgement.judge import Judged, judge
from gtbridge.converters.ledger import Ledger
from gtbridge.converters.records import Answer, Worker
from gtbridge.label_configs.errors import LedgerError
from gtbridge.plugin.label_studio.requeue import to_requeue
from gtbridge.plugin.manifests import manifests, shards
from gtbridge.plugin.migration import plan
from gtbridge.plugin.outputs import auditing, dataset_builder, job_reader
from gtbridge.plugin.outputs.job_lines import JobLines

JOBS = ("two", "one", "ask")
_further = st.lists(
    st.sampled_from(
        [
            ranked("eve", (1,), (1,), task=TWO),  # of too few responses
            replace(ranked("ann", (1, 1), (1, 1), task=TWO), comment="again"),
            Answer(Worker("fay"), status="declined", reason="no"),
            Answer(Worker("ann"), status="declined"),
        ]
    ),
    max_size=3,
)


@settings(max_examples=6)
@given(mixed_items(12), st.sampled_from(JOBS), st.lists(_further, max_size=4))
def test_every_ledger_says_what_plain_json_says_of_the_files(items: Any, job: str, more: Any) -> None:
    items = [item for item in items if item.job == job]
    if not items:
        return
    with TemporaryDirectory(prefix="gtbridge-test-") as name:
        folder = Path(name)
        output = write_judged(folder / "job", items, dict(enumerate(more)))
        there = counted(output)
        (folder / "key").write_bytes(b"k" * 32)
        _dataset_balances(folder, output, there)
        audited = json.loads(done("audit", str(output), "--json", "--worker-ids"))["ledger"]
        compared = json.loads(done("verify", str(output), str(output), "--json"))["ledgers"]
        planned = json.loads(done("migrate", str(output), "--dry-run", "--json"))["ledger"]
        for ledger in (audited, *compared.values(), planned):
            assert {kind: balance(ledger, kind) for kind in KINDS} == {
                kind: (all_, all_) for kind, (all_, _) in there.items()
            }


def _dataset_balances(folder: Path, output: Path, there: dict[str, tuple[int, int]]) -> None:
    options = ("--test-size", "0", "--config", "annotations", "--pseudonym-key", str(folder / "key"))
    if not there["answers"][0]:
        assert run("dataset", "build", str(output), "-o", str(folder / "data"), *options).exit_code == 1
        return
    said = json.loads(done("dataset", "build", str(output), "-o", str(folder / "data"), *options, "--json"))
    assert {kind: balance(said["ledger"], kind) for kind in KINDS} == there
    files = sorted((folder / "data/annotations").glob("*.parquet"))
    read: Any = parquet.read_table
    rows = [row for file in files for row in read(file).to_pylist()]
    assert len(rows) == there["answers"][0]
    assert sum(row["status"] == "valid" for row in rows) == there["answers"][1]
    assert sum(len(row["rankings"]) for row in rows) == there["dimensions"][0]
    assert sum(len(row["pairs"]) for row in rows) == there["pairs"][0]
    assert sum(len(pair["sections"]) for row in rows for pair in row["pairs"]) == there["sections"][0]


# Each takes something away where nobody else would see it.


def _without_first(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the function gives one by one, without the first."""
    return lambda *given, **more: list(function(*given, **more))[1:]


def _judged(change: Callable[[tuple[Answer, ...]], tuple[Answer, ...]]) -> Callable[..., Judged]:
    def lossy(*given: Any) -> Judged:
        judged = judge(*given)
        return replace(judged, valid=change(judged.valid))

    return lossy


def _fewer(answers: tuple[Answer, ...], part: str) -> tuple[Answer, ...]:
    return (replace(answers[0], **{part: getattr(answers[0], part)[1:]}), *answers[1:])


def _without_sections(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(
        replace(one, pairs=tuple(replace(pair, sections=pair.sections[1:]) for pair in one.pairs)) for one in answers
    )


def _fewer_matches(*given: Any) -> Any:
    found = _match(*given)
    found.pairs.pop()
    return found


def _task_without_an_annotation(*given: Any) -> Any:
    made = _migrated(*given)
    made.task["annotations"].pop()
    return made


_match, _migrated, _write = match_answers, item_to_migrated_task, SplitWriter.write
_BUILD, _AUDIT = ("dataset", "build", "job", "-o", "out", "--pseudonym-key", "key"), ("audit", "job", "-o", "out")
_VERIFY, _MIGRATE = ("verify", "job", "job"), ("migrate", "job", "--dry-run")
_MAKE = ("manifest", "make", "in.jsonl", "-o", "out")
_LOSSES: dict[str, tuple[Any, str, Any]] = {
    "line": (JobLines, "answered", _without_first(JobLines.answered)),
    "answer": (job_reader, "judge", _judged(lambda valid: valid[1:])),
    "dimension": (job_reader, "judge", _judged(lambda valid: _fewer(valid, "rankings"))),
}
_OF_ALL = [(name, command) for name in _LOSSES for command in (_BUILD, _AUDIT)]
_OF_SOME: list[tuple[tuple[Any, str, Any], tuple[str, ...], str]] = [
    (_LOSSES["line"], _VERIFY, "items"),
    (_LOSSES["line"], _MIGRATE, "items"),
    ((dataset_builder, "job_items", _without_first(job_reader.job_items)), _BUILD, "items"),
    ((auditing, "job_items", _without_first(job_reader.job_items)), _AUDIT, "items"),
    ((comparison, "_in_step", _without_first(comparison._in_step)), _VERIFY, "items"),
    ((comparison, "match_answers", _fewer_matches), _VERIFY, "answers"),
    ((plan, "job_lines", _without_first(job_reader.job_lines)), _MIGRATE, "items"),
    ((plan, "item_to_migrated_task", _task_without_an_annotation), _MIGRATE, "answers"),
    ((build, "annotation_rows", _without_first(annotation_rows)), _BUILD, "answers"),
    ((SplitWriter, "write", lambda writer, rows: _write(writer, rows[1:])), _BUILD, "rows"),
    ((manifests, "records_to_manifest", _without_first(records_to_manifest)), _MAKE, "items"),
    ((shards, "_encoded", lambda line: line.encode()), _MAKE, "items"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a job's output and what a manifest can be made of."""
    monkeypatch.chdir(tmp_path)
    write_job(tmp_path / "job", [[answer("w1"), answer("w2", (2, 1))], [answer("w1")]])
    (tmp_path / "job/gtbridge").mkdir()
    (tmp_path / "job/gtbridge/task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    (tmp_path / "key").write_bytes(b"k" * 32)
    write_lines(tmp_path / "in.jsonl", ITEMS)
    return tmp_path


def _refuses(folder: Path, command: tuple[str, ...], kind: str) -> None:
    before = snapshot(folder)
    result = run(*command)
    assert result.exit_code == 1, result.output
    sentence = result.stderr.splitlines()[-1]
    assert kind in sentence and sentence.endswith("this is a bug of gtbridge's, so the output was not written"), (
        sentence
    )
    assert snapshot(folder) == before


@pytest.mark.parametrize(("loss", "command"), _OF_ALL, ids=lambda value: value if isinstance(value, str) else value[0])
def test_what_is_lost_while_a_job_is_read_stops_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, loss: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr(*_LOSSES[loss])
    _refuses(folder, command, "items" if loss == "line" else f"{loss}s")


@pytest.mark.parametrize(
    ("loss", "command", "kind"), _OF_SOME, ids=[f"{command[0]}-{loss[1]}" for loss, command, _ in _OF_SOME]
)
def test_what_is_lost_on_the_way_stops_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, loss: tuple[Any, str, Any], command: tuple[str, ...], kind: str
) -> None:
    monkeypatch.setattr(*loss)
    _refuses(folder, command, kind)


@pytest.mark.parametrize("part", ["pairs", "sections"])
def test_a_pair_or_a_section_that_is_lost_stops_the_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    pair = {"question": "Who?", "answer": "Ann", "textReferences": [{"startOffset": 0, "endOffset": 3, "text": "Ann"}]}
    content = {"questionAndAnswers": {"questionAnswerPairs": [pair, {**pair, "question": "Who now?"}]}}
    write_job(folder / "asked", [[{"workerId": "w", "answerContent": content}]], {"source": "Ann came."})
    lossy = _judged(_without_sections if part == "sections" else lambda valid: _fewer(valid, "pairs"))
    monkeypatch.setattr(job_reader, "judge", lossy)
    _refuses(folder, ("dataset", "build", "asked", "-o", "out", "--pseudonym-key", "key"), part)


def test_an_invalid_answer_that_is_neither_sent_back_nor_left_stops_the_requeue() -> None:
    judged = Judged(invalid=((ranked("eve", (1,)), ("Help: 1 rank for 2 responses",)),))
    job: Any = None
    answers: Any = [SimpleNamespace(judged=lambda job: judged, stored=())]
    with pytest.raises(LedgerError, match="1 invalid answers were there, and 0 are left"):
        to_requeue(job, answers, Ledger())
