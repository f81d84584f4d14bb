"""Real data sets, where a folder with them lies beside the repository; small sets of the same shape everywhere."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "data"


def aws_prompts() -> list[dict[str, Any]]:
    """Prompts with three responses each, as users hold them before Ground Truth."""
    made = [{"prompt": f"Question {i}?", "responses": [f"{i} a", f"{i} b", f"{i} c"]} for i in range(10)]
    data: list[dict[str, Any]] = _load("aws-ranking-prompts.json", made)
    return data


def pandalm() -> list[dict[str, Any]]:
    """Two responses each, judged by three annotators: 1 or 2 is better, 0 is a tie."""
    chance = random.Random(0)
    made = [
        {
            "idx": i,
            "instruction": f"Do {i}.",
            "input": "" if i % 2 else "With this.",
            "response1": f"one {i}" if i % 7 else "",
            "response2": f"two {i}" if i % 5 else f"one {i}\n",
            **{f"annotator{n}": chance.randint(0, 2) for n in (1, 2, 3)},
        }
        for i in range(40)
    ]
    data: list[dict[str, Any]] = _load("pandalm-testset-v1.json", made)
    # Some responses of the published set were read as YAML and are booleans now.
    return [{**record, **{key: str(record[key]) for key in ("response1", "response2")}} for record in data]


def xquad() -> list[dict[str, Any]]:
    """Passages with questions, answers and where the answers start, as {"context", "qas"}."""
    context = "A 👩‍👩‍👧 fam\u0301ily\r\ncrossed  the river in 1900. 河の水。"
    spans = ["👩‍👩‍👧", "crossed  the river", "1900", "河の水"]
    qas = [
        {"question": f"Q{i}?", "answers": [{"text": span, "answer_start": context.index(span)}]}
        for i, span in enumerate(spans)
    ]
    data = _load("xquad.en.json", {"data": [{"paragraphs": [{"context": context, "qas": qas}]}]})
    return [paragraph for article in data["data"] for paragraph in article["paragraphs"]]


def _load(name: str, otherwise: Any) -> Any:
    path = FOLDER / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else otherwise
