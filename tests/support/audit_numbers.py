"""Numbers of an audit as ``gtbridge audit --json`` prints them, made up: no two figures are alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from typing import Any

__all__ = ["audit_numbers", "figure", "nothing", "without_values"]

Numbers = dict[str, Any]


def figure(value: float | None, of: str = "items", n: int = 240, half: float = 0.06) -> Numbers:
    """A figure, with an interval of this half width around its value if it has one."""
    if value is None:
        return {"value": None, "low": None, "high": None, "n": n, "of": of}
    return {"value": value, "low": value - half, "high": value + half, "n": n, "of": of}


def nothing(of: str = "items") -> Numbers:
    """A figure that is not defined."""
    return figure(None, of, 0)


def without_values(numbers: Any) -> Any:
    """The same numbers with no figure defined."""
    if isinstance(numbers, dict):
        if set(numbers) == set(nothing()):
            return nothing(numbers["of"])
        return {key: without_values(entry) for key, entry in numbers.items()}
    return [without_values(entry) for entry in numbers] if isinstance(numbers, list) else numbers


class _Made:
    """Figures between two numbers, each different from the ones before."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)

    def __call__(self, low: float, high: float, of: str = "items") -> Numbers:
        half = self.chance.uniform(0.01, 0.1)
        return figure(self.chance.uniform(low, high), of, self.chance.randint(40, 5_000), half)


def audit_numbers(
    dimensions: Sequence[str] = ("Helpfulness", "Clarity"),
    *,
    annotators: Sequence[str] = ("annotator-a", "annotator-b", "annotator-c"),
    models: Sequence[str] = ("model-a", "model-b", "model-c"),
    jobs: Sequence[str] = ("a-job",),
    questions: bool = False,
    reasons: Sequence[str] | None = None,
    seed: int = 0,
) -> Numbers:
    """The numbers of a ranking, if there are ``dimensions``, and of questions and answers, if those are asked for.

    With ``reasons`` the tasks ask for those not to judge, for flags of these names, and for comments.
    """
    made = _Made(seed)
    return {
        "jobs": [_job(name, "text-ranking" if dimensions else "question-answer", len(annotators)) for name in jobs],
        "dimensions": [
            _dimension(made, name, number % 2 == 0, annotators, models) for number, name in enumerate(dimensions)
        ],
        "halo": [
            {"dimensions": list(two), "same_order": made(0, 1, "answers"), "tau_b": made(-1, 1, "answers")}
            for two in combinations(dimensions, 2)
        ],
        "answers": _answers(made),
        "annotators": [_annotator(made, name, dimensions, reasons or ()) for name in annotators],
        "questions": _questions(made, len(annotators)) if questions else None,
        "remarks": None if reasons is None else _remarks(made, reasons, models),
    }


def _job(name: str, task: str, annotators: int) -> Numbers:
    answered = {"items": 250, "items_answered": 240, "answers": 240 * annotators, "annotators": annotators}
    return {"name": name, "task": task, **answered, "declined": 7, "invalid": 5, "simulated": 0}


def _dimension(made: _Made, name: str, allow_tie: bool, annotators: Sequence[str], models: Sequence[str]) -> Numbers:
    return {
        "name": name,
        "allow_tie": allow_tie,
        "items": 240,
        "answers": 240 * len(annotators),
        **{f"alpha_{kind}": made(-0.1, 0.9, "pairs") for kind in ("pair_verdicts", "midranks")},
        "kendall_w": made(0, 1),
        "kendall_w_annotators": len(annotators),
        "kendall_w_chance": 1 / len(annotators),
        **{key: made(-0.2, 0.9) for key in ("mean_spearman", "tau_b")},
        "verdict_agreement": made(0, 1, "pairs of verdicts"),
        "ties": made(0, 0.6, "verdicts"),
        "majority_cycles": made(0, 0.2),
        "annotators": [
            {
                "name": annotator,
                "answers": made.chance.randint(10, 240),
                "simulated": False,
                "agreement": made(0.3, 0.9, "pairs of verdicts"),
                "tau_b": made(-0.2, 0.9, "pairs of rankings"),
                "ties": made(0, 0.6, "verdicts"),
            }
            for annotator in annotators
        ],
        "strengths": [_strength(made, model) for model in models],
        "tie_parameter": made(0.1, 0.9) if allow_tie else None,
        "position": {
            "first_shown_preferred": made(0.3, 0.7, "pairs"),
            "mean_midrank_by_place": [made(0.2, 0.8, "answers") for _ in range(4)],
            "orders_known": 0.875,
            "shown_at_random": True,
        },
        "untouched": None if allow_tie else {"share": made(0, 0.4, "answers"), "chance": 1 / 24},
        "longer": {
            "longer_preferred": made(0.3, 0.8, "pairs"),
            "by_ratio": [
                {"from": low, "to": high, "share": made(0.3, 0.8, "pairs")}
                for low, high in ((1.0, 1.25), (1.25, 1.5), (1.5, 2.0), (2.0, None))
            ],
            "unit": "words",
        },
    }


