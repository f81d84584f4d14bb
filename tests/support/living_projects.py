"""A project on Label Studio that people and programs work on, by each road on which its tasks and answers change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from gtbridge.converters.formats.pulled_changes import Changes
from gtbridge.converters.formats.pulled_tasks import LISTED, kept_form
from gtbridge.plugin.label_studio.keeping import Keeping
from gtbridge.plugin.label_studio.pulled import pulled_tasks
from gtbridge.plugin.label_studio.server import Server, connect
from gtbridge.plugin.local_server.accounts import add_annotator
from gtbridge.plugin.local_server.embedded import Embedded

__all__ = [
    "CONFIG",
    "ROADS",
    "WIDE_ROADS",
    "Living",
    "before_fetching",
    "fetched_by",
    "leaver",
    "living_project",
    "said",
]

CONFIG = """\
<View><Text name="text" value="$text"/>
<Choices name="verdict" toName="text"><Choice value="good"/><Choice value="bad"/></Choices></View>"""


def said(value: str = "good") -> list[dict[str, Any]]:
    """A result that says so."""
    return [{"from_name": "verdict", "to_name": "text", "type": "choices", "value": {"choices": [value]}}]


class Living:
    """A project, the owner's connection to its server, and the file in which its tasks are kept."""

    def __init__(self, embedded: Embedded, server: Server, http: httpx.Client, place: Path):
        self.embedded, self.server, self.http, self.place = embedded, server, http, place
        made = self("POST", "/api/projects/", json={"title": "living", "label_config": CONFIG})
        self.project = int(made["id"])
        self.texts = 0
        self.leavers: list[int] = []

    def __call__(self, method: str, path: str, **content: Any) -> Any:
        answer = self.http.request(method, path, **content)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def keeping(self, told: Callable[[int, Changes], None] = lambda project, changes: None, **more: Any) -> Keeping:
        """What the tests pull with."""
        return Keeping(lambda project: str(self.place), told=told, **more)

    def pull(self, **more: Any) -> tuple[list[dict[str, Any]], Changes]:
        """The tasks by way of what was kept, and what changed."""
        heard: list[Changes] = []
        keeping = self.keeping(lambda _, changes: heard.append(changes), **more)
        with pulled_tasks(self.server, self.project, keeping) as tasks:
            found = list(tasks)
        [changes] = heard
        assert changes == tasks.changes
        return found, changes

    def fresh(self) -> list[dict[str, Any]]:
        """What these tasks must be: the server's own export of now."""
        tasks = self("GET", f"/api/projects/{self.project}/export?exportType=JSON&download_all_tasks=true")
        return sorted(map(kept_form, tasks), key=lambda task: int(task["id"]))

    def traces(self) -> list[Any]:
        """What the server lists of each task but its data, and how often it counts each key of these."""
        summary = self("GET", f"/api/projects/{self.project}/summary/")
        return [*self.server.tasks(self.project, LISTED), summary["all_data_columns"]]

    def add(self, *answers: list[dict[str, Any]], text: str = "") -> None:
        """Import a task for each of these lists of annotations."""
        tasks = []
        for given in answers:
            self.texts += 1
            tasks.append({"data": {"text": text or f"text {self.texts}"}, "annotations": given})
        self("POST", f"/api/projects/{self.project}/import", json=tasks)

    def ids(self) -> list[int]:
        """The ids of the project's tasks."""
        return [int(row["id"]) for row in self.server.tasks(self.project, ("id",))]

    def annotation(self, task: int) -> int:
        """The id of the task's first annotation, which is made if there is none."""
        annotations = self("GET", f"/api/tasks/{task}/")["annotations"]
        return int(annotations[0]["id"]) if annotations else self.answer(task)

    def answer(self, task: int, **more: Any) -> int:
        """A new answer of the owner's to the task."""
        return int(self("POST", f"/api/tasks/{task}/annotations/", json={"result": said(), **more})["id"])

    def change(self, annotation: int, **what: Any) -> None:
        """Change an answer."""
        self("PATCH", f"/api/annotations/{annotation}/", json=what)

    def act(self, action: str, *tasks: int, **more: Any) -> None:
        """An action of the data manager, on these tasks or all."""
        selected = {"all": False, "included": list(tasks)} if tasks else {"all": True, "excluded": []}
        path = f"/api/dm/actions?id={action}&project={self.project}"
        self("POST", path, json={"selectedItems": selected, "project": self.project, **more})


def _draft(living: Living, task: int) -> None:
    living("POST", f"/api/tasks/{task}/drafts", json={"result": said(), "lead_time": 1})


def _drop_drafts(living: Living, task: int) -> None:
    for draft in living("GET", f"/api/tasks/{task}/drafts"):
        living("DELETE", f"/api/drafts/{draft['id']}/")


def _use_ids_again(living: Living, task: int) -> None:
    """SQLite's Label Studio numbers imported tasks on from the highest that there is."""
    living.act("delete_tasks", living.ids()[-1])
    living.add([{"result": said("bad")}])


