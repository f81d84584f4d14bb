"""The demo from end to end: what it prints, what it leaves, and that the two agree with each other."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import datasets
import pytest
from balances import counted, stated
from commands import (
    DEADLINE,
    all_whole,
    ends_as_interrupted,
    own_environment,
    press_ctrl_c,
    refusal,
    snapshot,
    started,
)
from demo_sample import PASSAGES, PROMPTS
from roads import output_lines, worker_file

pytestmark = pytest.mark.server
JOBS = {"demo-ranking": PROMPTS, "demo-questions": PASSAGES}
SETS = ("ranking", "questions")


@dataclass(frozen=True)
class Demo:
    """A demo that was interrupted and then run again into the same folder."""

    folder: Path
    out: Path
    printed: str
    errors: str

    def lines(self, job: str) -> list[dict[str, Any]]:
        return output_lines(self.out / "jobs" / job)

    def answers(self, job: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(object index, entry of its worker-response file)"""
        for index, line in enumerate(self.lines(job)):
            for answer in worker_file(self.out / "jobs" / job, line)["answers"]:
                yield index, answer

    def rows(self, dataset: str, config: str) -> list[dict[str, Any]]:
        folder = str(self.out / "datasets" / dataset)
        loaded = datasets.load_dataset(folder, config, cache_dir=str(self.folder / "cache"))
        return [row for split in loaded.values() for row in split]


@pytest.fixture(scope="session")  # with pytest-xdist, a module may be left and entered again
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    out = folder / "out"
    with started(folder, "demo", "--out", "out") as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("5. Building"))
        press_ctrl_c(process)
        ends_as_interrupted(process, signal.SIGINT, folder)
    assert {name.split("/")[0] for name in all_whole(out)} >= {"input", "jobs"}
    with started(folder, "demo", "--out", "out") as process:
        printed, errors = process.communicate(timeout=DEADLINE * 3)
    assert process.returncode == 0, errors
    return Demo(folder, out, printed, errors)


def test_it_prints_its_six_steps_and_no_complaint(demo: Demo) -> None:
    assert re.findall(r"^([0-9])\. ", demo.printed, re.MULTILINE) == ["1", "2", "3", "4", "5", "6"]
    assert demo.errors == ""


def test_everything_that_it_leaves_is_whole(demo: Demo) -> None:
    assert sorted(path.name for path in demo.out.iterdir()) == ["audit", "datasets", "input", "jobs"]
    assert len(all_whole(demo.out)) > 30
    assert not list((demo.folder / "tmp").iterdir())


@pytest.mark.parametrize("job", JOBS)
def test_nothing_of_the_earlier_run_is_left_in_the_outputs(demo: Demo, job: str) -> None:
    folder = demo.out / "jobs" / job
    referenced = [line["label-metadata"]["worker-response-ref"] for line in demo.lines(job)]
    assert sorted(str(path.relative_to(folder)) for path in folder.glob("annotations/**/*.json")) == sorted(referenced)


@pytest.mark.parametrize("job", JOBS)
def test_every_object_has_three_answers_by_three_simulated_workers(demo: Demo, job: str) -> None:
    lines = demo.lines(job)
    assert [line["source"] for line in lines] == [row.get("prompt", row.get("passage")) for row in JOBS[job]]
    by_object: dict[int, set[str]] = {}
    for index, answer in demo.answers(job):
        assert answer["workerId"].startswith("simulated-")
        assert answer["workerMetadata"]["identityData"]["identityProviderType"] == "Simulated"
        by_object.setdefault(index, set()).add(answer["workerId"])
    assert {index: len(workers) for index, workers in by_object.items()} == dict.fromkeys(range(len(lines)), 3)
    assert {line["label-metadata"]["human-annotated"] for line in lines} == {"no"}


def test_each_annotator_saw_the_responses_in_an_order_of_their_own(demo: Demo) -> None:
    orders: dict[int, set[tuple[int, ...]]] = {}
    for index, answer in demo.answers("demo-ranking"):
        orders.setdefault(index, set()).add(tuple(answer["gtbridge"]["responseOrder"]))
    assert max(len(seen) for seen in orders.values()) == 3


@pytest.mark.parametrize(
    ("dataset", "config"),
    [
        *(("ranking", name) for name in ("preference-Helpfulness", "preference-Clarity", "ranking")),
        *(("ranking", name) for name in ("sft-Helpfulness", "sft-Clarity", "annotations")),
        *(("questions", name) for name in ("sft", "annotations")),
    ],
)
def test_every_row_says_that_it_is_simulated(demo: Demo, dataset: str, config: str) -> None:
    rows = demo.rows(dataset, config)
    assert rows
    assert {row["metadata"]["simulated"] for row in rows} == {True}
    names = [row.get("annotator") or row["metadata"].get("annotator") for row in rows]
    names += [entry["annotator"] for row in rows if config == "ranking" for entry in row["rankings"]]
    assert all(name.startswith("simulated-") for name in names if name is not None)


@pytest.mark.parametrize("dataset", SETS)
def test_the_cards_say_that_it_is_simulated(demo: Demo, dataset: str) -> None:
    assert "simulated" in (demo.out / "datasets" / dataset / "README.md").read_text("utf-8").lower()


@pytest.mark.parametrize(("page", "job"), [("ranking", "demo-ranking"), ("questions", "demo-questions")])
def test_there_is_an_audit_of_each_job_that_says_it_is_simulated_and_has_its_numbers(
    demo: Demo, page: str, job: str
) -> None:
    text = (demo.out / "audit" / f"{page}.html").read_text("utf-8")
    assert f"   out/audit/{page}.html\n" in demo.printed
    assert f"<title>Audit of {job}</title>" in text
    assert "All answers are simulated" in text
    counted = len(list(demo.answers(job)))
    assert f'<data value="{counted}">{counted}</data>' in text


