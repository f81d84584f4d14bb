"""Every shape that rows may have, and rows of each kind as they come in."""

from __future__ import annotations

from itertools import product
from typing import Any

from gtbridge.converters.datasets.options import CHOICES
from gtbridge.converters.datasets.rows import MESSAGES
from gtbridge.converters.datasets.shapes import Shape

SHAPES = [
    Shape.of(preset, format)
    for preset, format in product(CHOICES["preset"], CHOICES["format"])
    if format == "conversational" or preset.startswith("trl")
]
_OTHERS = {"metadata": {"id": "string"}}
SPECS: dict[str, dict[str, Any]] = {
    "preference": {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "margin": "float64", **_OTHERS},
    "unpaired": {"prompt": MESSAGES, "completion": MESSAGES, "label": "bool", **_OTHERS},
    "sft": {"prompt": MESSAGES, "completion": MESSAGES, **_OTHERS},
    "prompts": {"prompt": MESSAGES, "answers": ["string"], **_OTHERS},
}
ONE = ("user", "Name a colour.")
TALK = (("system", "Be brief."), ("user", "Wie heißt du?"), ("assistant", "Ada."), ("user", "你叫什么名字？"))


def messages(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{"role": role, "content": content} for role, content in turns]


def rows(*prompt: tuple[str, str], reply: str = " Blue.\n", worse: str = "Bleu") -> dict[str, dict[str, Any]]:
    """A row of each kind that has shapes, all to the same prompt."""
    asked, metadata = messages(*prompt), {"metadata": {"id": "x"}}
    said, also = messages(("assistant", reply)), messages(("assistant", worse))
    return {
        "preference": {"prompt": asked, "chosen": said, "rejected": also, "margin": 0.5, **metadata},
        "unpaired": {"prompt": asked, "completion": said, "label": False, **metadata},
        "sft": {"prompt": asked, "completion": said, **metadata},
        "prompts": {"prompt": asked, "answers": ["blue"], **metadata},
    }
