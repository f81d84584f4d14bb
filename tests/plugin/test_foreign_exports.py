"""JSON exports of Label Studio as job outputs: recognised, read with all annotators, refused where they lack some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import refusal
from foreign_exports import PAIRWISE, annotation, config_file, selected, task, write_json
from foreign_templates import TEMPLATES, first_answer
from roads import RANKING_TASK, done, ranked

from gtbridge.converters.formats.job_output import AnsweredLine
from gtbridge.converters.formats.label_studio_tasks import item_to_task_data
from gtbridge.converters.formats.manifest import item_from_line
from gtbridge.converters.ledger import Ledger
from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.label_configs.errors import GtbridgeError, InputError
from gtbridge.plugin.outputs.job_reader import JobOutput, JobOutputOptions, job_items, job_lines, open_job_output

LEFT, RIGHT = selected("left"), selected("right")
TWO = task(12, [annotation(3, 5, LEFT), annotation(4, 6, RIGHT)])


def opened(folder: Path, tasks: Any, **options: Any) -> JobOutput:
    """The output that an export of these tasks is."""
    path = write_json(folder / "project-7-at-2026-11-22.json", tasks)
    return open_job_output(str(path), JobOutputOptions(task=config_file(folder), **options))


def lines(folder: Path, tasks: Any, **options: Any) -> list[AnsweredLine]:
    return list(job_lines(opened(folder, tasks, **options), Ledger()))


def refused(folder: Path, tasks: Any, **options: Any) -> str:
    with pytest.raises(GtbridgeError) as error:
        lines(folder, tasks, **options)
    return str(error.value).removeprefix(f"{folder}/")


def test_an_export_is_read_with_all_its_annotators(tmp_path: Path) -> None:
    output = opened(tmp_path, [TWO])
    (line,) = job_lines(output, Ledger())
    assert (output.name, line.line.item.index, line.line.item.text) == ("project-7", 12, "What is rain?")
    assert line.line.item.responses == ("Water that falls.", "A kind of weather, wet.")
    assert [answer.worker.id for answer in line.answers] == ["label-studio-5", "label-studio-6"]
    assert [answer.rankings[0].ranks for answer in line.answers] == [(1, 2), (2, 1)]


def test_an_account_is_known_by_its_number_alone_whether_the_export_tells_its_address_or_not(tmp_path: Path) -> None:
    ann = {"id": 5, "email": "ann@example.com", "first_name": "Ann"}
    (line,) = lines(tmp_path, [task(1, [annotation(1, ann, LEFT), annotation(2, 6, LEFT)])])
    identities = [answer.worker.identity for answer in line.answers]
    assert identities == [{"identityProviderType": "LabelStudio", "sub": number} for number in "56"]
    assert "ann@" not in json.dumps([answer.raw for answer in line.answers])


def test_accounts_that_are_gone_are_different_people(tmp_path: Path) -> None:
    gone = [annotation(1, None, LEFT), annotation(2, {"email": "x"}, LEFT), annotation(3, "ann@example.com", LEFT)]
    (line,) = lines(tmp_path, [task(1, gone)])
    assert [answer.worker.id for answer in line.answers] == [f"label-studio-unknown-{n}" for n in (1, 2, 3)]


def test_a_simulated_annotator_stays_marked_as_one(tmp_path: Path) -> None:
    robot = {"id": 5, "email": "annotator-1@simulated.gtbridge.invalid"}
    (line,) = lines(tmp_path, [task(1, [annotation(1, robot, LEFT)])])
    assert line.answers[0].worker.id == "simulated-5"
    assert line.answers[0].worker.simulated


def test_tasks_come_in_the_order_of_their_numbers_and_each_once(tmp_path: Path) -> None:
    earlier = task(2, [annotation(1, 5, RIGHT)], {**PAIRWISE.data, "prompt": "Old?"})
    later = task(2, [annotation(9, 6, LEFT), annotation(1, 5, LEFT, updated_at="2026-11-22T11:00:00Z")])
    found = lines(tmp_path, [task(30, []), later, task(4, []), earlier])
    assert [line.line.item.index for line in found] == [2, 4, 30]
    assert found[0].line.item.text == "What is rain?"
    assert [(answer.worker.id[-1], answer.rankings[0].ranks) for answer in found[0].answers] == [
        ("5", (1, 2)),
        ("6", (1, 2)),
    ]


def test_what_is_no_answer_is_counted_by_name(tmp_path: Path) -> None:
    skipped = annotation(1, 5, [], was_cancelled=True)
    drafts, predictions = [{"id": 8, "annotation": None}, 9], [{"id": 4}]
    ledger = Ledger()
    output = opened(tmp_path, [task(1, [skipped, annotation(2, 6, LEFT)], drafts=drafts, predictions=predictions)])
    (item,) = job_items(output, ledger)
    ledger.check()
    assert [answer.worker.id for answer in item.judged.declined] == ["label-studio-5"]
    assert [answer.worker.id for answer in item.judged.valid] == ["label-studio-6"]
    assert ledger.drops == {("drafts", "that are no answers"): 2, ("predictions", "that are no answers"): 1}
    assert ledger.where["drafts", "that are no answers"] == ["project-7, task 1: 8", "project-7, task 1: 9"]


def test_rankers_that_nobody_touched_and_controls_that_are_not_read_are_noted(tmp_path: Path) -> None:
    chairs = next(template for template in TEMPLATES if template.name == "visual-ranker")
    config = Path(config_file(tmp_path, chairs))
    head, _, _ = config.read_text("utf-8").rpartition("</View>")
    config.write_text(f'{head}<DateTime name="when" toName="prompt"/></View>', encoding="utf-8")
    untouched = {
        "from_name": "rank",
        "type": "ranker",
        "value": {"ranker": {"rank": ["chair_1", "chair_2", "chair_3"]}},
    }
    path = write_json(tmp_path / "export.json", [task(1, [annotation(1, 5, [untouched])], chairs.data)])
    options = JobOutputOptions(task=str(config), mapping=chairs.needs)
    ledger = Ledger()
    list(job_lines(open_job_output(str(path), options), ledger))
    noted = {note: ledger.where[kind, note] for kind, note in ledger.notes}
    assert noted["that are what the screen holds before anybody touches it"] == ["project-7/1"]
    (remark,) = noted["with controls that are not read"]
    assert "when" in remark


def test_a_file_without_a_project_is_called_by_its_name(tmp_path: Path) -> None:
    given = annotation(1, 5, LEFT)
    del given["project"]
    one = task(1, [given])
    del one["project"]
    assert opened(tmp_path, [one]).name == "project-7-at-2026-11-22"


def test_a_byte_order_mark_before_an_export_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text("\ufeff" + json.dumps([TWO]), encoding="utf-8")
    output = open_job_output(str(path), JobOutputOptions(task=config_file(tmp_path)))
    assert len(list(job_lines(output, Ledger()))) == 1


def test_who_says_that_a_file_is_a_dataset_is_believed(tmp_path: Path) -> None:
    path = write_json(tmp_path / "export.json", [TWO])
    with pytest.raises(InputError, match=r"\$\[0\]"):
        list(job_lines(open_job_output(str(path), JobOutputOptions(shape="preference")), Ledger()))


def test_a_ranking_of_some_responses_counts_where_the_screen_allowed_it(tmp_path: Path) -> None:
    """Of a project of gtbridge's own it would have been refused."""
    ranker = TEMPLATES[0]
    given = annotation(1, 5, first_answer(ranker))
    path = write_json(tmp_path / "export.json", [task(1, [given], ranker.data)])
    options = JobOutputOptions(task=config_file(tmp_path, ranker), mapping=ranker.needs)
    (item,) = job_items(open_job_output(str(path), options), Ledger())
    assert [answer.rankings[0].ranks for answer in item.judged.valid] == [(1, 3, 2, None)]

    data = {"prompt": "Why?", "responses": ["a", "b", "c"]}
    own = ranked({"responses": [{"id": "r0"}, {"id": "r1"}]}, [1, 2], [1, 2, 3])
    path = write_json(tmp_path / "own.json", [task(1, [annotation(1, 5, own)], data)])
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    (item,) = job_items(open_job_output(str(path), JobOutputOptions(task=str(tmp_path / "task.yaml"))), Ledger())
    assert len(item.judged.invalid) == 1


