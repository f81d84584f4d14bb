"""A dialogue as Label Studio's Paragraphs shows it -> messages. Gives nobody a role that was not said to be theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .config import ObjectTag
from .mapping import ROLES
from .task_data import TaskData

__all__ = ["dialogue_messages"]


def dialogue_messages(
    value: Any, tag: ObjectTag, roles: Mapping[str, str], data: TaskData
) -> tuple[tuple[str, str], ...]:
    """(role, content) of each of the entries in ``value``, in order: ``[{"author": "User", "text": "Hi"}, ...]``.

    The tag's nameKey and textKey say what the two are called. An author has the role that ``roles`` give them; without
    one, those called user, assistant or system, in whatever case, are what they are called.

    InputError, of the task, if ``value`` is no such list or has an author without a role; it names all of these.
    """
    entries = list(_entries(value, tag, data))
    known = {author: roles.get(author) or _own_role(author) for author, _ in entries}
    if strangers := [author for author, role in known.items() if role is None]:
        options = ", ".join(f"--map role:{name}={'|'.join(ROLES)}" for name in strangers)
        raise data.refuse(f"which part the speakers {', '.join(strangers)} have is not said; please say: {options}")
    return tuple((known[author] or "", text) for author, text in entries)


def _own_role(author: str) -> str | None:
    role = author.strip().lower()
    return role if role in ROLES else None


def _entries(value: Any, tag: ObjectTag, data: TaskData) -> Iterator[tuple[str, str]]:
    author_key = tag.attributes.get("namekey", "author")
    text_key = tag.attributes.get("textkey", "text")
    if not isinstance(value, list) or not value:
        raise data.refuse(
            f"{tag} shows no dialogue: expected a list with {author_key!r} and {text_key!r} in each entry"
        )
    for number, entry in enumerate(value, start=1):
        said = [entry.get(key) for key in (author_key, text_key)] if isinstance(entry, dict) else []
        author, text = said or (None, None)
        if not isinstance(author, str) or not author.strip() or not isinstance(text, str):
            raise data.refuse(f"entry {number} of the dialogue that {tag} shows lacks {author_key!r} or {text_key!r}")
        yield author, text
