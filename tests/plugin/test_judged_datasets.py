"""Datasets of judgements wherever a job's output is taken: files and folders of them, and what tells them from jobs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import refusal
from job_files import answer, write_job
from roads import done, run, write_lines

from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.outputs.job_reader import JobOutputOptions, job_items, open_job_output
from gtbridge.plugin.outputs.judged_datasets import dataset_name

SAMPLES = Path(__file__).parents[1] / "data" / "judged"
PAIRS = [{"prompt": f"p{n}", "chosen": f"good {n}", "rejected": f"bad {n}", "id": n} for n in range(3)]
NECTAR = {
    "prompt": "p",
    "answers": [{"answer": "a", "model": "m", "rank": 1}, {"answer": "b", "model": "n", "rank": 2}],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path.parent / f"{tmp_path.name}-config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def preferences(*outputs: str, out: str = "data") -> list[tuple[str, str, str]]:
    """(prompt, chosen, rejected) of the preferences that are built."""
    done("dataset", "build", *outputs, "-o", out, "--config", "preference", "--test-size", "0")
    [file] = Path(out, "preference").iterdir()
    rows = pq.read_table(file).to_pylist()  # type: ignore[no-untyped-call]
    return [tuple(row[key][-1]["content"] for key in ("prompt", "chosen", "rejected")) for row in rows]


def expected(rows: Sequence[dict[str, Any]] = PAIRS) -> list[tuple[str, str, str]]:
    return [(row["prompt"], row["chosen"], row["rejected"]) for row in rows]


def write_table(path: Path, rows: Sequence[dict[str, Any]] = PAIRS) -> None:
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), path)  # type: ignore[no-untyped-call]


# Where a dataset may be


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.json", "pairs.parquet", "pairs.csv", "pairs.manifest"])
def test_a_file_of_preferences_is_built_into_the_same_preferences(folder: Path, name: str) -> None:
    path = folder / name
    match path.suffix:
        case ".parquet":
            write_table(path)
        case ".json":
            path.write_text(json.dumps(PAIRS), encoding="utf-8")
        case ".csv":
            lines = [",".join(map(str, row.values())) for row in PAIRS]
            path.write_text("\n".join([",".join(PAIRS[0]), *lines]), encoding="utf-8")
        case _:
            write_lines(path, PAIRS)
    assert preferences(name) == expected()


def test_folders_of_tables_and_saved_datasets_are_read_by_split(folder: Path) -> None:
    write_table(folder / "tables" / "train-0.parquet", PAIRS[:2])
    write_table(folder / "tables" / "test-0.parquet", PAIRS[2:])
    datasets.disable_progress_bars()
    saved = datasets.DatasetDict(
        train=datasets.Dataset.from_list(PAIRS[:2]), test=datasets.Dataset.from_list(PAIRS[2:])
    )
    saved.save_to_disk("saved")
    datasets.Dataset.from_list(PAIRS).save_to_disk("alone")
    assert preferences("alone") == expected()
    for place in ("tables", "saved"):
        with_split = JobOutputOptions(selection=open_selection("test"))
        assert [item.item.text for item in job_items(open_job_output(place, with_split), Ledger())] == ["p2"]
        both = JobOutputOptions(selection=open_selection("train+test"))
        assert [item.item.text for item in job_items(open_job_output(place, both), Ledger())] == ["p0", "p1", "p2"]
        say = refusal(folder, "verify", place, place)
        assert "has several splits (" in say


def open_selection(split: str) -> Any:
    from gtbridge.plugin.manifests.hub_datasets import Selection

    return Selection(split=split)


def test_what_gtbridge_built_is_continued_config_by_config(folder: Path) -> None:
    write_lines(folder / "pairs.jsonl", PAIRS)
    done("dataset", "build", "pairs.jsonl", "-o", "one", "--test-size", "0.5", "--seed", "2")
    for config in ("annotations", "ranking", "preference"):
        done(
            "dataset", "build", "one", "--hub-config", config, "--split", "train+test", "-o", config, "--test-size", "0"
        )
        rows = datasets.load_dataset("parquet", data_files=f"{config}/preference/*.parquet", split="train").to_list()
        told = [tuple(row[key][-1]["content"] for key in ("prompt", "chosen", "rejected")) for row in rows]
        assert sorted(told) == expected()
        assert {row["metadata"]["n_annotators"] for row in rows} == {1}


def test_datasets_and_jobs_are_built_together_and_named_after_their_places(folder: Path) -> None:
    write_lines(folder / "pairs.v1.jsonl", PAIRS)
    write_job(folder / "job", [[answer("w1")]])
    done("dataset", "build", "pairs.v1.jsonl", "job", "-o", "data", "--config", "annotations", "--test-size", "0")
    rows = datasets.load_dataset("parquet", data_files="data/annotations/*.parquet", split="train")
    assert sorted(rows["item"]) == ["job/0", "pairs.v1/0", "pairs.v1/1", "pairs.v1/2"]
    say = json.loads(Path("data.provenance.json").read_text("utf-8"))
    assert say["jobs"]["pairs.v1"] == str(folder / "pairs.v1.jsonl")


@pytest.mark.parametrize("shape", ["nectar", "ultrafeedback", "squad"])
def test_every_shape_goes_the_whole_road_and_back(folder: Path, shape: str) -> None:
    path = str(SAMPLES / shape / "rows.jsonl")
    done("dataset", "build", path, "-o", "data", "--test-size", "0")
    done("dataset", "build", "data", "--hub-config", "annotations", "-o", "again", "--test-size", "0")
    assert row_counts("again") == row_counts("data") != {}


def row_counts(dataset: str) -> dict[str, int]:
    return {path.parent.name: pq.ParquetFile(path).metadata.num_rows for path in Path(dataset).rglob("*.parquet")}  # type: ignore[no-untyped-call]


def test_the_task_is_told_by_the_answers_or_given(folder: Path) -> None:
    told = open_job_output(str(SAMPLES / "ultrafeedback" / "rows.jsonl")).definition
    assert [(d.name, d.allow_tie) for d in told.dimensions] == [("helpfulness", True), ("honesty", True)]  # type: ignore[union-attr]
    (folder / "task.yaml").write_text("task: text-ranking\ndimensions: [{name: honesty, allow_tie: true}]\n", "utf-8")
    given = open_job_output(str(SAMPLES / "ultrafeedback" / "rows.jsonl"), JobOutputOptions(task="task.yaml"))
    [first, _] = job_items(given, Ledger())
    assert [broken for _, broken in first.judged.invalid] == [("helpfulness: is not a dimension of this task",)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("hf://me/set", "me/set"),
        ("hf://datasets/me/set@v1", "me/set"),
        ("a/pairs.v1.jsonl.gz", "pairs.v1"),
        ("a/Set.PARQUET", "Set"),
        ("a/data.v2/", "data.v2"),
        ("s3://bucket/a/pairs.jsonl", "pairs"),
    ],
)
def test_a_dataset_is_called_as_its_place_is(path: str, name: str) -> None:
    assert dataset_name(path) == name


# What tells a dataset from a job


def test_a_job_is_a_job_whatever_its_fields_are_called(folder: Path) -> None:
    fields = {"prompt": "p", "chosen": "a", "rejected": "b"}
    lines = [{"source": "s", "responses": ["x", "y"], **fields, "label": {}, "label-metadata": {"job-name": "j"}}]
    write_lines(folder / "out.jsonl", lines)
    write_lines(folder / "without-labels.jsonl", [{"source": "s", **fields}])
    assert open_job_output("out.jsonl").has_manifest
    write_job(folder / "job", [[answer("w1")]])
    write_table(folder / "job" / "notes.parquet")
    assert open_job_output("job").has_manifest
    assert not open_job_output("without-labels.jsonl").has_manifest  # its prompt stands in a column of its own


def test_a_folder_without_a_manifest_or_a_dataset_is_still_told_to_have_no_manifest(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "broken" / "annotations").mkdir(parents=True)
    (folder / "broken" / "annotations" / "0.json").write_text("{}", "utf-8")
    for place in ("empty", "broken"):
        say = refusal(folder, "dataset", "build", place, "-o", "data")
        assert say == f"{place}/manifests/output/output.manifest: no output manifest is here"


def test_what_is_no_dataset_of_judgements_is_told_with_its_columns(folder: Path) -> None:
    write_table(folder / "t.parquet", [{"text": "t", "label": 1}])
    say = refusal(folder, "dataset", "build", "t.parquet", "-o", "data")
    assert say.startswith("t.parquet: its columns (text, label) are those of no dataset of judgements that is known (")
    write_table(folder / "none.parquet", PAIRS)
    shutil.copy("none.parquet", "none2.parquet")
    pq.write_table(pq.read_table("none2.parquet").slice(0, 0), "none2.parquet")  # type: ignore[no-untyped-call]
    assert refusal(folder, "dataset", "build", "none2.parquet", "-o", "data") == "none2.parquet: holds no records"


def test_a_shape_is_chosen_where_several_fit_and_only_for_datasets(folder: Path) -> None:
    write_lines(folder / "both.jsonl", [{**NECTAR, **PAIRS[0], **NECTAR}])
    say = refusal(folder, "dataset", "build", "both.jsonl", "-o", "data")
    assert say == "both.jsonl:1: $: could be preference or nectar; say which with --dataset-shape"
    for shape, responses in (("nectar", {"a", "b"}), ("preference", {"good 0", "bad 0"})):
        [item] = job_items(open_job_output("both.jsonl", JobOutputOptions(shape=shape)), Ledger())  # type: ignore[arg-type]
        assert set(item.item.responses or ()) == responses
    write_job(folder / "job", [[answer("w1")]])
    assert open_job_output("job", JobOutputOptions(shape="nectar")).has_manifest


def test_an_error_in_a_dataset_names_file_row_and_column(folder: Path) -> None:
    write_lines(folder / "n.jsonl", [NECTAR, {**NECTAR, "answers": [{"answer": "a", "rank": True}]}])
    say = refusal(folder, "dataset", "build", "n.jsonl", "-o", "data")
    assert say == "n.jsonl:2: $.answers[0].rank: expected a rank, 1 or more, found True"


def test_what_is_left_out_of_a_dataset_is_in_the_ledger_of_what_is_built(folder: Path) -> None:
    told = json.loads(done("dataset", "build", str(SAMPLES / "squad" / "rows.jsonl"), "-o", "data", "--json"))
    records = told["ledger"]["records"]
    assert (records["in"], records["out"]) == (5, 4)
    assert records["dropped"][0]["reason"] == "questions that have no answer"


def test_a_dataset_says_the_same_as_itself_in_another_file(folder: Path) -> None:
    write_lines(folder / "a.jsonl", PAIRS)
    write_table(folder / "a" / "train.parquet")
    assert "no differences" in done("verify", "a.jsonl", "a")
    (folder / "other").mkdir()
    write_lines(folder / "other" / "a.jsonl", [{**PAIRS[0], "chosen": "bad 0", "rejected": "good 0"}, *PAIRS[1:]])
    result = run("verify", "a.jsonl", "other/a.jsonl", "--json")
    differences = json.loads(result.stdout)["differences"]
    assert (result.exit_code, differences["count"], set(differences["kinds"])) == (1, 1, {"ranking"})


def test_an_audit_takes_a_dataset(folder: Path) -> None:
    numbers = json.loads(done("audit", str(SAMPLES / "ultrafeedback" / "rows.jsonl"), "--json"))
    assert [dimension["name"] for dimension in numbers["dimensions"]] == ["helpfulness", "honesty"]


def test_a_broken_dataset_is_told_when_it_is_opened(folder: Path) -> None:
    with pytest.raises(InputError):
        open_job_output(str(SAMPLES / "nectar" / "rows.jsonl"), JobOutputOptions(shape="squad"))
