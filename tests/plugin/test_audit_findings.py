"""What an audit says in sentences: each finding from its threshold on, the weightiest first, with what to do."""

from __future__ import annotations

from typing import Any

import pytest
from audit_findings import (
    Change,
    changed,
    of_alpha,
    of_annotator,
    of_circles,
    of_dimension,
    of_duplicates,
    of_halo,
    of_job,
    of_last_tenth,
    of_longer,
    of_position,
    of_ties,
    of_too_fast,
    of_untouched,
    quiet,
    sentences,
)
from audit_numbers import figure, nothing

from gtbridge.plugin.reports.findings import findings
from gtbridge.plugin.reports.summary import summary_lines

WRONG: list[tuple[Change, str]] = [
    (of_alpha(0.66), "Annotators agree moderately on Help: alpha 0.66 (0.60 to 0.72), n = 240 pairs."),
    (of_alpha(0.31), "Annotators agree weakly on Help: alpha 0.31 (0.25 to 0.37), n = 240 pairs."),
    (of_alpha(0.05), "On Help agreement cannot be told from chance: alpha 0.05 (-0.01 to 0.11), n = 240 pairs."),
    (of_alpha(0.7, 3, 0.8), "On Help agreement cannot be told from chance: alpha 0.70 (-0.10 to 1.50), n = 3 pairs."),
    (of_alpha(-0.2), "On Help agreement is below that of chance: alpha -0.20 (-0.26 to -0.14), n = 240 pairs."),
    (of_position(0.58), "On Help the response shown earlier is preferred in 58 % (56 to 60 %) of the pairs, n = 240."),
    (of_position(0.42), "On Help the response shown later is preferred in 58 % (56 to 60 %) of the pairs, n = 240."),
    (of_longer(0.61), "On Help the longer response is preferred in 61 % (59 to 63 %) of the pairs, n = 240."),
    (of_longer(0.25), "On Help the shorter response is preferred in 75 % (73 to 77 %) of the pairs, n = 240."),
    (
        of_untouched(0.12),
        "On Help 12 % (10 to 14 %) of the orders are as they were shown, where chance gives 4.2 %, n = 240.",
    ),
    (of_ties(0.5), "On Help 50 % (44 to 56 %) of the compared pairs are ties, n = 240."),
    (of_circles(0.06), "On Help the majority runs in a circle in 6 % (4 to 8 %) of the items, n = 240."),
    (
        of_annotator(agreement=figure(0.7, half=0.05)),
        "On Help one annotator agrees much less with the others than is usual (90.0 %): b.",
    ),
    (
        of_annotator(ties=figure(0.3, half=0.05)),
        "On Help one annotator ties far more or less often than is usual (10.0 %): b.",
    ),
    (of_too_fast(0.05), "5 % (3 to 7 %) of the answers came faster than 1,000 words a minute could be read, n = 250."),
    (of_job(simulated=480), "All answers are simulated: a program gave them."),
    (of_job(simulated=20), "20 of 480 answers are simulated: a program gave them."),
    (of_job(declined=40, invalid=20), "60 of 540 answers (11.1 %) do not count: 40 declined, 20 invalid."),
    (of_job(items=29, items_answered=29), "29 items have an answer: figures and intervals are rough."),
    (of_job(items=250), "10 of 250 items have no answer that counts."),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=[sentence[:40] for _, sentence in WRONG])
def test_what_is_past_its_threshold_is_said_with_its_numbers_and_advice(change: Change, sentence: str) -> None:
    found = changed(change)
    assert sentences(found) == [sentence]
    assert len(found.wrong[0].advice) > 30


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (of_duplicates(0.06), "6 % (5 to 7 %) of the questions repeat one about the same passage, n = 240."),
        (
            of_last_tenth(0.25),
            "Questions keep to some parts of the passages: 60 % (58 to 62 %) of the first tenth is in a marked "
            "section, and 25 % (23 to 27 %) of the last, n = 120.",
        ),
    ],
)
def test_so_is_what_questions_lack(change: Change, sentence: str) -> None:
    assert sentences(changed(change, questions=True)) == [sentence]


def test_dimensions_that_say_the_same_are_named() -> None:
    assert sentences(changed(of_halo(0.8), dimensions=("Help", "Safe"))) == [
        "Help and Safe say nearly the same: tau-b 0.80 (0.78 to 0.82) within an answer; 70 % (64 to 76 %) of the "
        "answers give both the same order, n = 200."
    ]


SHORT: list[tuple[Change, dict[str, Any]]] = [
    (of_alpha(0.667), {}),
    (of_position(0.525), {}),
    (of_longer(0.595), {}),
    (of_untouched(0.1), {}),
    (of_ties(0.49), {}),
    (of_circles(0.049), {}),
    (of_annotator(agreement=figure(0.76, half=0.05)), {}),
    (of_annotator(ties=figure(0.24, half=0.05)), {}),
    (of_too_fast(0.049), {}),
    (of_job(declined=20, invalid=20), {}),
    (of_job(items=30, items_answered=30), {}),
    (of_halo(0.79), {"dimensions": ("Help", "Safe")}),
    (of_duplicates(0.04), {"questions": True}),
    (of_last_tenth(0.28), {"questions": True}),
]