def _strength(made: _Made, model: str) -> Numbers:
    wins, ties, losses = (made.chance.randint(0, 900) for _ in range(3))
    return {"model": model, "strength": made(-1.5, 1.5), "wins": wins, "ties": ties, "losses": losses}


def _answers(made: _Made) -> Numbers:
    counts = [made.chance.randint(0, 90) for _ in range(10)]
    examples = [{"item": f"a-job/{n}", "annotator": "annotator-a", "seconds": n + 0.5, "words": 400} for n in range(3)]
    fast = {"words_per_minute": 1000.0, "share": made(0, 0.3, "answers"), "answers": 31, "examples": examples}
    return {
        "with_time": sum(counts),
        "median_seconds": 41.5,
        "quartiles": [22.0, 41.5, 95.0],
        "seconds": {"edges": [2.0 * 1.8**n for n in range(11)], "counts": counts},
        "too_fast": fast,
    }


def _remarks(made: _Made, names: Sequence[str], models: Sequence[str]) -> Numbers:
    """Names of reasons serve as those of flags as well."""
    return {
        "reasons": [{"reason": name, "answers": made.chance.randint(1, 90)} for name in names],
        "could_comment": 720,
        "commented": 131,
        "flags": [{"flag": name, "given": made.chance.randint(1, 90), "judged": 2880} for name in names],
        "models": [
            {"model": model, "judged": 960, "flags": {name: made.chance.randint(1, 90) for name in names}}
            for model in models
        ],
        "responses": [
            {"item": f"a-job/{number}", "response": number + 1, "flag": name, "annotators": 2, "of": 3}
            for number, name in enumerate(names)
        ],
    }


def _annotator(made: _Made, name: str, dimensions: Sequence[str], reasons: Sequence[str]) -> Numbers:
    return {
        "name": name,
        "simulated": False,
        **{key: made.chance.randint(1, 240) for key in ("answers", "declined", "invalid", "too_fast", "untouched")},
        "declined_for": {reason: made.chance.randint(1, 20) for reason in reasons},
        "median_seconds": made.chance.uniform(5, 300),
        "ties": {dimension: made(0, 0.6, "verdicts") for dimension in dimensions},
        "agreement": {dimension: made(0.3, 0.9, "pairs of verdicts") for dimension in dimensions},
    }


def _questions(made: _Made, annotators: int) -> Numbers:
    words = {"edges": [1, 4, 7, 10, 13], "counts": [5, 40, 30, 2], "median": 7.0}
    return {
        "pairs": 312,
        "annotators": annotators,
        "tags": [{"tag": tag, "count": n, "share": n / 312} for tag, n in (("What", 140), ("Why", 90), ("Who", 61))],
        "custom_tags": 12,
        "question_words": words,
        "answer_words": {**words, "median": 5.0},
        "scope": {"passage": 200, "sections": 100, "none": 12},
        "extractive": made(0.2, 0.9, "pairs"),
        "duplicates": {
            "share": made(0.01, 0.2, "pairs"),
            "groups": [{"question": "Who crossed the river?", "count": 3, "items": ["a-job/4"]}],
            "near": 9,
        },
        "first_words": [{"word": word, "count": n} for word, n in (("what", 120), ("who", 66), ("why", 40))],
        "coverage": {
            "covered": made(0.2, 0.8, "items"),
            "by_part": [made(0.6 - 0.05 * part, 0.7 - 0.05 * part, "items") for part in range(10)],
            "asked_by_part": [0.19 - 0.02 * part for part in range(10)],
            "uncovered": [
                {"item": "a-job/7", "share": 0.9, "unasked": [[40, 400]], "text": "The river rises in the north and"}
            ],
        },
    }
