"""Why a figure has no value: what would have to be there for it. The page never shows a gap without a reason."""

from __future__ import annotations

from .wording import Numbers

__all__ = ["why_no_agreement", "why_no_length", "why_no_position", "why_no_strengths", "why_not_untouched"]


def why_no_agreement(dimension: Numbers) -> str:
    """Why no measure of agreement is defined on the dimension, or not the one that is asked about."""
    if not dimension["answers"]:
        return "nobody ranked on it"
    if len(dimension["annotators"]) == 1:
        return "there is one annotator"
    if dimension["answers"] <= dimension["items"]:
        return "no item was answered twice"
    if dimension["verdict_agreement"]["value"] is None:
        return "no two annotators compared the same two responses"
    return "the answers do not differ"


def why_no_position(dimension: Numbers) -> str:
    """Why it is not known whether the place on the screen matters."""
    if not dimension["answers"]:
        return "nobody ranked on it"
    if not dimension["position"]["orders_known"]:
        return "no answer records the order in which the responses were shown"
    return "no answer with a recorded order prefers one response to another"


def why_no_length(dimension: Numbers) -> str:
    """Why it is not known whether length matters."""
    if not dimension["answers"]:
        return "nobody ranked on it"
    return "no answer prefers one response to another of a different length"


def why_not_untouched(dimension: Numbers) -> str:
    """Why it cannot be told whether orders were left as they were shown."""
    if dimension["allow_tie"]:
        return "ranks start empty here, so that nothing can be left as it was"
    if not dimension["position"]["orders_known"]:
        return "no answer records the order in which the responses were shown"
    return "the responses were not shown in random order"


def why_no_strengths(dimension: Numbers) -> str:
    """Why no model's strength is known."""
    if not dimension["strengths"]:
        return "the items do not name the models that wrote the responses"
    return "no two models were compared, directly or over others"
