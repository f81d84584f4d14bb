"""Datasets that several machines build a part of: whole again once they are joined, or refused by name."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from commands import refusal, snapshot
from job_files import answer, reference, write_job
from pyarrow import parquet
from roads import RANKING_TASK, done, run, write_lines

from gtbridge.plugin.outputs import batches

pytestmark = pytest.mark.server  # for the time that they take: most build a dataset or two

# Ranks that are all permutations, of which some would mean something else as orders.
RANKS = ((1, 2, 3), (2, 3, 1), (3, 1, 2), (1, 3, 2))
JOBS, PARTS = ("one", "judged.jsonl", "two"), ["part1", "part2", "part3"]
CHOICES = ("--pseudonym-key", "key", "--test-size", "0.4", "--ties", "config")


def write_jobs() -> None:
    """Two jobs, of which prompts stand in both, a file of judgements, and questions about passages."""
    Path("key").write_bytes(b"k" * 32)
    for name, count in (("one", 7), ("two", 4)):
        answers = [[answer(f"w{n}", RANKS[(index + n) % 4]) for n in range(index % 4)] for index in range(count)]
        write_job(Path(name), answers)
        write_manifest(Path(name), [{"source": f"Prompt {n % 5}?", "responses": ["a", "b", "c"]} for n in range(count)])
    judged = [{"prompt": f"Prompt {n}?", "chosen": f"yes {n}", "rejected": "no"} for n in range(5)]
    write_lines(Path("judged.jsonl"), judged)
    pairs = {"questionAnswerPairs": [{"question": "Who?", "answer": "Ann"}]}
    write_job(Path("asked"), [[{"workerId": "w", "answerContent": {"questionAnswer": pairs}}]] * 9)
    write_manifest(Path("asked"), [{"source": f"Ann came on day {n}."} for n in range(9)])


def write_manifest(job: Path, items: list[dict[str, Any]]) -> None:
    labels = [{"label": {}, "label-metadata": {"worker-response-ref": reference(n)}} for n in range(len(items))]
    write_lines(
        job / "manifests/output/output.manifest", [item | label for item, label in zip(items, labels, strict=True)]
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the jobs, the dataset ``data`` of three of them, and the three parts of it."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(batches, "_ITEMS", 2)
        write_jobs()
        done("dataset", "build", *JOBS, "-o", "data", *CHOICES, "--license", "mit")
        for number in (1, 2, 3):
            done("dataset", "build", *JOBS, "-o", f"part{number}", "--shard", f"{number}/3", *CHOICES)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def part(of: str, *jobs: str, out: str = "other", more: tuple[str, ...] = ()) -> str:
    done("dataset", "build", *jobs, "-o", out, "--shard", of, *CHOICES, *more)
    return out


def test_parts_that_are_joined_in_any_order_are_the_whole_to_the_byte(folder: Path) -> None:
    before = snapshot(Path("data"))
    said = json.loads(done("dataset", "join", "part3", "part1", "part2", "-o", "data", "--license", "mit", "--json"))
    assert snapshot(Path("data")) == before
    assert {name: sum(rows.values()) for name, rows in said["configs"].items()} == {
        name: ids(["data"], name).total() for name in said["configs"]
    }
    assert said["ledger"]["items"]["in"] == 16
    assert "whose ranks could be orders" in said["ledger"]["jobs"]["notes"][0]["reason"]
    assert json.loads(Path("data.provenance.json").read_text("utf-8"))["jobs"].keys() == {"one", "judged", "two"}


def test_a_part_may_have_no_item_at_all(folder: Path) -> None:
    write_job(Path("short"), [[answer("w")]])
    done("dataset", "build", "short", "-o", "data", *CHOICES)
    before = snapshot(Path("data"))
    parts = [part(f"{number}/2", "short", out=f"half{number}") for number in (1, 2)]
    assert set(snapshot(Path("half1"))) == {"part.json", "runs.jsonl.gz"}
    done("dataset", "join", *parts, "-o", "data")
    assert snapshot(Path("data")) == before


def test_parts_have_the_rows_of_the_whole_but_for_prompts_that_several_have(folder: Path) -> None:
    for config in ("preference-Helpfulness", "annotations", "ranking"):
        assert ids(PARTS, config) == ids(["data"], config)
    assert ids(["data"], "prompts").total() < ids(PARTS, "prompts").total()


def ids(places: list[str], config: str) -> Counter[str]:
    read: Any = parquet.read_table
    files = [file for place in places for file in Path(place, config).glob("*.parquet")]
    return Counter(row["metadata"]["id"] for file in files for row in read(file).to_pylist())


def test_a_prompt_that_two_parts_have_in_different_splits_stays_where_it_was_first(folder: Path) -> None:
    more = ("--context", "none", "--config", "sft,prompts")
    assert "whose prompt is in the other split" in done("dataset", "build", "asked", "-o", "data", *CHOICES, *more)
    before = snapshot(Path("data"))
    parts = [part(f"{number}/2", "asked", out=f"half{number}", more=more) for number in (1, 2)]
    done("dataset", "join", *parts, "-o", "data")
    assert snapshot(Path("data")) == before


def test_a_part_says_nothing_of_who_the_workers_are_nor_where_the_job_lies(folder: Path) -> None:
    write_job(Path("named"), [[answer("AMZN-WORKER-7")]])
    part("1/1", "named")
    written = b"".join(content or b"" for content in snapshot(Path("other")).values())
    for secret in (b"AMZN-WORKER-7", b"k" * 32, str(folder).encode()):
        assert secret not in written


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (PARTS[1:], "data: of 3 parts, these are missing: 1"),
        ([*PARTS, PARTS[0]], "part1: is part 1 of 3, as part1 is"),
        (["data"], "data: is no part of a dataset, as `dataset build --shard` makes them"),
        (["nowhere"], "nowhere: is no part of a dataset, as `dataset build --shard` makes them"),
    ],
)
def test_what_is_not_every_part_once_is_not_joined(folder: Path, given: list[str], message: str) -> None:
    assert refusal(folder, "dataset", "join", *given, "-o", "data") == message


def test_a_dataset_does_not_take_the_place_of_its_own_part(folder: Path) -> None:
    message = refusal(folder, "dataset", "join", *PARTS, "-o", "part2")
    assert message == "part2: is one of the parts; choose another place for the dataset"


@pytest.mark.parametrize(
    ("of", "more", "message"),
    [
        ("2/3", ("--seed", "7", "--margin", "rank"), "with other choices than part1: margin, seed"),
        ("2/3", ("--pseudonym-key", "key2"), "with another key for pseudonyms than part1"),
        ("2/4", (), "as one of another number of parts than part1"),
    ],
)
def test_parts_that_were_built_in_different_ways_are_not_joined(
    folder: Path, of: str, more: tuple[str, ...], message: str
) -> None:
    Path("key2").write_bytes(b"l" * 32)
    part(of, *JOBS, more=more)
    assert refusal(folder, "dataset", "join", "part1", "other", "-o", "data") == f"other: was built {message}"


def test_parts_of_other_jobs_or_of_a_job_that_changed_meanwhile_are_not_joined(folder: Path) -> None:
    part("2/3", "one", "two")
    message = refusal(folder, "dataset", "join", "part1", "other", "-o", "data")
    assert message == "other: was built of other jobs than part1"
    manifest = Path("two/manifests/output/output.manifest")
    manifest.write_text(manifest.read_text("utf-8").replace("Prompt 0", "Prompt zero"), "utf-8")
    part("2/3", *JOBS)
    message = refusal(folder, "dataset", "join", "part1", "other", "-o", "data")
    assert message.startswith("other: was built of another two than part1: the job changed")


@pytest.mark.parametrize("damage", ["runs.jsonl.gz", "annotations/train-00000.parquet", "part.json"])
def test_a_damaged_part_is_refused_by_name(folder: Path, damage: str) -> None:
    file = Path("part1", damage)
    if damage == "part.json":
        said = json.loads(file.read_text("utf-8"))
        del said["state"]["agreement"]
        file.write_text(json.dumps(said), "utf-8")
    else:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    message = refusal(folder, "dataset", "join", *PARTS, "-o", "data")
    assert message == "part1: is a part of a dataset that is damaged; build it again"


def test_a_part_without_an_answer_file_fails_alone(folder: Path) -> None:
    Path("one", reference(6)).unlink()
    part("1/2", "one")
    message = refusal(folder, "dataset", "build", "one", "-o", "other", "--shard", "2/2", *CHOICES)
    assert message.startswith(f"one/{reference(6)}: no such file (--allow-missing")


def test_a_label_attribute_that_no_line_has_is_missed_once_the_parts_are_joined(folder: Path) -> None:
    Path("task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    more = ("--label-attribute", "other", "--config", "annotations", "--task", "task.yaml")
    part("1/1", "one", more=more)
    message = refusal(folder, "dataset", "join", "other", "-o", "data")
    assert message == "one: no object has the label attribute other"


def test_a_share_is_one_of_so_many_and_stands_alone(folder: Path) -> None:
    for given in ("0/2", "3/2", "1", "1/0", "a/b", "1/2/3"):
        result = run("dataset", "build", "one", "-o", "part", "--shard", given)
        assert result.exit_code == 2
        assert f"{given!r} is not NUMBER/OF" in result.output
    for more in (("--license", "mit"), ("--language", "en"), ("--engine", "ray")):
        assert run("dataset", "build", "one", "-o", "part", "--shard", "1/2", *more).exit_code == 2
    assert not Path("part").exists()