def _patch_task(living: Living, task: int, **what: Any) -> None:
    living("PATCH", f"/api/tasks/{task}/", json=what)


def _predict(living: Living, task: int) -> None:
    living("POST", "/api/predictions/", json={"task": task, "result": said(), "model_version": "m"})


def _merge_duplicates(living: Living, task: int) -> None:
    living.act("remove_duplicates", *living.ids())


def _delete_account(living: Living, task: int) -> None:
    user = living.leavers.pop() if living.leavers else None
    if user is not None:
        living("DELETE", f"/api/users/{user}/")


# What may happen to a task.
ROADS: dict[str, Callable[[Living, int], Any]] = {
    "an answer": lambda living, task: living.answer(task),
    "a changed answer": lambda living, task: living.change(living.annotation(task), result=said("bad")),
    "a skipped task": lambda living, task: living.answer(task, was_cancelled=True, result=[]),
    "an answer taken back": lambda living, task: living.change(living.annotation(task), was_cancelled=True),
    "a skip taken back": lambda living, task: living.change(living.annotation(task), was_cancelled=False),
    "a ground truth": lambda living, task: living.answer(task, ground_truth=True),
    "another ground truth": lambda living, task: living.change(living.annotation(task), ground_truth=True),
    "a deleted answer": lambda living, task: living("DELETE", f"/api/annotations/{living.annotation(task)}/"),
    "an answer made a draft": lambda living, task: living(
        "POST", f"/api/annotations/{living.annotation(task)}/convert-to-draft"
    ),
    "a draft": _draft,
    "dropped drafts": _drop_drafts,
    "a task deleted alone": lambda living, task: living("DELETE", f"/api/tasks/{task}/"),
    "deleted tasks": lambda living, task: living.act("delete_tasks", task),
    "meta": lambda living, task: _patch_task(living, task, meta={"a": [1, None]}),
    "data": lambda living, task: _patch_task(living, task, data={"text": "other"}),
    "all answers deleted": lambda living, task: living.act("delete_tasks_annotations", task),
    "a prediction": _predict,
    "deleted predictions": lambda living, task: living.act("delete_tasks_predictions", task),
    "predictions made answers": lambda living, task: living.act("predictions_to_annotations", task),
}

# What may happen to many tasks at once.
WIDE_ROADS: dict[str, Callable[[Living, int], Any]] = {
    "imported tasks": lambda living, task: living.add([], [{"result": said()}, {"result": said("bad")}]),
    "ids used again": _use_ids_again,
    "propagated answers": lambda living, task: living.act(
        "propagate_annotations", *living.ids()[:3], source_annotation_id=living.annotation(task)
    ),
    "renamed labels": lambda living, task: living.act(
        "rename_labels", control_tag="verdict", old_label_name="good", new_label_name="bad"
    ),
    "a rewritten data field": lambda living, task: living.act(
        "add_data_field", value_name="text", value_type="Expression", value='replace("text", "words")'
    ),
    "cached labels": lambda living, task: living.act("cache_labels", source="annotations", control_tag="verdict"),
    "merged duplicates": _merge_duplicates,
    "a deleted account": _delete_account,
    "another labeling config": lambda living, task: living(
        "PATCH",
        f"/api/projects/{living.project}/",
        json={"label_config": CONFIG.replace("<View>", "<View><View/>")},
    ),
}


@contextmanager
def living_project(embedded: Embedded, place: Path) -> Iterator[Living]:
    """A new project without tasks."""
    headers = {"Authorization": f"Token {embedded.api_key}"}
    with (
        connect(embedded.url, embedded.api_key) as server,
        httpx.Client(base_url=embedded.url, headers=headers, timeout=120) as http,
    ):
        yield Living(embedded, server, http, place)


def leaver(living: Living, task: int) -> None:
    """An account that answers the task, and is deleted once that road is taken."""
    name = f"leaver-{living.project}"
    key = add_annotator(living.embedded.url, living.embedded.api_key, f"{name}@example.com", "a-long-password")
    headers = {"Authorization": f"Token {key}"}
    path = f"{living.embedded.url}/api/tasks/{task}/annotations/"
    user = httpx.post(path, json={"result": said()}, headers=headers).raise_for_status().json()["completed_by"]
    living.leavers.append(user)


def before_fetching(living: Living, monkeypatch: pytest.MonkeyPatch, do: Callable[[list[int]], Any]) -> None:
    """Do this before each request for whole tasks from now on, with the ids in it."""
    export = living.server.export_tasks

    def fetching(project: int, numbers: Sequence[int] = ()) -> list[dict[str, Any]]:
        do(list(numbers))
        return export(project, numbers)

    monkeypatch.setattr(living.server, "export_tasks", fetching)


def fetched_by(living: Living, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The ids in each request for whole tasks from now on."""
    asked: list[list[int]] = []
    before_fetching(living, monkeypatch, asked.append)
    return asked