@pytest.mark.parametrize("dimension", ["Helpfulness", "Clarity"])
def test_the_preference_pairs_are_the_majority_of_the_worker_files(demo: Demo, dimension: str) -> None:
    ranks: dict[int, list[list[int]]] = {}
    for index, answer in demo.answers("demo-ranking"):
        for entry in answer["answerContent"]["textRanking"]["ordinalRankingDimensions"]:
            if entry["name"] == dimension:
                ranks.setdefault(index, []).append(entry["responseRankings"])
    expected = set()
    for index, line in enumerate(demo.lines("demo-ranking")):
        for i, j in combinations(range(len(line["responses"])), 2):
            a, b = line["responses"][i], line["responses"][j]
            for_a, for_b = (sum(r[x] < r[y] for r in ranks[index]) for x, y in ((i, j), (j, i)))
            if for_a != for_b and a.strip() != b.strip() and a.strip() and b.strip():
                best, worst = (a, b) if for_a > for_b else (b, a)
                expected.add((line["source"], best, worst, max(for_a, for_b), min(for_a, for_b)))
    found = [
        (
            *(row[key][0]["content"] for key in ("prompt", "chosen", "rejected")),
            row["metadata"]["votes_chosen"],
            row["metadata"]["votes_rejected"],
        )
        for row in demo.rows("ranking", f"preference-{dimension}")
    ]
    assert len(found) == len(expected) > 30
    assert set(found) == expected


def test_the_questions_are_those_of_the_worker_files(demo: Demo) -> None:
    lines = demo.lines("demo-questions")
    pairs = [
        (lines[index]["source"], pair["question"], pair["answer"])
        for index, answer in demo.answers("demo-questions")
        for pair in answer["answerContent"]["questionAndAnswers"]["questionAnswerPairs"]
    ]
    rows = demo.rows("questions", "sft")
    assert Counter((row["metadata"]["question"], row["completion"][0]["content"]) for row in rows) == Counter(
        pair[1:] for pair in pairs
    )
    passages = {question: passage for passage, question, _ in pairs}
    assert all(passages[row["metadata"]["question"]] in row["prompt"][0]["content"] for row in rows)


def test_the_numbers_that_it_prints_are_those_of_the_data(demo: Demo) -> None:
    for job, rows in JOBS.items():
        assert f"   {job}: {len(rows)} tasks at " in demo.printed
        assert f"   {job}: {len(list(demo.answers(job)))} answers\n" in demo.printed
    told = re.findall(r"^     ([\w-]+): ((?:\d+ (?:train|test)(?:, )?)+)$", demo.printed, re.MULTILINE)
    assert len(told) == 14
    for number, (config, counts) in enumerate(told):
        dataset = SETS[number >= 9]
        assert sum(map(int, re.findall(r"\d+", counts))) == len(demo.rows(dataset, config))


def test_each_output_was_verified_and_its_ledger_is_what_plain_json_says(demo: Demo) -> None:
    for folder in (demo.out / "jobs" / job for job in JOBS):
        assert (there := counted(folder)) == stated(folder)
        assert f"     verified: {there['items'][0]} items and {there['answers'][0]} answers as on the" in demo.printed


def test_the_commands_that_it_proposes_are_true(demo: Demo) -> None:
    [load] = re.findall(r"load_dataset\('([^']+)', '([^']+)'\)", demo.printed)
    assert datasets.load_dataset(str(demo.folder / load[0]), load[1], cache_dir=str(demo.folder / "cache"))
    for path in re.findall(r" (out/\S+\.(?:md|manifest|html))$", demo.printed, re.MULTILINE):
        assert (demo.folder / path).is_file()


def test_neither_a_secret_nor_this_machine_is_in_what_it_prints_or_leaves(demo: Demo) -> None:
    key = (Path(own_environment(demo.folder)["HOME"]) / ".config/gtbridge/pseudonym.key").read_bytes()
    kept = {name: content or b"" for name, content in snapshot(demo.out).items()}
    place = str(demo.folder).encode()
    for name, content in [*kept.items(), ("what it printed", demo.printed.encode())]:
        assert key not in content and key.hex().encode() not in content, name
        for word in (
            b"password",
            b"api_key",
            b"Token ",
            b"Bearer ",
            b"owner@localhost",
            b"@simulated.gtbridge.invalid",
        ):
            assert word not in content, name
        known = re.fullmatch(r"input/.*\.json|jobs/.*/gtbridge/request\.json|datasets/\w+\.provenance\.json", name)
        assert place not in content or known, name
    for name, content in kept.items():
        if name.startswith("datasets/"):
            for word in (b"127.0.0.1", b"s3://", b"arn:aws", b"111122223333"):
                assert word not in content, name


def test_the_requests_name_the_manifests_that_lie_beside_them(demo: Demo) -> None:
    for path in (demo.out / "input").glob("*-request.json"):
        fields = json.loads(path.read_text("utf-8"))
        assert Path(fields["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"]).parent == path.parent
        assert Path(fields["HumanTaskConfig"]["UiConfig"]["UiTemplateS3Uri"]).is_file()


@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_a_place_that_holds_something_else_is_refused_before_anything_starts(tmp_path: Path, what: str) -> None:
    place = tmp_path / "out" / "thesis.txt" if what == "a folder" else tmp_path / "out"
    place.parent.mkdir(exist_ok=True)
    place.write_text("all of it", encoding="utf-8")
    sentence = refusal(tmp_path, "demo", "--out", str(tmp_path / "out"))
    assert sentence == f"{tmp_path / 'out'}: holds something else; choose a new folder with --out"