@pytest.mark.parametrize(("change", "more"), SHORT)
def test_what_is_short_of_its_threshold_is_no_finding(change: Change, more: dict[str, Any]) -> None:
    assert sentences(changed(change, **more)) == []


def test_a_pull_that_its_interval_does_not_show_is_no_finding() -> None:
    def wide(numbers: dict[str, Any]) -> None:
        numbers["dimensions"][0]["position"]["first_shown_preferred"] = figure(0.6, "pairs", 9, 0.2)
        numbers["dimensions"][0]["longer"]["longer_preferred"] = figure(0.7, "pairs", 9, 0.3)

    assert sentences(changed(wide)) == []


def test_without_random_order_the_advice_is_to_shuffle() -> None:
    random, fixed = (changed(of_position(0.58, shown_at_random=at_random)) for at_random in (True, False))
    assert random.wrong[0].advice != fixed.wrong[0].advice
    assert "shuffle_responses" in fixed.wrong[0].advice


def test_the_weightiest_comes_first_and_the_same_advice_once() -> None:
    numbers = quiet(("Help", "Safe"))
    numbers["dimensions"][0]["alpha_pair_verdicts"] = figure(0.6, "pairs")
    numbers["dimensions"][1]["alpha_pair_verdicts"] = figure(0.2, "pairs")
    of_position(0.58)(numbers)
    of_too_fast(0.5)(numbers)
    found = findings(numbers)
    assert [said.split(" ")[-1 if "alpha" not in said else 4] for said in sentences(found)][:2] == ["Safe:", "Help:"]
    assert len(found.wrong) == 3
    assert [group.weight for group in found.wrong] == sorted((group.weight for group in found.wrong), reverse=True)
    assert [group.important for group in found.wrong] == [True, True, True]
    of_position(0.54)(numbers)
    assert [group.important for group in findings(numbers).wrong] == [True, True, False]


def test_what_is_in_order_is_said_as_well() -> None:
    assert sentences(findings(quiet(questions=True)), "fine") == [
        "All answers count, 480 of them: none was declined or breaks a rule.",
        "None of the answers came faster than 1,000 words a minute could be read, n = 240.",
        "0 % (-6 to 6 %) of the questions repeat one about the same passage, n = 240.",
        "No tenth of the passages is clearly asked about less than the others: between 40.0 % and 40.0 % of each is in "
        "a section, n = 240.",
        "Annotators agree strongly on Help: alpha 0.90 (0.84 to 0.96), n = 240 pairs.",
        "On Help the place on the screen hardly matters: the response shown earlier is preferred in 50 % (44 to 56 %) "
        "of the pairs, n = 240.",
        "On Help 5 % (-1 to 11 %) of the orders are as they were shown, where chance gives 4.2 %, n = 240.",
        "On Help the longer response is preferred in 50 % (44 to 56 %) of the pairs, n = 240.",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (of_dimension(answers=0, annotators=[]), "nobody ranked on it"),
        (lambda numbers: numbers["dimensions"][0]["annotators"].pop(), "there is one annotator"),
        (of_dimension(items=240, answers=240), "no item was answered twice"),
        (of_dimension(verdict_agreement=nothing("x")), "no two annotators compared the same two responses"),
        (lambda numbers: None, "the answers do not differ"),
    ],
)
def test_why_agreement_is_not_defined_is_said(change: Change, reason: str) -> None:
    numbers = quiet()
    numbers["dimensions"][0]["alpha_pair_verdicts"] = nothing("pairs")
    change(numbers)
    assert f"How far annotators agree on Help cannot be said: {reason}." in sentences(findings(numbers), "unknown")


def test_why_place_length_and_time_are_not_known_is_said() -> None:
    numbers = quiet()
    numbers["dimensions"][0]["position"].update(first_shown_preferred=nothing("pairs"), orders_known=0.0)
    numbers["dimensions"][0]["longer"]["longer_preferred"] = nothing("pairs")
    numbers["answers"]["too_fast"]["share"] = nothing("answers")
    assert sorted(sentences(findings(numbers), "unknown")) == [
        "Whether answers were given too fast cannot be said: no answer records its time.",
        "Whether length matters for Help cannot be said: no answer prefers one response to another of a different "
        "length.",
        "Whether the place on the screen matters for Help cannot be said: no answer records the order in which the "
        "responses were shown.",
    ]


def test_the_summary_holds_agreement_and_findings_and_nothing_that_moves_a_cursor() -> None:
    numbers = quiet(("Help\x1b[2J", "漢字"))
    numbers["dimensions"][0]["alpha_pair_verdicts"] = figure(-0.2, "pairs")
    numbers["dimensions"][1]["alpha_pair_verdicts"] = nothing("pairs")
    lines = list(summary_lines(numbers))
    assert lines[0] == "a-job: 240 of 240 items answered, 480 answers by 2 annotators; 0 declined, 0 invalid"
    assert [" ".join(line.split()) for line in lines[2:5]] == [
        "DIMENSION ALPHA 95 % INTERVAL SAME VERDICT N",
        "Help\ufffd[2J -0.20 -0.26 to -0.14 90.0 % 240 pairs",
        "漢字 - - - the answers do not differ",
    ]
    assert lines[6:] == [
        "! On Help\ufffd[2J agreement is below that of chance: alpha -0.20 (-0.26 to -0.14), n = 240 pairs."
    ]
