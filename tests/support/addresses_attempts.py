"""What a confined annotator could try in order to become somebody else, or to change what others gave."""

from __future__ import annotations

from typing import Any

from addresses_things import question_result
from addresses_world import World

__all__ = ["attempts"]


def attempts(world: World) -> list[tuple[str, str, Any]]:
    """(method, path, JSON body) of each call, Bob's; all of them are to be refused."""
    at, project = world.things, world.question_job
    task, answer, draft, view = at["task"], at["annotation"], at["draft"], at["view"]
    every = {"selectedItems": {"all": True, "excluded": []}, "project": project}
    actions = (
        *("delete_tasks", "delete_tasks_annotations", "delete_tasks_predictions", "predictions_to_annotations"),
        *("propagate_annotations", "retrieve_tasks_predictions", "rename_labels", "remove_duplicates", ""),
    )
    return [
        ("POST", "/api/users/", {"email": "new@example.com", "username": "new"}),
        ("GET", "/api/invite", None),
        ("POST", "/api/invite/reset-token", {}),
        ("PATCH", "/api/organizations/1", {"title": "mine", "created_by": world.bob.id}),
        ("DELETE", f"/api/organizations/1/memberships/{world.alice.id}/", None),
        ("POST", "/user/signup/", {"email": "other@example.com", "password": "a-long-password"}),
        ("POST", "/api/jwt/settings", {"api_tokens_enabled": False, "legacy_api_tokens_enabled": False}),
        ("PATCH", "/api/session-policy/", {"max_session_age": 1}),
        ("POST", "/gtbridge/workers", {"project": project, "workers": [{"email": "friend@example.com"}]}),
        ("POST", "/gtbridge/workers", {"project": project, "remove": [world.alice.email]}),
        ("PATCH", f"/api/projects/{project}/", {"created_by": world.bob.id, "label_config": "<View/>"}),
        ("DELETE", f"/api/projects/{project}/", None),
        ("PATCH", f"/api/tasks/{task}/", {"data": {"passage": "another"}}),
        ("DELETE", f"/api/tasks/{task}/", None),
        *((method, f"/api/annotations/{answer}/", {"result": question_result("Mine?")}) for method in ("PATCH", "PUT")),
        ("PATCH", f"/api/annotations/{answer}/", {"was_cancelled": True}),
        ("PATCH", f"/api/annotations/{answer}/", {"ground_truth": True}),
        ("PATCH", f"/api/annotations/{answer}/", {"completed_by": world.bob.id}),
        ("DELETE", f"/api/annotations/{answer}/", None),
        ("POST", f"/api/annotations/{answer}/convert-to-draft", {}),
        ("POST", f"/api/annotations/{world.bobs['annotation']}/convert-to-draft", {}),
        ("POST", f"/api/tasks/{task}/annotations/{answer}/drafts", {"result": question_result("Mine?")}),
        ("POST", f"/api/tasks/{task}/annotations/{world.bobs['annotation']}/drafts", {"result": []}),
        ("PATCH", f"/api/drafts/{draft}/", {"result": question_result("Mine?"), "user": world.bob.id}),
        ("DELETE", f"/api/drafts/{draft}/", None),
        ("PATCH", f"/api/dm/views/{view}/?project={project}", {"data": {"title": "mine"}}),
        ("PATCH", f"/api/dm/views/{view}/?project={world.foreign}", {"project": world.foreign}),
        ("DELETE", f"/api/dm/views/reset/?project={project}", {"project": project}),
        ("POST", f"/api/dm/views/order/?project={project}", {"project": project, "ids": [view]}),
        *(("POST", f"/api/dm/actions?id={action}&project={project}", every) for action in actions),
        ("POST", "/api/labels/bulk", {"project": project, "old_label": ["What"], "new_label": ["Who"]}),
        ("POST", "/api/labels/", [{"project": project, "from_name": "tags_1", "value": ["Who"], "title": "Who"}]),
        ("POST", "/api/predictions/", {"task": task, "result": question_result("Mine?")}),
        ("POST", f"/api/projects/{project}/import", [{"passage": "mine"}]),
        ("POST", f"/api/projects/{project}/tasks/bulk/", [{"passage": "mine"}]),
        ("POST", f"/api/fsm/entities/annotation/{answer}/transition/", {"transition_name": "annotation_deleted"}),
        ("POST", f"/api/projects/{project}/exports/", {"title": "mine"}),
        ("POST", "/api/webhooks/", {"url": "http://192.0.2.1/", "project": project}),
        ("POST", "/api/webhooks/", {"url": "http://192.0.2.1/"}),
        ("POST", "/api/ml/", {"url": "http://192.0.2.1/", "project": project}),
        ("POST", "/api/storages/export/s3", {"bucket": "mine", "project": project}),
        ("POST", "/api/storages/export/localfiles", {"path": "/tmp", "project": project}),
        ("POST", f"/api/storages/export/s3/{at['export_storage']}/sync", {}),
    ]
