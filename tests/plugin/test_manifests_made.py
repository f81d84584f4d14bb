"""``manifest make``: from every kind of input, and what it reports."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from commands import refusal, snapshot
from roads import done, run, write_lines

from gtbridge.plugin.cli import cli
from gtbridge.plugin.storage import read_text, write_bytes

RECORDS = [{"prompt": f"p{number}", "responses": ["a", "b"], "id": number} for number in range(5)]
LINES = [f'{{"source":"p{number}","responses":["a","b"],"id":{number}}}' for number in range(5)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def made(*arguments: str) -> list[str]:
    return done("--quiet", "manifest", "make", *arguments, "-o", "-").splitlines()


def write_table(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(RECORDS), path)  # type: ignore[no-untyped-call]


def write_csv(path: Path) -> None:
    rows = "".join(f'p{r["id"]},"[""a"", ""b""]",{r["id"]}\n' for r in RECORDS)
    path.write_text(f"prompt,responses,id\n{rows}", encoding="utf-8")


def save_dataset(path: Path, *, splits: bool = False) -> None:
    saved = datasets.Dataset.from_list(RECORDS)
    datasets.disable_progress_bars()
    if splits:
        datasets.DatasetDict(train=saved, test=saved.select(range(2))).save_to_disk(path)
    else:
        saved.save_to_disk(path, num_shards=2)


@pytest.mark.parametrize("name", ["in.json", "in.jsonl", "in.ndjson", "in.manifest", "in.parquet"])
def test_the_same_records_give_the_same_manifest_whatever_file_they_are_in(folder: Path, name: str) -> None:
    if name == "in.json":
        Path(name).write_text(json.dumps(RECORDS, indent=2), encoding="utf-8")
    elif name == "in.parquet":
        write_table(Path(name))
    else:
        write_lines(Path(name), RECORDS)
    assert made(name) == LINES


def test_a_table_of_texts_gives_texts(folder: Path) -> None:
    write_csv(Path("in.csv"))
    assert [json.loads(line) for line in made("in.csv")] == [
        {"source": r["prompt"], "responses": r["responses"], "id": str(r["id"])} for r in RECORDS
    ]
    Path("in.tsv").write_text("prompt\tn\na\t1,2\n", encoding="utf-8")
    Path("in2.csv").write_text("prompt;n\na;1,2\n", encoding="utf-8")
    assert made("in.tsv") == made("in2.csv", "--delimiter", ";") == ['{"source":"a","n":"1,2"}']


@pytest.mark.parametrize("name", ["in.jsonl.gz", "in.parquet.gz"])
def test_a_packed_file_is_read_as_what_it_holds(folder: Path, name: str) -> None:
    plain = Path(name.removesuffix(".gz"))
    write_table(plain) if plain.suffix == ".parquet" else write_lines(plain, RECORDS)
    Path(name).write_bytes(gzip.compress(plain.read_bytes()))
    assert made(name) == LINES


def test_a_packed_file_that_is_damaged_is_refused(folder: Path) -> None:
    whole = gzip.compress(b'{"source": "a"}\n' * 100)
    for number, data in enumerate(
        (whole[:40], b"plain", whole[:-8] + b"\0" * 8, whole[:20] + b"\xff" * 9 + whole[29:])
    ):
        name = f"{number}.jsonl.gz"
        Path(name).write_bytes(data)
        assert refusal(folder, "manifest", "make", name, "-o", "out").startswith(f"{name}: cannot be unpacked: ")


def test_a_saved_dataset_is_read_from_its_folder(folder: Path) -> None:
    save_dataset(folder / "saved")
    assert made("saved") == made(f"{folder}/saved/") == LINES


def test_of_a_saved_dataset_with_splits_one_is_asked_for(folder: Path) -> None:
    save_dataset(folder / "saved", splits=True)
    assert made("saved", "--split", "test") == LINES[:2]
    say = refusal(folder, "manifest", "make", "saved", "-o", "out")
    assert say == "saved: has several splits (train, test); name one with --split"
    assert made("saved", "--split", "test+train") == LINES[:2] + LINES
    say = refusal(folder, "manifest", "make", "saved", "--split", "dev", "-o", "out")
    assert say == "saved: has no split 'dev', but train, test"


def test_a_saved_dataset_that_points_out_of_its_folder_is_refused(folder: Path) -> None:
    save_dataset(folder / "saved")
    shutil.copy("saved/data-00000-of-00002.arrow", "outside.arrow")
    state = Path("saved/state.json")
    for name in ("../outside.arrow", "..", "/etc/passwd", 3):
        state.write_text(json.dumps({"_data_files": [{"filename": name}]}), encoding="utf-8")
        say = refusal(folder, "manifest", "make", "saved", "-o", "out")
        assert say == "saved/state.json: is not as `save_to_disk` writes it"


def test_a_folder_of_data_files_is_read_as_load_dataset_reads_it(folder: Path) -> None:
    Path("data").mkdir()
    write_table(Path("data/train-0.parquet"))
    write_lines(Path("data/test-0.jsonl"), RECORDS[:1]).rename("data2")
    assert made("data") == LINES
    assert made("data", "--split", "train") == LINES
    say = refusal(folder, "manifest", "make", "data", "--split", "dev", "-o", "out")
    assert say == "data: has no split 'dev', but train"


def test_a_folder_of_texts_is_not_cut_into_lines(folder: Path) -> None:
    Path("texts").mkdir()
    Path("texts/a.txt").write_text("One\ntwo\n", encoding="utf-8")
    assert refusal(folder, "manifest", "make", "texts", "-o", "out").startswith("texts: holds texts, which `datasets` ")
    assert made("texts/a.txt") == ['{"source":"One\\ntwo"}']


def test_a_script_in_a_folder_is_not_run(folder: Path) -> None:
    Path("data").mkdir()
    Path("data/data.py").write_text("open('ran', 'w')", encoding="utf-8")
    assert refusal(folder, "manifest", "make", "data", "-o", "out").startswith("data: cannot be read as a dataset: ")


def test_standard_input_is_json_lines_unless_told_otherwise(folder: Path) -> None:
    write_table(Path("in.parquet"))
    table = Path("in.parquet").read_bytes()
    for options, data in ([], LINES[0].encode()), (["--format", "parquet"], table), (["--format", "json"], b"[{}]"):
        arguments = ["-q", "manifest", "make", "-", *options, "-o", "-"]
        result = CliRunner().invoke(cli, arguments, input=data, catch_exceptions=False)
        assert result.stdout.splitlines() == {b"[{}]": [], table: LINES}.get(data, LINES[:1])


def test_a_name_that_tells_no_format_needs_one_given(folder: Path) -> None:
    write_lines(Path("prompts"), RECORDS)
    say = refusal(folder, "manifest", "make", "prompts", "-o", "out")
    assert say == "prompts: its name tells no format; give one with --format (json, jsonl, csv, txt, parquet)"
    assert made("prompts", "--format", "jsonl") == LINES


def test_what_is_asked_of_datasets_is_refused_for_files(folder: Path) -> None:
    write_lines(Path("in.jsonl"), RECORDS)
    say = refusal(folder, "manifest", "make", "in.jsonl", "--split", "train", "-o", "out")
    assert say == "in.jsonl: is a file, which has no configurations, splits or revisions"


def test_several_inputs_make_one_manifest_and_are_counted_each(folder: Path) -> None:
    write_lines(Path("a.jsonl"), RECORDS)
    Path("b.txt").write_text("One\ntwo\n\n\nThree\n", encoding="utf-8")
    arguments = ["manifest", "make", "a.jsonl", "b.txt", "--name-column", "file", "-o", "out", "--json"]
    found = json.loads(done(*arguments))
    assert found["inputs"] == [{"input": "a.jsonl", "objects": 5}, {"input": "b.txt", "objects": 2}]
    assert (found["objects"], found["manifests"]) == (7, [{"manifest": "out", "objects": 7}])
    assert Path("out").read_text("utf-8").splitlines()[-1] == '{"source":"Three","file":"b.txt"}'


def test_what_is_dropped_is_told_and_adds_up(folder: Path) -> None:
    Path("in.txt").write_text("One\n\nTwo\n", encoding="utf-8")
    arguments = ["manifest", "make", "in.txt", "--passage", "line", "-o", "out"]
    ledger = json.loads(done(*arguments, "--json"))["ledger"]["records"]
    assert (ledger["in"], ledger["out"]) == (3, 2)
    assert ledger["dropped"] == [{"reason": "blank lines", "count": 1, "where": ["in.txt:2"]}]
    assert run(*arguments).stderr.splitlines() == [
        "out: 2 objects",
        "records: 3 in, 2 out, 1 dropped",
        "  - 1 blank lines (in.txt:2)",
    ]


def test_a_column_that_nothing_has_cannot_be_left_out(folder: Path) -> None:
    write_lines(Path("in.jsonl"), RECORDS)
    say = refusal(folder, "manifest", "make", "in.jsonl", "--drop-column", "ids", "-o", "out")
    assert say == "in.jsonl: no record has the column 'ids' to leave out"
    assert made("in.jsonl", "--drop-column", "id")[0] == '{"source":"p0","responses":["a","b"]}'


def test_an_address_on_the_hub_that_is_no_dataset_is_refused(folder: Path) -> None:
    for address in ("hf://me/pairs/train.jsonl", "hf://", "hf://me/pairs@"):
        say = refusal(folder, "manifest", "make", address, "-o", "out")
        assert say == f"{address}: a dataset on the Hub is given as hf://ORG/NAME"


@pytest.mark.parametrize("options", [["--delimiter", "ab"], ["--delimiter", '"'], ["--max-objects", "2"]])
def test_options_that_cannot_be_meant_are_wrong_usage(folder: Path, options: list[str]) -> None:
    result = run("manifest", "make", "in.csv", "-o", "-", *options)
    assert (result.exit_code, result.stdout) == (2, "")


def test_inputs_and_manifests_may_lie_in_s3(bucket: str, folder: Path) -> None:
    write_table(Path("in.parquet"))
    save_dataset(folder / "saved")
    for path, _ in snapshot(folder).items():
        if Path(path).is_file():
            write_bytes(f"{bucket}/{path}", Path(path).read_bytes())
    done("manifest", "make", f"{bucket}/in.parquet", f"{bucket}/saved", "-o", f"{bucket}/x", "--max-objects", "8")
    texts = [read_text(f"{bucket}/x-0000{number}-of-00002") for number in (1, 2)]
    assert "".join(texts).splitlines() == LINES + LINES
