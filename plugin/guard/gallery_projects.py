"""Projects that people make by hand: their tasks are completed as they come in, and again when the definition in their
labeling config is edited, which the rest of the config then follows.

Labeling jobs bring tasks that are whole; of them only the second is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from ...converters.formats.sample_config import carried_definition, following_config
from ...converters.formats.task_completion import completed_data
from ...label_configs.controls import PASSAGE
from ...label_configs.errors import InputError
from ...label_configs.tasks import QuestionAnswer, TaskDefinition
from ..project_description import is_labeling_job
from .gallery import gallery_config
from .projects import watched

__all__ = ["listen"]

_BATCH = 500
_CHANGED = "_gtbridge_config_changed"


def listen() -> None:
    """Connect to Label Studio's models and to its check of imported tasks; called once when the server starts."""
    from projects.models import Project
    from tasks.models import Task

    _stand_at_the_door()
    pre_save.connect(_before_task, sender=Task, dispatch_uid="gtbridge task")
    pre_save.connect(_before_project, sender=Project, dispatch_uid="gtbridge config")
    post_save.connect(_after_project, sender=Project, dispatch_uid="gtbridge tasks")


def _stand_at_the_door() -> None:
    """Complete tasks before Label Studio compares their keys with those that the labeling config names.

    All imports (dialog, files, API) go through this one check, with the very data that is stored. It is no public
    interface: tests/plugin/guard/test_gallery.py fails if another Label Studio does otherwise.
    """
    from tasks.validation import TaskValidator

    check = TaskValidator.check_data

    @wraps(check)
    def check_data(project: Any, data: Any) -> Any:
        definition = _hand_made(project)
        if definition is not None and isinstance(data, dict):
            try:
                completed = _completed(data, definition)
            except InputError as error:
                raise ValidationError(str(error)) from None
            data.clear()
            data.update(completed)
        return check(project, data)

    TaskValidator.check_data = staticmethod(check_data)


def _hand_made(project: Any) -> TaskDefinition | None:
    """What the project asks if somebody made it by hand."""
    found = None if project is None or is_labeling_job(project.description) else watched(project)
    return None if found is None else found.definition


def _completed(data: Mapping[str, Any], definition: TaskDefinition, *, keep_prompt: bool = False) -> dict[str, Any]:
    # How Label Studio calls what a file of plain lines holds, while it does not know what the lines are.
    unnamed = settings.DATA_UNDEFINED_NAME
    if unnamed in data and isinstance(definition, QuestionAnswer):
        data = {PASSAGE if key == unnamed else key: value for key, value in data.items()}
    return completed_data(data, definition, keep_prompt=keep_prompt)


def _before_task(instance: Any, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    """Tasks that come without an import: from a source storage, or one by one over the API."""
    if raw or (update_fields is not None and "data" not in update_fields) or not isinstance(instance.data, dict):
        return
    definition = _hand_made(instance.project)
    if definition is None:
        return
    try:
        instance.data = _completed(instance.data, definition)
    except InputError as error:
        # One that was there before may be saved for some other reason.
        stored = type(instance).objects.filter(pk=instance.pk).values_list("data", flat=True).first()
        if stored != instance.data:
            raise ValidationError(f"no task can be made of {str(instance.data)[:200]}: {error}") from None


def _before_project(instance: Any, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    """Have an edited config follow its definition, before it is stored."""
    if raw or (update_fields is not None and "label_config" not in update_fields):
        return
    stored = type(instance).objects.filter(pk=instance.pk).values_list("label_config", flat=True).first()
    if stored == instance.label_config:
        return
    setattr(instance, _CHANGED, stored is not None)
    definition = carried_definition(instance.label_config or "")
    if definition is None:
        return
    before = stored if carried_definition(stored or "") else gallery_config(definition)
    followed = following_config(instance.label_config, before)
    if followed is not None:
        _set_config(instance, followed)


def _set_config(project: Any, label_config: str) -> None:
    """Set it with all that Label Studio derives from it (projects/models.py, Project.save), if the answers allow it."""
    from projects.models import extract_data_types, parse_config

    if project.pk:
        try:
            project.validate_config(label_config)
        except ValidationError as error:
            raise ValidationError({"label_config": error.detail}) from None
    project.label_config = label_config
    project.data_types = extract_data_types(label_config)
    project.parsed_label_config = parse_config(label_config)
    project.label_config_hash = hash(label_config)
    project.control_weights = project.get_updated_weights()


def _after_project(instance: Any, raw: bool = False, **_: Any) -> None:
    """Complete the tasks that were there before the config was, or before it was edited."""
    if raw or not instance.__dict__.pop(_CHANGED, False):
        return
    found = watched(instance)
    if found is None or found.definition is None:
        return
    job, last = is_labeling_job(instance.description), 0
    while batch := list(instance.tasks.filter(pk__gt=last).order_by("pk").only("pk", "data")[:_BATCH]):
        _complete(batch, found.definition, job)
        last = batch[-1].pk


def _complete(tasks: list[Any], definition: TaskDefinition, job: bool) -> None:
    changed = []
    for task in tasks:
        try:
            data = _completed(task.data, definition, keep_prompt=job)
        except InputError:
            continue  # whoever opens it is told by the guard
        if data != task.data:
            task.data, task.updated_at = data, timezone.now()
            changed.append(task)
    type(tasks[0]).objects.bulk_update(changed, ["data", "updated_at"])
