"""Pulls of a living project: what is fetched, and what a file with kept tasks is good for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from living_projects import Living, before_fetching, fetched_by, living_project, said

from gtbridge.converters.formats.pulled_changes import Changes
from gtbridge.converters.formats.pulled_tasks import LISTED
from gtbridge.plugin.label_studio.keeping import Keeping
from gtbridge.plugin.label_studio.pulled import pulled_tasks
from gtbridge.plugin.local_server.embedded import Embedded
from gtbridge.plugin.storage import exists, read_bytes, write_bytes

pytestmark = pytest.mark.server


def test_only_what_is_new_or_changed_is_fetched_and_where_nothing_is_nothing_is_written(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fetched_by(living, monkeypatch)
    first, second, *others = living.ids()
    assert living.pull()[1] == Changes(new=2, new_tasks=4, fetched=4, first=True)
    assert asked == [[first, second, *others]]
    written = living.place.stat()
    assert not living.pull()[1]
    assert (asked[1:], living.place.stat().st_ino) == ([], written.st_ino)
    living.answer(second)
    living.add([])
    _, changes = living.pull()
    assert asked[1:] == [[second, living.ids()[-1]]]
    assert (changes.new, changes.unchanged, changes.new_tasks, changes.fetched) == (1, 2, 1, 2)


def test_the_file_is_its_owners_alone_and_holds_no_key_and_no_address(living: Living) -> None:
    living("POST", f"/api/tasks/{living.ids()[0]}/drafts", json={"result": said(), "lead_time": 1})
    living.pull()
    assert living.place.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in living.place.parent.iterdir()] == [living.place.name]
    text = gzip.decompress(living.place.read_bytes()).decode()
    for secret in (living.embedded.api_key, living.embedded.email):
        assert secret not in text


def test_what_a_file_says_is_never_believed_without_proof(living: Living) -> None:
    living.pull()
    lines = gzip.decompress(living.place.read_bytes()).splitlines(keepends=True)
    older = lines[1].replace(b"good", b"evil").replace(b'"updated_at":"20', b'"updated_at":"19')
    living.place.write_bytes(gzip.compress(b"".join([lines[0], older, *lines[2:]])))
    found, changes = living.pull()
    assert found == living.fresh()
    assert (changes.changed, changes.fetched) == (1, 1)


def test_a_damaged_file_and_another_projects_are_thrown_away_with_a_sentence(
    label_studio: Embedded, living: Living
) -> None:
    living.pull()
    whole = living.place.read_bytes()
    living.place.write_bytes(whole[:-5])
    found, changes = living.pull()
    assert changes.anew == "what was kept is damaged"
    with living_project(label_studio, living.place) as other:
        other.add([{"result": said()}])
        tasks, changes = other.pull()
        assert changes.sentence() == (
            "1 answer to 1 task: the first pull (what was kept is of another project: everything was fetched anew)"
        )
        assert tasks == other.fresh() != found


def test_full_fetches_everything_and_finds_what_leaves_no_trace(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    living.pull()
    rename = {"old_label": ["good"], "new_label": ["bad"], "project": living.project}
    assert living("POST", "/api/labels/bulk", json=rename)["annotations_updated"] == 2
    assert not living.pull()[1]  # which is why there is --full
    asked = fetched_by(living, monkeypatch)
    found, changes = living.pull(full=True)
    assert (found, asked) == (living.fresh(), [living.ids()])
    assert changes.sentence() == "2 changed answers; 0 as they were (--full: everything was fetched anew)"


def test_rewritten_data_are_found_though_nothing_but_the_data_tells_of_it(living: Living) -> None:
    first, *_ = living.ids()
    living.pull()
    before = living.traces()
    living.act("add_data_field", first, value_name="text", value_type="String", value="rewritten")
    living("POST", f"/api/projects/{living.project}/summary/reset/", json={})  # the action counted a column twice
    assert living.traces() == before
    found, changes = living.pull()
    assert (found, changes.rewritten_tasks, changes.fetched) == (living.fresh(), 1, 1)


def test_where_data_do_not_matter_they_are_not_listed(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[str]] = []
    tasks = living.server.tasks

    def listing(project: int, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        asked.append(fields)
        return tasks(project, fields)

    living.pull()
    monkeypatch.setattr(living.server, "tasks", listing)
    for data_matter in (False, True):
        with pulled_tasks(living.server, living.project, living.keeping(), data_matter=data_matter):
            pass
    assert asked == [LISTED, (*LISTED, "data")]


def test_what_changes_between_listing_and_fetching_is_there_at_the_latest_next_time(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _, last = living.ids()
    living.pull()
    living.answer(second)
    living.answer(last)

    def meanwhile(_: list[int]) -> None:
        living.answer(first)
        living.change(living.annotation(second), result=said("bad"))
        living("DELETE", f"/api/tasks/{last}/")
        monkeypatch.undo()

    before_fetching(living, monkeypatch, meanwhile)
    assert living.pull()[1].withdrawn_tasks == 1
    found, changes = living.pull()
    assert found == living.fresh()
    assert [len(task["annotations"]) for task in found] == [2, 1, 1]
    assert changes.new == 1


def test_tasks_that_are_deleted_while_others_are_listed_hide_none(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = living.ids()
    monkeypatch.setattr("gtbridge.plugin.label_studio.server._PAGE", 1)
    listed = living.server.tasks(living.project, ("id",))
    assert next(listed)["id"] == ids[0]
    living("DELETE", f"/api/tasks/{ids[0]}/")
    assert [row["id"] for row in listed] == ids[1:]


def test_tasks_can_be_gone_through_twice_at_once(living: Living) -> None:
    living.pull()
    living.answer(living.ids()[2])
    with pulled_tasks(living.server, living.project, living.keeping()) as tasks:
        assert [(one["id"], other["id"]) for one, other in zip(tasks, tasks, strict=True)] == [
            (number, number) for number in living.ids()
        ]


def test_in_s3_the_same(living: Living, bucket: str) -> None:
    keeping = Keeping(lambda project: f"{bucket}/out/pulled.jsonl.gz")
    write_bytes(keeping.unfinished(living.project), b"damaged")
    for _ in range(2):
        with pulled_tasks(living.server, living.project, keeping) as tasks:
            assert list(tasks) == living.fresh()
        living.answer(living.ids()[0])
    assert gzip.decompress(read_bytes(keeping.place(living.project))).count(b"\n") == 5
    assert not exists(keeping.unfinished(living.project))
