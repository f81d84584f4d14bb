"""gtbridge audit on job outputs: what it prints and writes, whom it names, and what it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from audit_numbers import audit_numbers
from audit_page import parsed, rows, text
from audited import audited, simulated_job
from commands import refusal, snapshot
from ground_truth_jobs import manifest, put, worker_answer
from ground_truth_jobs import ranking_job as ground_truth_job
from job_files import answer, write_job
from job_items import ASK, asked, job_item, ranking_job
from roads import done, run
from strategies import make_item

from gtbridge.plugin.storage import read_bytes

pytestmark = pytest.mark.xdist_group("matplotlib")  # which takes a worker seconds to import

OBJECTS = 12


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The output of a Ground Truth job with three workers."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path.parent / f"{tmp_path.name}-config"))
    monkeypatch.chdir(tmp_path)
    return a_job(tmp_path, "a-job", OBJECTS)


def a_job(folder: Path, name: str, objects: int) -> str:
    files = ground_truth_job("s3://bucket", name, objects, workers=3)
    lines = files["manifests/output/output.manifest"].replace(f"s3://bucket/{name}/".encode(), b"")
    return put(folder / name, {**files, "manifests/output/output.manifest": lines})


def numbers(*arguments: str) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(done("audit", *arguments, "--json"))
    return printed


def shape(value: Any) -> Any:
    """Keys and kinds of values; of a list the first entry, of figures and missing ones nothing more."""
    if isinstance(value, dict):
        return "a figure" if "low" in value else {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(entry) for entry in value[:1]]
    return "a number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def test_the_numbers_that_tests_make_up_have_the_shape_of_real_ones() -> None:
    passage = "A passage."
    pairs = asked("w", passage, ("Who?", "A"))
    shown = simulated_job(lambda *_: [[1, 2, 2, 3]], items=5)
    real = audited([*ranking_job(3), *shown, job_item(make_item(0, passage), pairs, task=ASK)])
    made = audit_numbers(("Help",), questions=True)
    assert set(made) == set(real)
    for part in ("jobs", "dimensions", "annotators"):
        own, of_it = made[part][0], real[part][0]
        assert set(own) == set(of_it)
        by_name = ("ties", "agreement") if part == "annotators" else ()
        for key in own:
            if key not in by_name and None not in (own[key], of_it[key]):
                assert shape(own[key]) == shape(of_it[key]), key
    for part in ("answers", "questions"):
        assert set(made[part]) == set(real[part])
        for key, value in real[part].items():
            if isinstance(value, dict):
                assert set(made[part][key]) == set(value), key


def test_the_numbers_are_those_of_the_answers(job: str) -> None:
    found = numbers(job)
    assert [dimension["name"] for dimension in found["dimensions"]] == ["Helpfulness", "Clarity"]
    [counted] = found["jobs"]
    assert (counted["name"], counted["items"], counted["answers"]) == ("a-job", OBJECTS, 3 * OBJECTS)
    assert found["ledger"]["items"]["in"] == found["ledger"]["items"]["out"] == OBJECTS


def test_the_page_has_the_numbers_that_json_prints(job: str) -> None:
    printed = numbers(job, "-o", "report.html")
    page = parsed(Path("report.html").read_bytes())
    for dimension in printed["dimensions"]:
        [row] = [
            row
            for section in page.iter("section")
            if section.attrib["aria-labelledby"].startswith("dimension-") and dimension["name"] in text(section)
            for row in rows(section)
            if text(row[0]) == "tau_b"
        ]
        assert row[1].find(f"data[@value='{dimension['tau_b']['value']}']") is not None
    assert done("audit", job, "-o", "again.html")
    assert Path("again.html").read_bytes() == Path("report.html").read_bytes()


def test_without_a_file_the_most_important_is_printed(job: str) -> None:
    alpha = {one["name"]: one["alpha_pair_verdicts"] for one in numbers(job)["dimensions"]}
    printed = done("audit", job)
    assert f"a-job: {OBJECTS} of {OBJECTS} items answered, {3 * OBJECTS} answers by 3 annotators" in printed
    for name, figure in alpha.items():
        [line] = [line for line in printed.splitlines() if line.startswith(name)]
        assert line.split()[1:5] == [f"{figure[key]:.2f}" if key else "to" for key in ("value", "low", "", "high")]
    assert "12 items have an answer: figures and intervals are rough." in printed
    assert list(Path().glob("*.html")) == []


def test_the_page_on_standard_output_is_alone_there(job: str) -> None:
    assert done("audit", job, "-o", "-").startswith("<!doctype html>")


def test_annotators_have_pseudonyms_unless_their_ids_are_asked_for(job: str) -> None:
    Path("key").write_bytes(b"k" * 32)
    plain, named = numbers(job, "--pseudonym-key", "key"), numbers(job, "--worker-ids")
    ids = {f"private.us-east-1.{worker:016x}" for worker in range(3)}
    assert {one["name"] for one in named["annotators"]} == ids
    assert all(re.fullmatch("annotator-[0-9a-f]{12}", one["name"]) for one in plain["annotators"])
    page = done("audit", job, "-o", "-", "--pseudonym-key", "key")
    assert not [worker for worker in ids if worker in page]
    assert numbers(job, "--pseudonym-key", "key") == plain


def test_the_limit_of_reading_is_what_was_asked_for(job: str) -> None:
    usual, slow = (numbers(job, *more)["answers"]["too_fast"] for more in ((), ("--words-per-minute", "1")))
    assert (usual["words_per_minute"], usual["answers"]) == (1000, 0)
    assert (slow["words_per_minute"], slow["answers"]) == (1, 3 * OBJECTS)


def test_several_jobs_are_looked_at_together(tmp_path: Path, job: str) -> None:
    other = a_job(tmp_path, "other", 4)
    found = numbers(job, other)
    assert [one["name"] for one in found["jobs"]] == ["a-job", "other"]
    assert found["dimensions"][0]["items"] == OBJECTS + 4


def test_two_jobs_of_one_name_are_refused(tmp_path: Path, job: str) -> None:
    second = a_job(tmp_path / "elsewhere", "a-job", 2)
    sentence = refusal(tmp_path, "audit", job, second, "-o", str(tmp_path / "x.html"))
    assert sentence == (
        f"{second}/manifests/output/output.manifest: two jobs are called 'a-job'; nothing could tell them apart"
    )


def test_what_is_missing_stops_it_or_is_named_on_the_page(tmp_path: Path, job: str) -> None:
    next((tmp_path / "a-job").glob("annotations/**/*.json")).unlink()
    assert "--allow-missing goes on without it" in refusal(tmp_path, "audit", job, "-o", str(tmp_path / "x.html"))
    printed = done("audit", job, "--allow-missing", "-o", "x.html")
    remark = text(next(iter(parsed(Path("x.html").read_bytes()).iter("header"))))
    said = "1 whose answers are missing or damaged"
    assert said in printed and said in remark


def test_a_place_that_cannot_be_written_gets_nothing(tmp_path: Path, job: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert refusal(tmp_path, "audit", job, "-o", str(tmp_path / "file" / "x.html"))


def test_an_older_page_is_replaced_whole(tmp_path: Path, job: str) -> None:
    Path("x.html").write_text("x" * 10**6, encoding="utf-8")
    before = snapshot(tmp_path)
    done("audit", job, "-o", "x.html")
    after = snapshot(tmp_path)
    assert set(after) == set(before)
    assert (after["x.html"] or b"").rstrip().endswith(b"</html>")
    assert b"xxx" not in (after["x.html"] or b"")


def test_one_annotator_and_one_item_are_enough_for_a_page(tmp_path: Path, job: str) -> None:
    output = write_job(tmp_path / "small", [[answer("only")]])
    printed = done("audit", str(output), "-o", "small.html")
    assert "there is one annotator" in printed
    assert parsed(Path("small.html").read_bytes())


def test_a_job_without_any_answer_gets_a_page_that_says_so(tmp_path: Path, job: str) -> None:
    Path("task.yaml").write_text("task: text-ranking\ndimensions: [{name: Help, allow_tie: true}]\n", encoding="utf-8")
    lines = manifest([{"source": "Why?", "responses": ["a", "b"]}])
    put(tmp_path / "empty", {"manifests/output/output.manifest": lines})
    printed = done("audit", "empty", "--task", "task.yaml", "-o", "empty.html")
    assert "empty: 0 of 1 item answered, no answers by no annotators" in printed
    assert "No item has an answer" in text(parsed(Path("empty.html").read_bytes()))


def test_names_from_a_job_are_text_on_the_page(tmp_path: Path, job: str) -> None:
    name = "<img src=x onerror=alert(1)> $\\frac$"
    entry = worker_answer(1, {"textRanking": {"ordinalRankingDimensions": [
        {"name": name, "allowTie": True, "responseRankings": [1, 2]}]}})  # fmt: skip
    page = parsed(done("audit", str(write_job(tmp_path / "<b>job", [[entry]])), "-o", "-").encode())
    assert not list(page.iter("img")) and not list(page.iter("b"))
    assert f"Dimension {name}" in [text(heading) for heading in page.iter("h2")]


@pytest.mark.parametrize(
    "arguments",
    [["audit"], ["audit", "x", "--words-per-minute", "0"], ["audit", "x", "-o", "-", "--json"],
     ["audit", "x", "--worker-ids", "--pseudonym-key", "key"]],
    ids=" ".join,
)  # fmt: skip
def test_what_makes_no_sense_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_numbers_alone_do_not_need_matplotlib(job: str) -> None:
    program = (
        "import sys; from gtbridge.plugin.cli import cli; cli(sys.argv[1:], standalone_mode=False);"
        "print([name for name in ('matplotlib', 'PIL') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "audit", job, "--json"], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"


def test_the_page_can_go_to_s3(job: str, bucket: str) -> None:
    done("audit", job, "-o", f"{bucket}/report.html")
    assert read_bytes(f"{bucket}/report.html").startswith(b"<!doctype html>")
