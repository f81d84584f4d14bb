"""The audit of published data sets, where they are at hand; small sets of the same shape everywhere."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from audited import audited
from real_data import pandalm, xquad
from strategies import make_item

from gtbridge.converters.judgement.job_item import JobItem
from gtbridge.converters.judgement.judge import judge
from gtbridge.converters.judgement.words import count_words
from gtbridge.converters.records import Answer, Pair, Ranking, Section, Worker
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, TextRanking

QUALITY = TextRanking(dimensions=(Dimension(name="Quality", allow_tie=True),))
ASK = QuestionAnswer()
RANKS: dict[int, tuple[int, int]] = {1: (1, 2), 2: (2, 1), 0: (1, 1)}


def pandalm_items() -> list[JobItem]:
    made = []
    for index, record in enumerate(pandalm()):
        item = make_item(
            index, f"{record['instruction']}\n\n{record['input']}", [record["response1"], record["response2"]]
        )
        answers = [
            Answer(Worker(f"annotator{n}"), rankings=(Ranking("Quality", RANKS[record[f"annotator{n}"]], True),))
            for n in (1, 2, 3)
        ]
        made.append(JobItem("pandalm", item, QUALITY, judge(QUALITY, item, answers)))
    return made


def xquad_items() -> list[JobItem]:
    made = []
    for index, paragraph in enumerate(xquad()):
        item = make_item(index, paragraph["context"])
        pairs = tuple(_pair(qa["question"], qa["answers"][0]) for qa in paragraph["qas"])
        answer = Answer(Worker("x"), pairs=pairs)
        made.append(JobItem("xquad", item, ASK, judge(ASK, item, [answer])))
    return made


def _pair(question: str, answer: dict[str, Any]) -> Pair:
    start, text = answer["answer_start"], answer["text"]
    return Pair(question, text, (), (Section(start, start + len(text), text),), "sections")


def figures(value: Any) -> list[dict[str, Any]]:
    """All figures, wherever they stand."""
    if isinstance(value, dict):
        return [value] if "low" in value else [one for entry in value.values() for one in figures(entry)]
    return [one for entry in value for one in figures(entry)] if isinstance(value, list) else []


def test_every_figure_lies_in_its_interval() -> None:
    found = [audited(items, resamples=200) for items in (pandalm_items(), xquad_items())]
    known = [figure for figure in figures(found) if figure["value"] is not None]
    assert len(known) > 20
    for figure in known:
        assert np.isfinite(figure["value"])
        assert figure["n"] > 0
        if figure["low"] is not None:
            assert figure["low"] <= figure["value"] <= figure["high"]
    assert sum(figure["low"] is not None for figure in known) > 10


def test_longer_responses_of_pandalm_are_preferred_as_often_as_a_plain_count_says() -> None:
    expected: Counter[bool] = Counter()
    for record in pandalm():
        one, two = count_words(record["response1"]), count_words(record["response2"])
        for verdict in (record[f"annotator{n}"] for n in (1, 2, 3)):
            if verdict and one != two:
                expected[(verdict == 1) == (one > two)] += 1
    figure = audited(pandalm_items())["dimensions"][0]["longer"]["longer_preferred"]
    assert (figure["value"], figure["n"]) == (expected[True] / expected.total(), expected.total())


def test_the_passages_of_xquad_are_covered_as_a_mask_says() -> None:
    masks = []
    for paragraph in xquad():
        mask = np.zeros(len(paragraph["context"]), dtype=bool)
        for qa in paragraph["qas"]:
            start = qa["answers"][0]["answer_start"]
            mask[start : start + len(qa["answers"][0]["text"])] = True
        masks.append(mask)
    coverage = audited(xquad_items())["questions"]["coverage"]
    assert coverage["covered"]["value"] == pytest.approx(np.concatenate(masks).mean(), abs=1e-12)
    for part, figure in enumerate(coverage["by_part"]):
        tenths = [mask[len(mask) * part // 10 : len(mask) * (part + 1) // 10] for mask in masks]
        assert figure["value"] == pytest.approx(np.concatenate(tenths).mean(), abs=1e-12)


def test_the_answers_of_xquad_are_extractive_and_its_words_are_counted() -> None:
    found = audited(xquad_items())["questions"]
    pairs = [qa for paragraph in xquad() for qa in paragraph["qas"]]
    assert (found["extractive"]["value"], found["extractive"]["n"]) == (1.0, len(pairs))
    words = sorted(count_words(qa["question"]) for qa in pairs)
    assert found["question_words"]["median"] == np.median(words)
    edges, counts = found["question_words"]["edges"], found["question_words"]["counts"]
    assert counts == [int(count) for count in np.histogram(words, bins=edges)[0]]
