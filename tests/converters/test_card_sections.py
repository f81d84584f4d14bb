"""What the card says was worked out: agreement, classes, times, how rows were made, and where the dataset lies."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from cards import card_of, cards_of
from job_items import ASK, KEY, asked, job_item, options, ranked, ranking_job
from strategies import make_item

from gtbridge.converters.agreement.agreement import Agreement
from gtbridge.converters.datasets.card_location import relocated
from gtbridge.converters.datasets.rows import Pseudonyms

FEW = ("preference", "sft", "annotations")
PASSAGE = make_item(0, "Ann crossed.")
ASKED = job_item(PASSAGE, asked("w9", PASSAGE.text, ("Who?", "Ann")), task=ASK, job="ask")


def test_agreement_on_the_card_is_that_of_the_answers() -> None:
    card = card_of(ranking_job(6), ["Help"], options(configs=("preference",)))
    agreement = Agreement(Pseudonyms(KEY).of, resamples=50)
    for item in ranking_job(6):
        agreement.see(item)
    (found,) = agreement.dimensions()
    rows = [line for line in card.splitlines() if line.startswith("| `")]
    for name in ("alpha_pair_verdicts", "alpha_midranks", "kendall_w", "tau_b", "verdict_agreement"):
        figure = getattr(found, name)
        (row,) = [row for row in rows if row.startswith(f"| `{name}`")]
        assert f"| {figure.value:.3f} | {figure.low:.3f} to {figure.high:.3f} | {figure.n} {figure.of} |" in row
    assert "(items with 3 annotators; 0.33 by chance)" in card


def test_agreement_that_nothing_defines_is_said_to_be_undefined() -> None:
    alone = job_item(make_item(0, "p", ["a", "b"]), ranked("ann", (1, 2)))
    card = card_of([alone], ["Help"], options(configs=("preference",)))
    assert "| `alpha_pair_verdicts` | not defined |  | 0 pairs |" in card
    assert "nan" not in card.split("## How far")[1].casefold().replace("annotator", "")


def test_the_card_counts_classes_and_says_what_makes_them_count_alike() -> None:
    items = [job_item(make_item(i, f"p{i}", ["a", "b", "c"]), ranked("ann", (1, 2, 2))) for i in range(4)]
    card = card_of(items, ["Help"], options(configs=("unpaired",)))
    assert "| `unpaired` | 4 | 8 | 2 | 1 |" in card


def test_the_card_says_when_and_how_fast_people_answered_but_no_exact_time() -> None:
    times = ["2026-03-30T10:11:12Z", "2026-05-01T00:00:00Z"]
    answers = [ranked(f"w{n}", (1, 2), submitted=at, seconds=80.0 + n) for n, at in enumerate(times)]
    card = card_of([job_item(make_item(0, "p", ["a", "b"]), *answers)], ["Help"], options(configs=("preference",)))
    assert "2 answers to 1 items by 2 annotators, 2026-03 to 2026-05, 1 min 20 s an answer (median of 2)." in card
    assert "10:11" not in card and "2026-03-30" not in card


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"margin": "vote"}, "`margin` is (votes for `chosen` - votes for `rejected`) / annotators."),
        ({"pairs": "adjacent"}, "Only neighbours in the order are paired"),
        ({"consensus": "kemeny"}, "(Kemeny)"),
        ({"aggregate": "pareto"}, "only where no dimension disagrees"),
        ({"aggregate": "weighted", "weights": (("Help", Fraction(5, 2)),)}, "weighted by `Help` 2.5."),
        ({"near_duplicates": 0.9}, "similarity of 0.9 or more"),
        ({"ties": "config"}, "ties are in `ties`"),
        ({"threshold": Fraction(1, 4)}, "of at most 0.25 are desirable, those of at least 0.75 are not"),
        ({"preset": "llamafactory"}, "dataset_info.json"),
    ],
)
def test_every_choice_that_makes_rows_is_on_the_card(chosen: Any, sentence: str) -> None:
    assert sentence in card_of(ranking_job(2), ["Help"], options(**chosen))


def test_a_closed_book_is_called_so_with_its_template() -> None:
    card = card_of([ASKED], [], options(context="none"))
    assert "(closed-book: the model is not given the passage):\n\n```text\n{question}\n```" in card


@pytest.mark.parametrize("preset", ["trl", "trl-implicit", "llamafactory", "axolotl", "openrlhf"])
def test_a_card_for_another_place_is_what_would_have_been_written_for_it(preset: str) -> None:
    cards = cards_of(ranking_job(1), ["Help"], options(preset=preset, configs=FEW))
    wanted = cards(location="org/name")
    for location in ("d", "my data's", 'we"ird\\name', "trl", "p\u00e4th: #x"):
        assert relocated(cards(location=location), "org/name") == wanted
