"""A job that asks for comments, flags and reasons, over a guarded server's API, out, and into another project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from guarded_api import Caller, Desk, calling, open_desk
from judged_jobs import Job, chosen, order, text
from roads import done, output_lines, worker_file

from gtbridge.plugin.local_server.embedded import Embedded

pytestmark = pytest.mark.guarded

JOB = Job(
    "richer",
    """\
task: text-ranking
dimensions:
  - {name: Helpfulness, allow_tie: true}
  - {name: Clarity, allow_tie: false}
reference: true
flags: [Unsafe, Off topic]
comment: required
cannot_judge: [Too vague, Not my field]
""",
    {"source": "Why?", "responses": ["So", "Thus", "Hm"], "models": ["m-1", "m-2", "m-3"], "reference": "Because."},
    [
        *(chosen(f"rank__helpfulness__{n}", f"r{n}:{n + 1}") for n in range(3)),
        *(order("r0", "r2", "r1"), chosen("done__clarity", "confirmed")),
    ],
)
COMMENT = {**text("comment", "hm"), "to_name": "prompt"}
VAGUE = {**chosen("cannot_judge", "Too vague"), "to_name": "prompt"}


def flags(*values: str) -> dict[str, Any]:
    return {**chosen("flags__1", *values), "to_name": "prompt"}


@pytest.fixture(scope="module")
def people(guarded: Embedded) -> Iterator[tuple[Caller, Caller, Caller]]:
    """The owner and two annotators."""
    with calling(guarded) as owner, calling(guarded, "richer-one") as one, calling(guarded, "richer-two") as two:
        yield owner, one, two


@pytest.fixture(scope="module")
def desk(people: tuple[Caller, Caller, Caller], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return open_desk(people[0], tmp_path_factory.mktemp("richer"), "richer", JOB, items=2)


BROKEN = {
    "no comment": (JOB.good, "write a comment"),
    "a blank comment": ([*JOB.good, {**COMMENT, "value": {"text": [" "]}}], "write a comment"),
    "a reason without a comment": ([VAGUE], "write a comment"),
    "ranks beside a reason": (
        [VAGUE, COMMENT, *JOB.good],
        "cannot be judged (Too vague), but there are ranks as well; take back one of them",
    ),
    "another reason": (
        [chosen("cannot_judge", "Bored"), COMMENT],
        "Bored is not one of the reasons not to judge",
    ),
    "two reasons": ([chosen("cannot_judge", "Too vague", "Not my field"), COMMENT], None),
    "no response's flag": (
        [*JOB.good, COMMENT, flags("r9:Unsafe")],
        "the flags: 'r9:Unsafe' is no flag of a response",
    ),
}  # fmt: skip


def test_what_breaks_a_rule_is_refused_in_its_words(desk: Desk, people: tuple[Caller, Caller, Caller]) -> None:
    for name, (result, sentence) in BROKEN.items():
        answer = people[1]("POST", desk.path(1), json={"result": result})
        assert answer.status_code == 400, name
        said = next(iter(answer.json()["validation_errors"].values()))
        assert sentence is None or said == [sentence], name
    unknown = people[1]("POST", desk.path(1), json={"result": [*JOB.good, COMMENT, flags("r1:Rude")]})
    assert unknown.status_code == 400
    assert " Rude is not one of the flags" in unknown.text
    assert desk.stored(1) == []


def test_a_judgement_that_an_item_cannot_be_judged_counts_goes_out_and_comes_back(
    guarded: Embedded, desk: Desk, people: tuple[Caller, Caller, Caller], tmp_path: Path
) -> None:
    owner, one, two = people
    marked = [*JOB.good, COMMENT, flags("r1:Unsafe", "r1:Off topic")]
    assert one("POST", desk.path(0), json={"result": [VAGUE, COMMENT]}).status_code == 201
    assert two("POST", desk.path(0), json={"result": marked}).status_code == 201
    again = one("POST", desk.path(0), json={"result": marked})
    assert again.status_code == 409
    assert owner("GET", f"/api/tasks/{desk.tasks[0]['id']}/").json()["is_labeled"] is True
    following = one("GET", f"/api/projects/{desk.project}/next").json()
    assert following["id"] == desk.tasks[1]["id"]
    assert "m-1" not in json.dumps(following)

    described = json.loads(done("job", "describe", "richer", "--json", server=guarded))["LabelStudio"]
    kinds = ("Answers", "Valid", "Declined", "Invalid", "SentBack")
    assert [described[kind] for kind in kinds] == [2, 1, 1, 0, 0]
    done("job", "export", "richer", "--to", str(tmp_path), server=guarded)
    ledger = json.loads((tmp_path / "richer" / "gtbridge" / "ledger.json").read_text(encoding="utf-8"))
    assert [(drop["reason"], drop["count"]) for drop in ledger["answers"]["dropped"]] == [("declined: Too vague", 1)]
    document = worker_file(tmp_path / "richer", output_lines(tmp_path / "richer")[0])
    content = document["answers"][0]["answerContent"]
    assert (content["comment"], content["flags-1"]) == ("hm", {"Unsafe": True, "Off topic": True})
    [declined] = document["gtbridge"]["declined"]
    assert declined["answerContent"] == {"comment": "hm", "cannotJudge": "Too vague"}

    done("migrate", str(tmp_path / "richer"), "--project", "richer-2", server=guarded)
    for a, b in ((str(tmp_path / "richer"), "label-studio:richer"), ("label-studio:richer", "label-studio:richer-2")):
        found = json.loads(done("verify", a, b, "--json", server=guarded))
        assert (found["answers"]["compared"], found["differences"]["listed"]) == (2, [])
    copy = json.loads(done("job", "describe", "richer-2", "--json", server=guarded))["LabelStudio"]
    assert (copy["Valid"], copy["Declined"]) == (1, 1)
