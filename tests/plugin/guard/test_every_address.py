"""Every address of the server, as people call it who are no reviewers: what they reach, see and change.

The list of addresses is Django's own, so that a new version of Label Studio cannot bring one unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from addresses import METHODS, Address, call, handled, is_refused
from addresses_callers import ENDING, KNOWS_SESSIONS, WAYS, calling, shown
from addresses_walk import SHADOWED, another, closed
from addresses_world import CANARIES, World
from stored import Stored

from gtbridge.plugin.files.side_by_side import batches
from gtbridge.plugin.guard.allowed import ALLOWED

REFUSED = Path(__file__).parents[2] / "data/guard/refused-views.txt"

# After so many addresses the whole database is read, which takes longer than to call them.
_LOOKED_AT_TOGETHER = 20
# Who is in the organization is no secret among its members.
MEMBERS_MAY_KNOW = {"user-list", "user-detail", "organizations:api:organization-memberships-list"}


def refused() -> dict[str, list[str]]:
    """The reviewed list: the methods by the name of the view, none for all of them."""
    lines = [line for line in REFUSED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    names = {line.split()[0]: line.split()[1:] for line in lines}
    assert len(names) == len(lines), "a view is listed twice"
    return names


def undecided(addresses: list[Address]) -> list[tuple[str, str]]:
    """Calls that are on neither list."""
    names = refused()
    there = {(method, address.name) for address in addresses for method in handled(address)}
    return sorted(
        (method, name)
        for method, name in there - ALLOWED.keys()
        if name not in names or method not in (names[name] or METHODS)
    )


def test_each_view_is_either_allowed_or_refused(addresses: list[Address]) -> None:
    there = {(method, address.name) for address in addresses for method in handled(address)}
    wanted = refused()
    closed = {(method, name) for method, name in there if name in wanted and method in (wanted[name] or METHODS)}
    listed = {(method, name) for name, methods in wanted.items() for method in methods}
    gone = sorted(set(wanted) - {name for _, name in there})
    open_ones, twice = undecided(addresses), sorted(closed & ALLOWED.keys())
    stale = sorted((listed | ALLOWED.keys()) - there)
    assert not open_ones, f"decide: may annotators call these (allowed.py), or not ({REFUSED.name})? {open_ones}"
    assert not twice, f"these are allowed in allowed.py and refused in {REFUSED.name}; decide: {twice}"
    assert not gone, f"Label Studio has no such views any more; take them out of {REFUSED.name}: {gone}"
    assert not stale, f"Label Studio does not answer these any more; take them out of where they are listed: {stale}"


@pytest.mark.parametrize(
    ("new", "call"),
    [
        (Address("api/tasks/{pk}/convert/", "tasks:api:task-convert", ("POST",)), ("POST", "tasks:api:task-convert")),
        (Address("new/", "new.views.page", None), ("GET", "new.views.page")),
        (Address("api/tasks/{pk}/", "tasks:api:task-detail", ("GET", "QUERY")), ("QUERY", "tasks:api:task-detail")),
    ],
)
def test_a_view_or_a_method_that_a_new_version_brings_is_noticed(
    addresses: list[Address], new: Address, call: tuple[str, str]
) -> None:
    assert undecided(addresses) == []
    assert call in undecided([*addresses, new])


def test_the_list_of_refused_views_is_sorted_within_its_sections() -> None:
    for section in REFUSED.read_text("utf-8").split("\n\n"):
        lines = [line for line in section.splitlines() if not line.startswith("#")]
        assert lines == sorted(lines)


@pytest.mark.guarded
@pytest.mark.parametrize("way", WAYS)
def test_an_annotator_changes_and_sees_nothing_that_is_not_theirs(
    world: World, addresses: list[Address], way: str
) -> None:
    wrong: list[str] = []
    with calling(world, world.bob, way) as bob, closing(Stored(world.database, world.data_dir)) as database:
        for several in batches(enumerate(addresses), _LOOKED_AT_TOGETHER):
            for at, address in several:
                if address.template.startswith(SHADOWED if way == "session" else KNOWS_SESSIONS):
                    continue
                for method in (*handled(address), *another(address, at)) if way == "session" else handled(address):
                    allowed = ALLOWED.get((method, address.name))
                    if allowed is None or allowed.own:
                        both = way == "session" and method == handled(address)[0]
                        wrong += closed(bob, method, address, world, slashes=both)
            wrong += [f"one of {[address.name for _, address in several]} changed {it}" for it in database.changes()]
    assert not wrong, "\n".join(wrong)


# What a response of Label Studio's can be made to hold, or to leave out.
FIELDS = "id,data,result,annotations,drafts,predictions,annotations_results,annotators,updated_by,completed_by"
QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"include": FIELDS},
    {"include": "annotations,predictions,drafts,result"},
    {"omit": "id,completed_by,user"},
    {"expand": FIELDS, "interaction": "filter", "review": "true", "annotations": "true", "predictions": "true"},
)
# Allowed, but answered otherwise than with 200 at the address that the walk makes up.
OTHERWISE = {
    "heidi_tips": 404,
    "core.utils.static_serve.serve": 404,
    "django.views.static.serve": 404,
    "django.views.generic.base.RedirectView": 301,
    "user-login": 302,
    "product-tour": 400,
    "collect_metrics": 204,
}


@pytest.mark.guarded
@pytest.mark.parametrize("way", WAYS)
def test_an_annotator_reaches_what_is_allowed_and_sees_nothing_of_others_there(
    world: World, addresses: list[Address], way: str
) -> None:
    wrong: dict[str, None] = {}
    queries = QUERIES if way == "session" else QUERIES[:2]
    ranking = {**world.bobs, "project": world.ranking_job, "task": world.bobs["ranked_task"]}
    with calling(world, world.bob, way) as bob:
        for address in addresses:
            for method in handled(address):
                allowed = ALLOWED.get((method, address.name))
                if allowed is None or (method, address.name) in ENDING:
                    continue
                for things in {"task": (world.bobs, ranking), "annotation": (ranking,)}.get(
                    allowed.scope, (world.bobs,)
                ):
                    for query in queries if method == "GET" else QUERIES[:1]:
                        answer = call(bob, method, address.path(things), things, **query)
                        wrong |= dict.fromkeys([*shown(answer, CANARIES), *unanswered(answer, address, way)])
    assert not wrong, "\n".join(wrong)


def unanswered(answer: httpx.Response, address: Address, way: str) -> Iterator[str]:
    """What is wrong with the answer to an allowed call."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    if answer.status_code >= 500:
        yield f"{asked} fails: {answer.text[:200]}"
    elif way != "session" and not address.template.startswith("api/"):
        return  # pages know sessions only
    elif answer.request.method == "GET" and answer.status_code not in (200, OTHERWISE.get(address.name)):
        yield f"{asked} is refused: {answer.status_code} {answer.text[:80]}"


