"""What is stored must keep the rules: listens to every answer and draft that Label Studio is about to store.

Whoever writes it, over whichever road (submit, update, un-skip, import, the actions of the data manager), the state
*after* the write is judged. What is rewritten in bulk without these signals is for reviewers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.signals import post_save, pre_save
from rest_framework.exceptions import APIException, ErrorDetail

from ...converters.formats.annotation_results import original_of, without_original
from ...converters.formats.declined_results import without_leftovers
from ...converters.formats.given_under import recorded_rules, with_recorded_rules
from ...converters.formats.label_studio_tasks import shown_order
from ...converters.formats.response_order import aligned, recorded_order, with_recorded_order
from .people import is_reviewer
from .projects import Watched, watched
from .reading import Reader
from .setting_aside import after_answer

__all__ = ["AlreadyAnswered", "InvalidAnswer", "JobStopped", "listen"]

# What of an answer its annotator decides; the rest says whose it is, where it belongs and what others think of it.
_ANNOTATORS_OWN = {"result", "was_cancelled", "lead_time", "unique_id", "updated_by", "was_postponed"}


class InvalidAnswer(APIException):  # type: ignore[misc]  # REST framework has no types
    """Label Studio answers 400 with the rules' sentences."""

    status_code = 400
    default_code = "invalid_answer"

    def __init__(self, sentences: Iterable[str]):
        self.detail = {"result": [ErrorDetail(sentence, self.default_code) for sentence in sentences]}


class AlreadyAnswered(APIException):  # type: ignore[misc]
    """Label Studio answers 409: the item has its answers."""

    status_code = 409
    default_code = "already_answered"


class JobStopped(APIException):  # type: ignore[misc]
    """Label Studio answers 409: whoever was at work when the job was stopped came too late."""

    status_code = 409
    default_code = "job_stopped"
    default_detail = "the labeling job was stopped: it takes no more answers"


def listen() -> None:
    """Connect the rules to Label Studio's models; called once when the server starts."""
    from tasks.models import Annotation, AnnotationDraft, pre_bulk_create

    pre_save.connect(_before_answer, sender=Annotation, dispatch_uid="gtbridge answer")
    pre_save.connect(_before_draft, sender=AnnotationDraft, dispatch_uid="gtbridge draft")
    post_save.connect(after_answer, sender=Annotation, dispatch_uid="gtbridge answered")
    pre_bulk_create.connect(_before_answers, sender=Annotation, dispatch_uid="gtbridge answers")


def _wrong_with(found: Watched, data: Any, result: Any, order: Sequence[int] | None = None) -> list[str]:
    """The sentences about an answer, each once; they call the responses by their titles in ``order``."""
    judged = found.judge(data, result, order, as_recorded=True)
    return list(dict.fromkeys(problem.message for problem in judged.problems))


def _before_answer(instance: Any, raw: bool = False, **_: Any) -> None:
    found = None if raw or instance.task is None else watched(instance.task.project)
    if found is None:
        return
    if found.stopped and _annotator(instance.task.project) is not None:
        raise JobStopped
    stored = type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None
    _keep_what_others_decide(instance, stored, "completed_by")
    _say_it_oneself(instance, stored)
    if stored is None or stored.result != instance.result:
        instance.result = without_leftovers(instance.result)
    _in_the_order_of_the_data(instance, stored, found)
    if instance.was_cancelled or _is_a_reviewers_remark(instance, stored):
        return
    # Written anew, so it must keep the rules of today, whatever the editor sent back with it.
    instance.result = with_recorded_rules(instance.result, found.definition)
    seen = None if _annotator(instance.task.project) is None else recorded_order(instance.result)
    if sentences := _wrong_with(found, instance.task.data, instance.result, seen):
        raise InvalidAnswer(sentences)
    _refuse_one_too_many(instance)


def _is_a_reviewers_remark(instance: Any, stored: Any) -> bool:
    """Whether the answer stays as it is: what is said *about* an answer from before the guard needs no good answer."""
    if stored is None or _annotator(instance.task.project) is not None:
        return False
    return bool(stored.result == instance.result and stored.was_cancelled == instance.was_cancelled)


def _before_answers(objs: Iterable[Any], **_: Any) -> None:
    for number, instance in enumerate(objs, start=1):
        found = watched(instance.task.project)
        if found is None or instance.was_cancelled:
            continue
        instance.result = with_recorded_rules(instance.result, recorded_rules(instance.result) or found.definition)
        if sentences := _wrong_with(found, instance.task.data, instance.result):
            raise InvalidAnswer(f"answer {number}: {sentence}" for sentence in sentences)


def _before_draft(instance: Any, raw: bool = False, **_: Any) -> None:
    if raw or instance.task is None or (found := watched(instance.task.project)) is None:
        return
    stored = type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None
    _keep_what_others_decide(instance, stored, "user")
    order = shown_order(instance.task.data)
    if order and found.definition is not None:
        instance.result = aligned(instance.result, order)


def _keep_what_others_decide(instance: Any, stored: Any, author: str) -> None:
    """An annotator cannot sign for somebody else, nor move an answer, nor make it the truth."""
    user = _annotator(instance.task.project if stored is None else stored.task.project)
    if user is None:
        return
    for field in instance._meta.concrete_fields:
        if field.primary_key or field.name in _ANNOTATORS_OWN or field.name.endswith("_at"):
            continue
        if stored is not None:
            setattr(instance, field.attname, getattr(stored, field.attname))
        elif field.name in ("ground_truth", "bulk_created"):
            setattr(instance, field.name, False)
        elif field.name in ("parent_annotation", "parent_prediction", "import_id"):
            setattr(instance, field.attname, None)
    if stored is None:
        setattr(instance, author, user)


def _say_it_oneself(instance: Any, stored: Any) -> None:
    """Only an import brings the document that an answer was made from: that document says whose the answer is."""
    document = original_of(instance.result)
    known = None if stored is None else original_of(stored.result)
    if document is not None and document != known and _annotator(instance.task.project) is not None:
        instance.result = without_original(instance.result)


def _annotator(project: Any) -> Any:
    """Who makes the present request, if they are an annotator of the project."""
    from core.current_request import get_current_request

    request = get_current_request()
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated and not is_reviewer(user, project) else None


def _in_the_order_of_the_data(instance: Any, stored: Any, found: Watched) -> None:
    """Store ranks as the task's data has its responses, and beside them the order in which they were seen."""
    own = shown_order(instance.task.data)
    if own is None or found.definition is None or not isinstance(instance.result, list):
        return
    author = instance.completed_by
    seen = recorded_order(stored.result) if stored is not None else None
    if seen is None and author is not None and author == _annotator(instance.task.project):
        seen = Reader(author, found).order(instance.task_id, instance.task.data)
    instance.result = aligned(instance.result, own)
    if seen is not None and all(isinstance(entry, dict) for entry in instance.result):
        instance.result = with_recorded_order(instance.result, seen)


def _refuse_one_too_many(instance: Any) -> None:
    """One answer per person, and as many as the job asks for. The lock makes two at once wait for each other."""
    from tasks.models import Task

    if connection.in_atomic_block:
        Task.objects.select_for_update().filter(pk=instance.task_id).first()
    others = instance.task.annotations.filter(was_cancelled=False, ground_truth=False).exclude(pk=instance.pk)
    people = set(others.values_list("completed_by_id", flat=True))
    if instance.completed_by_id in people:
        raise AlreadyAnswered("you have answered this item already: open your answer to change it")
    if len(people) >= instance.task.overlap and _annotator(instance.task.project) is not None:
        raise AlreadyAnswered("this item has all its answers already: go on with the next one")
