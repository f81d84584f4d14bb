"""What an annotator may call: the one list, by the names of Label Studio's views. What is not in it is refused.

Names, not paths: Label Studio answers with and without a trailing slash, and to ``.json``. ``scope`` says how the
request names its project, which ``targets`` then finds; the comments say what a screen needs the call for.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["ALLOWED", "Allowed", "Scope"]

Scope = Literal["none", "user", "project", "query", "task", "annotation", "draft", "view"]


class Allowed(NamedTuple):
    """One call. ``own`` means that it reaches only what is the caller's: an annotation, a draft, a task begun."""

    scope: Scope
    own: bool = False


_FREE = Allowed("none")
_PROJECT = Allowed("project")
_QUERY = Allowed("query")

# (method, view name). HEAD and OPTIONS count as GET.
ALLOWED: dict[tuple[str, str], Allowed] = {
    # Pages: shells without data, which then call what is below.
    ("GET", "main"): _FREE,
    ("GET", "projects:project-index"): _FREE,
    ("GET", "data_manager:project-data"): _PROJECT,
    ("GET", "user-account"): _FREE,
    ("GET", "user-account-anything"): _FREE,
    ("GET", "user-login"): _FREE,
    ("POST", "user-login"): _FREE,
    ("GET", "logout"): _FREE,
    ("POST", "logout"): _FREE,
    ("GET", "gtbridge:script"): _FREE,
    ("GET", "gtbridge:picture"): _FREE,
    ("POST", "gtbridge:check"): _FREE,
    ("GET", "gtbridge:about"): _FREE,
    ("GET", "gtbridge:welcome"): _FREE,
    ("POST", "gtbridge:welcome"): _FREE,
    # Files that nobody needs to log in for; these views have no names, so they go by their functions'.
    ("GET", "core.utils.static_serve.serve"): _FREE,
    ("GET", "core.views.serve_file"): _FREE,
    ("GET", "django.views.generic.base.RedirectView"): _FREE,  # favicon.ico
    ("GET", "django.views.static.serve"): _FREE,  # avatars
    # The application's frame: who am I, which version, which features.
    ("GET", "version"): _FREE,
    ("GET", "api-version"): _FREE,
    ("GET", "health"): _FREE,
    ("GET", "feature_flags"): _FREE,
    ("GET", "heidi_tips"): _FREE,
    ("GET", "collect_metrics"): _FREE,
    ("GET", "current-user-whoami"): _FREE,
    ("GET", "current-user-hotkeys"): _FREE,
    ("PATCH", "current-user-hotkeys"): _FREE,
    ("GET", "product-tour"): _FREE,
    ("PATCH", "product-tour"): _FREE,
    ("GET", "session_policy:session-policy"): _FREE,
    ("GET", "organizations:api:organization-detail"): _FREE,
    ("GET", "user-list"): _FREE,  # cut down to oneself
    ("GET", "user-detail"): Allowed("user", own=True),
    ("PATCH", "user-detail"): Allowed("user", own=True),
    # Tokens of one's own, for work through the API.
    ("GET", "current-user-token"): _FREE,
    ("POST", "current-user-reset-token"): _FREE,
    ("GET", "jwt_auth:api-jwt-settings"): _FREE,
    ("GET", "jwt_auth:token_manage"): _FREE,
    ("POST", "jwt_auth:token_manage"): _FREE,
    ("POST", "jwt_auth:token_refresh"): _FREE,
    ("POST", "jwt_auth:token_blacklist"): _FREE,
    ("POST", "jwt_auth:token_rotate"): _FREE,
    # The label stream.
    ("GET", "projects:api:project-list"): _FREE,  # cut down to one's own
    ("GET", "projects:api:project-counts-list"): _FREE,  # cut down to one's own
    ("GET", "projects:api:project-detail"): _PROJECT,
    ("GET", "projects:api:project-next"): _PROJECT,
    ("GET", "projects:api:label-stream-history"): _PROJECT,
    ("POST", "projects:api:project-label-config-validate"): _PROJECT,
    ("GET", "data_manager:dm-project"): _QUERY,
    ("GET", "data_manager:dm-columns"): _QUERY,
    ("GET", "data_manager:dm-actions"): _QUERY,  # answers with none
    ("POST", "data_manager:dm-actions"): _QUERY,  # the next task only
    ("GET", "labels_manager:api-labels:label_link-list"): _QUERY,
    ("GET", "ml:api:ml-list"): _QUERY,
    # One's own tab of the data manager, without filters: a filter on answers would tell what they are.
    ("GET", "data_manager:api:view-list"): _QUERY,
    ("POST", "data_manager:api:view-list"): _QUERY,
    ("GET", "data_manager:api:view-detail"): Allowed("view", own=True),
    ("PATCH", "data_manager:api:view-detail"): Allowed("view", own=True),
    ("PUT", "data_manager:api:view-detail"): Allowed("view", own=True),
    # Tasks begun, one's own answers and drafts.
    ("GET", "tasks:api:task-list"): _QUERY,  # cut down to tasks begun
    ("GET", "tasks:api:task-detail"): Allowed("task", own=True),
    ("GET", "tasks:api:task-annotations"): Allowed("task", own=True),
    ("POST", "tasks:api:task-annotations"): Allowed("task"),
    ("GET", "tasks:api:task-drafts"): Allowed("task", own=True),
    ("POST", "tasks:api:task-drafts"): Allowed("task"),
    ("GET", "tasks:api:task-annotations-drafts"): Allowed("annotation", own=True),
    ("POST", "tasks:api:task-annotations-drafts"): Allowed("annotation", own=True),
    ("GET", "tasks:api-annotations:annotation-detail"): Allowed("annotation", own=True),
    ("PATCH", "tasks:api-annotations:annotation-detail"): Allowed("annotation", own=True),
    ("PUT", "tasks:api-annotations:annotation-detail"): Allowed("annotation", own=True),
    ("GET", "tasks:api-drafts:draft-detail"): Allowed("draft", own=True),
    ("PATCH", "tasks:api-drafts:draft-detail"): Allowed("draft", own=True),
    ("PUT", "tasks:api-drafts:draft-detail"): Allowed("draft", own=True),
    ("DELETE", "tasks:api-drafts:draft-detail"): Allowed("draft", own=True),
}
