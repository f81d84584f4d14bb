"""Once an annotator answers an item that they had skipped, or that was sent back to them, the old record steps aside.

Label Studio would count it beside the new answer, give the item to that person once more and never to the others. The
record moves into the task's ``meta``, where the export finds it; nothing is lost.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from rest_framework.renderers import JSONRenderer

from ...converters.formats.sent_back import with_set_aside
from .projects import watched

__all__ = ["after_answer"]


def after_answer(instance: Any, raw: bool = False, **_: Any) -> None:
    """Called after an annotation was stored."""
    if raw or instance.was_cancelled or instance.task is None or instance.completed_by_id is None:
        return
    given_up = instance.task.annotations.filter(completed_by=instance.completed_by, was_cancelled=True)
    given_up = list(given_up.exclude(pk=instance.pk).order_by("pk"))
    if given_up and watched(instance.task.project) is not None:
        with transaction.atomic():
            _set_aside(instance.task, given_up)


def _set_aside(task: Any, annotations: list[Any]) -> None:
    from tasks.models import Task

    stored = Task.objects.select_for_update().get(pk=task.pk)
    records = [_record(annotation) for annotation in annotations]
    task.meta = with_set_aside({"meta": stored.meta}, records)
    Task.objects.filter(pk=task.pk).update(meta=task.meta)
    for annotation in annotations:
        annotation.delete()


def _record(annotation: Any) -> dict[str, Any]:
    """The annotation as Label Studio's API and export have it."""
    from tasks.serializers import AnnotationSerializer

    record: dict[str, Any] = json.loads(JSONRenderer().render(AnnotationSerializer(annotation).data))
    return record