def test_an_export_needs_its_labeling_config(tmp_path: Path) -> None:
    write_json(tmp_path / "export.json", [TWO])
    said = refusal(tmp_path, "audit", str(tmp_path / "export.json"), "-o", str(tmp_path / "report.html"))
    assert said == (
        f"{tmp_path}/export.json: a Label Studio export does not hold its labeling config; save that as a file "
        "(in Label Studio: Settings, Labeling Interface, Code) and give it with --task FILE.xml"
    )


def test_what_the_config_leaves_open_is_asked_for_all_at_once(tmp_path: Path) -> None:
    ranker = TEMPLATES[0]
    path = write_json(tmp_path / "export.json", [task(1, [], ranker.data)])
    with pytest.raises(InputError) as error:
        open_job_output(str(path), JobOutputOptions(task=config_file(tmp_path, ranker)))
    for needed in ranker.needs:
        assert f"--map {needed.partition('=')[0]}=" in str(error.value)


@pytest.mark.parametrize("name", ["JSON_MIN", "CSV", "TSV"])
def test_exports_that_leave_something_out_are_refused_by_name(name: str, tmp_path: Path) -> None:
    flat = {**PAIRWISE.data, "id": 1, "comparison": "left", "annotator": 5, "annotation_id": 2}
    flat |= {"created_at": "t", "updated_at": "t", "lead_time": 1.5}
    delimiter = "\t" if name == "TSV" else ","
    table = "\n".join(delimiter.join(f'"{text}"' for text in row) for row in (flat, flat.values()))
    text = json.dumps([flat]) if name == "JSON_MIN" else f"{table}\n"
    path = tmp_path / f"export.{name.lower()}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"is Label Studio's {name} export, which lacks .*export it as JSON instead"):
        open_job_output(str(path))


