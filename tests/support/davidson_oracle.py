"""Davidson's model a second time: comparisons drawn from it, and fits of it by `scipy.optimize`."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import scipy
from panels import panel_item

from gtbridge.converters.agreement.results import DimensionAgreement
from gtbridge.converters.judgement.job_item import JobItem

Counts = dict[tuple[int, int], tuple[int, int, int]]


def davidson_sample(seed: int, models: int, items: int, log_tie: float, annotators: int = 2) -> list[JobItem]:
    """Items of two responses of different models, judged as Davidson's model says; the first is the strongest."""
    random = np.random.default_rng(seed)
    strengths = np.linspace(1, -1, models)
    made = []
    for _ in range(items):
        one, other = random.choice(models, 2, replace=False)
        weights = np.exp([strengths[one], strengths[other], log_tie + (strengths[one] + strengths[other]) / 2])
        verdicts = random.choice(3, annotators, p=weights / weights.sum())
        rankings = {f"a{n}": [(1, 2), (2, 1), (1, 1)][verdict] for n, verdict in enumerate(verdicts)}
        made.append(panel_item(rankings, (f"m{one:02}", f"m{other:02}")))
    return made


def counted(items: list[JobItem]) -> Counts:
    """Wins of the first, of the second, and ties of each pair of models, by number."""
    found: dict[tuple[int, int], list[int]] = {}
    for item in items:
        models = [int(name[1:]) for name in item.item.models or ()]
        for answer in item.judged.valid:
            ranks = answer.rankings[0].ranks
            known = sorted((model, rank) for model, rank in zip(models, ranks, strict=True) if rank is not None)
            for (low, a), (high, b) in combinations(known, 2):
                if low != high:
                    found.setdefault((low, high), [0, 0, 0])[0 if a < b else 1 if a > b else 2] += 1
    return {pair: (wins, losses, ties) for pair, (wins, losses, ties) in found.items()}


def most_probable(counts: Counts, models: int, deviation: float | None = 3.0) -> Any:
    """Strengths and log v, by scipy; without a deviation there is no prior, and the strengths have mean 0."""

    def loss(parameters: Any) -> float:
        strength, log_tie = parameters[:-1], parameters[-1]
        total = 0.0
        for (one, other), outcomes in counts.items():
            weights = np.array([strength[one], strength[other], log_tie + (strength[one] + strength[other]) / 2])
            total -= float(np.dot(outcomes, weights - np.logaddexp.reduce(weights)))
        prior = (parameters**2).sum() / 2 / deviation**2 if deviation else strength.mean() ** 2
        return total + float(prior)

    options = {"gtol": 1e-7, "maxiter": 10_000}
    return scipy.optimize.minimize(loss, np.zeros(models + 1), method="BFGS", options=options).x


def strength_of(found: DimensionAgreement) -> dict[str, float | None]:
    return {strength.model: strength.strength.value for strength in found.strengths}


def values(found: DimensionAgreement) -> list[float]:
    """The strengths that are known, by the models' names."""
    return [value for _, value in sorted(strength_of(found).items()) if value is not None]
