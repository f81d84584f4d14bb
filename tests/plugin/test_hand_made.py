"""Projects made by hand, read like labeling jobs: described, exported, built into datasets, with numbers that last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from by_hand import RANKING_TITLE, ByHand
from commands import snapshot
from guarded_api import Caller, calling, open_desk
from judged_jobs import RANKING
from pyarrow import parquet
from roads import done, output_lines, ranked, run

from gtbridge.label_configs.errors import InputError
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.object_numbers import read_object_numbers, write_object_numbers
from gtbridge.plugin.outputs.job_reader import job_items, open_job_output

server_test = pytest.mark.guarded


@pytest.fixture(scope="module")
def owner(guarded: Embedded) -> Iterator[Caller]:
    with calling(guarded) as caller:
        yield caller


def answer(project: ByHand, task: dict[str, Any], *ranks: int) -> None:
    result = ranked(task["data"], list(ranks), sorted(range(1, len(ranks) + 1), reverse=True))
    posted = project.owner("POST", f"/api/tasks/{task['id']}/annotations/", json={"result": result})
    assert posted.status_code == 201, posted.text


def row_ids(folder: Path) -> dict[str, str]:
    """The ids of the rows of the config ``annotations``, by their prompts."""
    [shard] = folder.glob("annotations/*.parquet")
    read: Any = parquet.read_table
    return {row["source"]: row["metadata"]["id"] for row in read(shard).to_pylist()}


@server_test
def test_its_tasks_are_its_objects_and_keep_their_numbers_while_it_grows_and_shrinks(
    guarded: Embedded, owner: Caller, tmp_path: Path
) -> None:
    project = ByHand(owner, RANKING_TITLE)
    name, number = f"project-{project.project}", str(project.project)
    with_models = [{"text": "So", "model": "m-1"}, {"text": "Because", "model": "m-2"}]
    rows: list[Any] = [{"prompt": "Why?", "responses": with_models, "topic": "sky"}]
    rows += [{"prompt": prompt, "responses": ["a", "b", "c"]} for prompt in ("How?", "When?")]
    assert project.import_json(*rows).status_code == 201
    tasks = project.tasks()
    answer(project, tasks[0], 1, 2)
    answer(project, tasks[1], 2, 2, 1)

    described = json.loads(done("job", "describe", number, "--json", server=guarded))
    counters = described["LabelCounters"]
    assert (described["LabelingJobName"], described["LabelingJobStatus"]) == (name, "InProgress")
    assert (counters["TotalLabeled"], counters["Unlabeled"], described["LabelStudio"]["Valid"]) == (2, 1, 2)

    out, live = tmp_path / "out" / name, f"label-studio:{number}"
    done("job", "export", number, "--to", str(tmp_path / "out"), server=guarded)
    lines = output_lines(out)
    assert [line["source"] for line in lines] == ["Why?", "How?", "When?"]
    assert {key: lines[0][key] for key in list(lines[0])[:4]} == {
        "source": "Why?",
        "responses": ["So", "Because"],
        "models": ["m-1", "m-2"],
        "topic": "sky",
    }
    assert "no differences" in done("verify", str(out), live, server=guarded)
    done("dataset", "build", live, "-o", str(tmp_path / "first"), server=guarded)

    assert owner("DELETE", f"/api/tasks/{tasks[0]['id']}/").status_code == 204
    assert project.import_json({"prompt": "Where?", "responses": ["a", "b"]}).status_code == 201
    answer(project, project.tasks()[-1], 1, 2)
    before = snapshot(out / "annotations")
    done("job", "export", number, "--to", str(tmp_path / "out"), server=guarded)
    assert [line["source"] for line in output_lines(out)] == ["How?", "When?", "Where?"]
    after = snapshot(out / "annotations")
    assert {path: after.get(path) for path in before} == before, "what has not changed keeps its file"
    assert output_lines(out)[0][f"{name}-metadata"] == lines[1][f"{name}-metadata"]
    assert "no differences" in done("verify", str(out), live, server=guarded)

    done("dataset", "build", live, "-o", str(tmp_path / "second"), server=guarded)
    done("dataset", "build", str(out), "-o", str(tmp_path / "third"), server=guarded)
    first, second, third = (row_ids(tmp_path / folder) for folder in ("first", "second", "third"))
    assert (set(first), set(second)) == ({"Why?", "How?"}, {"How?", "Where?"})
    assert second == third, "read from the server or from its export"
    assert second["How?"] == first["How?"]


@server_test
def test_its_people_are_managed_and_it_cannot_be_stopped(guarded: Embedded, owner: Caller) -> None:
    project = ByHand(owner, RANKING_TITLE)
    number = str(project.project)
    added = json.loads(done("workers", "add", "--job", number, "--email", "hand@example.com", "--json", server=guarded))
    assert [person["outcome"] for person in added["workers"]] == ["added"]
    assert "hand@example.com" in done("workers", "list", "--job", number, server=guarded)
    refused = run("job", "stop", number, server=guarded)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"projects/{number}: was made by hand" in refused.stderr
    listed = json.loads(done("job", "list", "--json", server=guarded))["jobs"]
    assert number not in {str(entry["LabelStudio"]["ProjectId"]) for entry in listed}, "it is none of the jobs"


@server_test
def test_a_number_that_means_something_else_is_refused_with_what_it_is(
    guarded: Embedded, owner: Caller, tmp_path: Path
) -> None:
    desk = open_desk(owner, tmp_path, "a-job-with-a-name", RANKING)
    foreign, edited = ByHand(owner), ByHand(owner, RANKING_TITLE)
    assert edited.save(edited.config.replace('required="true"', 'required="false"')).status_code == 200
    expected = {
        str(desk.project): "is the labeling job a-job-with-a-name; ask for it by that name",
        str(foreign.project): f"there is no labeling job {foreign.project}",
        "999999": "there is no labeling job and no project 999999",
        "9" * 40: f"there is no labeling job and no project {'9' * 40}",
        str(edited.project): "the config was edited and no longer fits the definition that it carries",
    }
    for number, sentence in expected.items():
        refused = run("job", "describe", number, server=guarded)
        assert refused.exit_code == 1 and sentence in refused.stderr, refused.stderr
    of_the_job = f"projects/{desk.project}: {expected[str(desk.project)]}"
    for more in ((), ("--map", "prompt=prompt_html")):
        refused = run("audit", f"label-studio:{desk.project}", *more, server=guarded)
        assert refused.exit_code == 1 and of_the_job in refused.stderr, "not read as if gtbridge had not made it"


def test_numbers_that_do_not_belong_to_the_manifest_are_refused(tmp_path: Path) -> None:
    manifest = tmp_path / "manifests/output/output.manifest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"source":"a","responses":["x","y"]}\n{"source":"b","responses":["x","y"]}\n')
    (tmp_path / "gtbridge").mkdir()
    (tmp_path / "gtbridge/task.yaml").write_text(RANKING.task)
    output = open_job_output(str(tmp_path))

    def numbers() -> list[int]:
        from gtbridge.converters.ledger import Ledger

        return [found.item.index for found in job_items(output, Ledger())]

    assert numbers() == [0, 1]
    write_object_numbers(str(tmp_path), [4, 9])
    assert numbers() == [4, 9]
    for wrong in ([4], [4, 9, 11]):
        write_object_numbers(str(tmp_path), wrong)
        with pytest.raises(InputError, match="the export was cut off; export again"):
            numbers()


@pytest.mark.parametrize("text", ["{}", "[2, 1]", "[1, 1]", "[true]", "[-1]", "[1.5]", "nonsense"])
def test_damaged_numbers_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "gtbridge").mkdir()
    (tmp_path / "gtbridge/objects.json").write_text(text)
    with pytest.raises(InputError, match=r"objects\.json"):
        read_object_numbers(str(tmp_path))