def test_what_is_wrong_in_an_export_is_named_with_its_place(tmp_path: Path) -> None:
    name = "project-7-at-2026-11-22.json"
    assert refused(tmp_path, [TWO, {"prompt": "x"}]) == (
        f"{name}: $[1]: is no task with its annotations, as Label Studio exports them"
    )
    nameless = {key: value for key, value in TWO.items() if key != "id"}
    assert refused(tmp_path, [nameless]).startswith(f"{name}: $[0]: has no id")
    assert refused(tmp_path, [TWO, task(13, [], project=8)]) == (
        f"{name}: $[1]: is of project 8, others here of project 7; read them one by one"
    )
    assert "task 12" in refused(tmp_path, [{**TWO, "data": {"prompt": "What is rain?", "answer1": "Water."}}])


def test_another_labeling_config_serves_as_the_task_of_any_output(tmp_path: Path) -> None:
    record = {"prompt": "p", "responses": ["a", "b"], "ranks": [1, 2]}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    output = open_job_output(str(path), JobOutputOptions(task=config_file(tmp_path)))
    assert [dimension.name for dimension in output.definition.dimensions] == ["comparison"]  # type: ignore[union-attr]


def test_projects_of_gtbridges_own_are_read_by_their_definition(tmp_path: Path) -> None:
    """A labeling job numbers its objects; of a project made by hand a task's own number serves."""
    definition = definition_from_text(RANKING_TASK, "task.yaml")
    item = item_from_line("", {"source": "Why?", "responses": ["a", "b"]}, 1, "")
    data = item_to_task_data(item, definition, (1, 0))
    answer = annotation(5, 9, ranked(data, [1, 2], [2, 1]))
    by_hand = {key: value for key, value in data.items() if key != "object_index"}
    again = annotation(6, 9, ranked(data, [2, 2], [2, 1]), was_cancelled=True, last_action="rejected")
    meta = {"gtbridge_set_aside": [again]}
    tasks = [task(40, [answer], by_hand), task(41, [answer], data, meta=meta), task(42, [answer], {"text": "?"})]
    path = write_json(tmp_path / "export.json", tasks)
    (tmp_path / "task.yaml").write_text(RANKING_TASK, encoding="utf-8")
    output = open_job_output(str(path), JobOutputOptions(task=str(tmp_path / "task.yaml")))
    ledger = Ledger()
    job, made_by_hand = job_items(output, ledger)
    assert (job.item.index, made_by_hand.item.index) == (0, 40)
    for found in (job, made_by_hand):
        assert found.item.responses == ("a", "b")
        assert [ranking.ranks for ranking in found.judged.valid[0].rankings] == [(1, 2), (2, 1)]
        assert found.judged.valid[0].order == (1, 0)
    assert [answer.reason for answer in job.judged.superseded] == ["sent back"]
    assert ledger.drops == {("answers", "to tasks that are no object of the job"): 1}


def test_the_help_lists_what_map_takes() -> None:
    said = "".join(done("dataset", "build", "--help").split())
    for key in ("prompt=KEY", "bucket:NAME=LEVEL", "good:DIMENSION=NUMBER", "--only"):
        assert key in said
