"""Projects that people make by hand on a guarded server, through the API that Label Studio's pages use."""

from __future__ import annotations

import json
from typing import Any

from guarded_api import Caller

__all__ = ["QUESTIONS_TITLE", "RANKING_TITLE", "ByHand", "gallery", "refusal"]

RANKING_TITLE, QUESTIONS_TITLE = "Text Ranking", "Question and Answer"


def gallery(caller: Caller) -> list[dict[str, Any]]:
    """What Labeling Setup offers under Generative AI, in the order in which it does."""
    templates = caller("GET", "/api/templates/").json()["templates"]
    offered = [entry for entry in templates if entry["group"] == "Generative AI"]
    return sorted(offered, key=lambda entry: entry.get("order", 99))


def refusal(answer: Any) -> str:
    """The sentences of a 400, as the dialog shows them: one for each task, with nothing to say of good ones."""
    assert answer.status_code == 400, answer.text
    return "; ".join(map(str, answer.json()["validation_errors"]["non_field_errors"]))


class ByHand:
    """A new project of the owner's; without a ``title`` of the gallery it has no labeling config yet."""

    def __init__(self, owner: Caller, title: str | None = None):
        self.owner = owner
        made = owner("POST", "/api/projects/", json={"title": "made by hand"})
        self.project = int(made.json()["id"])
        if title is not None:
            assert self.save(self.offered(title)).status_code == 200

    def offered(self, title: str) -> str:
        """The config that the gallery offers under this title."""
        return next(str(entry["config"]) for entry in gallery(self.owner) if entry["title"] == title)

    @property
    def config(self) -> str:
        return str(self.owner("GET", f"/api/projects/{self.project}/").json()["label_config"])

    def save(self, config: str) -> Any:
        """Press Save in Labeling Setup."""
        return self.owner("PATCH", f"/api/projects/{self.project}/", json={"label_config": config})

    def import_json(self, *tasks: Any) -> Any:
        return self.owner("POST", f"/api/projects/{self.project}/import", json=list(tasks))

    def import_file(self, name: str, content: str, commit: bool = True) -> Any:
        """Drop a file on the import dialog; in the wizard nothing is committed yet."""
        where = f"/api/projects/{self.project}/import?commit_to_project={str(commit).lower()}"
        return self.owner("POST", where, files={"file": (name, content.encode())})

    def tasks(self) -> list[dict[str, Any]]:
        """All tasks in the order of their ids."""
        query = {"project": self.project, "fields": "all", "page_size": 100}
        found: list[dict[str, Any]] = self.owner("GET", "/api/tasks", params=query).json()["tasks"]
        return sorted(found, key=lambda task: int(task["id"]))

    def data(self) -> list[dict[str, Any]]:
        return [dict(task["data"]) for task in self.tasks()]

    def edit(self, before: str, after: str) -> Any:
        """Change this place of the config's code, and save."""
        config = self.config
        assert config.count(before) == 1, json.dumps(config)
        return self.save(config.replace(before, after))