@pytest.mark.guarded
def test_a_member_sees_nothing_of_others_in_a_watched_project(world: World, addresses: list[Address]) -> None:
    things = world.things
    opened = {"project": world.open_job, "task": things["open_task"], "annotation": things["open_annotation"]}
    wrong: dict[str, None] = {}
    with calling(world, world.mia, "session") as mia:
        for address in addresses:
            if "GET" not in handled(address) or ("GET", address.name) in ENDING:
                continue
            people = {"zqalice", "zqkim", "zqforeign"} if address.name in MEMBERS_MAY_KNOW else {"zqforeign"}
            for about, query in ((things, {}), ({**things, **opened}, QUERIES[1])):
                answer = call(mia, "GET", address.path(about), about, **query)
                wrong |= dict.fromkeys(shown(answer, CANARIES.keys() - people))
        for project in (world.question_job, world.open_job):
            for action in ("next_task", "retrieve_tasks_predictions", "predictions_to_annotations", "delete_tasks"):
                request: dict[str, int | str] = {"id": action, "project": project}
                every = {"all": True, "excluded": []}
                answer = mia.post("/api/dm/actions", params=request, json={"selectedItems": every})
                wrong |= dict.fromkeys(shown(answer, CANARIES))
                allowed = action == "next_task" and project == world.open_job
                assert answer.status_code == 200 if allowed else is_refused(answer), answer.text
    assert not wrong, "\n".join(wrong)
