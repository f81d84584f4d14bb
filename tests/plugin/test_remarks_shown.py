"""Comments, flags and reasons where people meet them: on the audit's page, before a push, from simulated annotators."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from audit_numbers import audit_numbers
from job_items import build_in_memory, job_item, options
from remarked import ASK, ITEM, RANK
from roads import done, write_lines
from strategies import make_item

from gtbridge.converters.judgement.rules import problems
from gtbridge.converters.records import Answer, Worker
from gtbridge.plugin.hub.table_scan import Scan
from gtbridge.plugin.local_server.simulate import simulated_answer
from gtbridge.plugin.reports.page import Section, plain
from gtbridge.plugin.reports.sections_remarks import remark_sections
from gtbridge.plugin.reports.wording import for_terminal

REMARKS = {
    "reasons": [{"reason": "Too vague", "answers": 7}, {"reason": "Odd", "answers": 0}],
    "could_comment": 40,
    "commented": 10,
    "flags": [{"flag": "Unsafe", "given": 3, "judged": 60}, {"flag": "Rude", "given": 0, "judged": 0}],
    "models": [
        {"model": "calm", "judged": 30, "flags": {"Unsafe": 0, "Rude": 0}},
        {"model": "wild", "judged": 30, "flags": {"Unsafe": 3, "Rude": 0}},
    ],
    "responses": [{"item": "a-job/4", "response": 2, "flag": "Unsafe", "annotators": 3, "of": 4}],
}


def section(remarks: Any, **declined_for: dict[str, int]) -> Section | None:
    numbers = audit_numbers(annotators=("annotator-a", "annotator-b", "annotator-c"))
    for one in numbers["annotators"]:
        one["declined_for"] = declined_for.get(one["name"][-1], {})
    return next(remark_sections({**numbers, "remarks": remarks}), None)


def tables(part: Section) -> dict[str, list[list[str]]]:
    return {
        table.caption: [[for_terminal(plain((cell,))) for cell in row] for row in (table.heads, *table.rows)]
        for table in part.tables
    }


def test_the_page_says_why_items_were_declined_and_whose_responses_were_flagged() -> None:
    part = section(REMARKS, a={"Too vague": 2}, b={"Too vague": 5})
    assert part is not None
    assert for_terminal(plain(part.about[0])) == (
        "Declined with a reason: 7 answers. Flags on responses: 3. "
        "With a comment: 10 of 40 answers (25.0 %); read them."
    )
    assert tables(part) == {
        "Why items were declined": [
            ["annotator", "Too vague", "Odd"],
            ["everybody", "7", "0"],
            ["annotator-b", "5", "0"],
            ["annotator-a", "2", "0"],
        ],
        "How often responses were flagged": [
            ["responses of", "judged", "Unsafe", "Rude"],
            ["all models", "60", "5.0 %", "–"],
            ["wild", "30", "10.0 %", "0.0 %"],
            ["calm", "30", "0.0 %", "0.0 %"],
        ],
        "Responses that were flagged most": [
            ["item", "response", "flag", "annotators"],
            ["a-job/4", "2", "Unsafe", "3 of 4"],
        ],
    }


def test_the_page_has_nothing_of_what_no_task_asks_for() -> None:
    assert section(None) is None
    part = section({**REMARKS, "reasons": [], "flags": [], "models": [], "responses": []})
    assert part is not None
    assert (part.tables, plain(part.about[0])[:14]) == ((), "With a comment")


def test_what_must_not_be_published_is_found_in_comments_and_flags() -> None:
    answer = Answer(Worker("cy"), status="declined", reason="Too vague", comment="ask jo@example.com")
    marked = Answer(Worker("dan"), status="declined", reason="Too vague", flags=((), ("s3://bucket/x",)))
    _, _, _, files = build_in_memory(
        [job_item(ITEM, answer, marked, task=RANK)], ["Help", "Clear"], options(configs=("annotations",))
    )
    scan = Scan()
    for (config, split, _), data in files.items():
        scan.table(io.BytesIO(data), config, split, 0, "a file")
    found = {(one.kind, one.column) for one in scan.refused}
    assert {("email", "comment"), ("s3", "flags")} <= found


@pytest.mark.parametrize("comment", [None, "optional", "required"])
def test_simulated_annotators_comment_where_the_task_demands_it(comment: str | None) -> None:
    chance = random.Random(5)
    ranking = RANK.model_copy(update={"comment": comment})
    asking = ASK.model_copy(update={"comment": comment})
    pairs = [{"question": "Who?", "answer": "The fox", "tags": [], "quotes": ["fox"]}]
    passage = make_item(0, "The fox crossed.")
    for task, item, material in ((ranking, ITEM, [0.1, 0.9, 0.4]), (asking, passage, pairs)):
        answer = simulated_answer(task, item, material, chance)
        assert problems(task, item, answer) == []
        assert (answer.comment is not None) == (comment == "required")


def test_a_manifest_gets_its_reference_answers_from_a_column(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", [{"source": "Why?", "responses": ["a", "b"], "gold": "x"}])
    done("manifest", "make", str(path), "--reference-column", "gold", "-o", str(tmp_path / "m.jsonl"))
    line = json.loads((tmp_path / "m.jsonl").read_text(encoding="utf-8"))
    assert line == {"source": "Why?", "responses": ["a", "b"], "reference": "x"}
