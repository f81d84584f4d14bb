"""Job outputs in memory, made from documents as they stand in files, and their comparison."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from strategies import make_item, pair_answers, ranking_answers, text

from gtbridge.converters.comparison.findings import Comparison, Finding
from gtbridge.converters.comparison.outputs import compare_outputs
from gtbridge.converters.formats.job_output import AnsweredLine, document_to_job_answers, item_document
from gtbridge.converters.formats.json_text import to_line
from gtbridge.converters.formats.manifest import read_output_manifest
from gtbridge.converters.judgement.judge import judge
from gtbridge.label_configs.tasks import Dimension, QuestionAnswer, Range, TextRanking

Output = list[tuple[dict[str, Any], dict[str, Any]]]  # of each item, the fields of its line and its worker document

RANK = TextRanking(dimensions=(Dimension(name="Help", allow_tie=True), Dimension(name="Safe", allow_tie=False)))
ASK = QuestionAnswer(questions=Range(min=1, max=3), tags=("What", "Who"), allow_custom_tags=True)


def lines(output: Output) -> list[AnsweredLine]:
    """The output as it is read from a manifest and worker-response files."""
    manifest = [f"{to_line(fields)}\n".encode() for fields, _ in output]
    read = read_output_manifest(manifest, "output.manifest", "label")
    return [
        AnsweredLine(line, tuple(document_to_job_answers(document, f"{line.item.index}.json", item=line.item)))
        for line, (_, document) in zip(read, output, strict=True)
    ]


def compared(a: Output, b: Output, limit: int = 1000) -> Comparison:
    found = Comparison(limit)
    compare_outputs(lines(a), lines(b), found)
    return found


def short(found: Sequence[Finding]) -> list[tuple[str, str, str | None, str | None]]:
    return [(finding.kind, finding.place, finding.a, finding.b) for finding in found]


def labelled(fields: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """The fields of an item's line with the job's label."""
    metadata = {"job-name": "job", "type": "groundtruth/custom", "worker-response-ref": "r", **metadata}
    return {**fields, "label": {}, "label-metadata": metadata}


def ranking_entry(worker: str = "w1", **more: Any) -> dict[str, Any]:
    """An answer with all that one can have."""
    return {
        "acceptanceTime": "2025-06-20T18:59:15.191Z",
        "submissionTime": "2025-06-20T18:59:58.321Z",
        "timeSpentInSeconds": 40.5,
        "workerId": worker,
        "workerMetadata": {"identityData": {"identityProviderType": "Cognito", "sub": f"s-{worker}"}, "team": "red"},
        "answerContent": {
            "textRanking": {
                "ordinalRankingDimensions": [
                    {"name": "Help", "allowTie": True, "responseRankings": [1, 2, 2], "confidence": "high"},
                    {"name": "Safe", "allowTie": False, "responseRankings": [3, 1, 2]},
                ]
            },
            "comment": "none",
            "flags-1": {"Unsafe": True, "Rude": False},
            "mood": "good",
        },
        "gtbridge": {"definition": "d1", "responseOrder": [2, 0, 1]},
        "custom": {"deep": [1, {"x": None}]},
        **more,
    }


def pair_entry(worker: str = "w1") -> dict[str, Any]:
    pairs = [
        {
            "question": "Who crossed?",
            "answer": "The fox",
            "tags": ["Who", "mine"],
            "textReferences": [
                {"startOffset": 0, "endOffset": 3, "text": "The", "colour": "red"},
                {"startOffset": 4, "endOffset": 7, "text": "fox"},
            ],
        },
        {"question": "What?", "answer": "The river", "tags": ["What"], "textReferences": [], "score": 0.5},
        {"question": "What else?", "answer": "Nothing", "tags": [], "textReferences": []},
    ]
    return {"workerId": worker, "answerContent": {"questionAndAnswers": {"questionAnswerPairs": pairs}}}


PROMPT = {"source": "Why?", "responses": ["a", "b", "c"], "id": 7, "tree": {"x": [1, 2]}}
PASSAGE = {"source": "The fox crossed the river."}


Change = Callable[[dict[str, Any]], Any]
REMOVE: Any = object()


def to(*path: Any, value: Any) -> Change:
    """The change of one value in a document."""

    def change(document: dict[str, Any]) -> None:
        holder: Any = document
        for key in path[:-1]:
            holder = holder[key]
        if value is REMOVE:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value

    return change


def ranking(*path: Any, value: Any) -> Change:
    return to("answerContent", "textRanking", "ordinalRankingDimensions", *path, value=value)


def pair(*path: Any, value: Any) -> Change:
    return to("answerContent", "questionAndAnswers", "questionAnswerPairs", *path, value=value)


def output(fields: dict[str, Any], *entries: dict[str, Any]) -> Output:
    return [(labelled(fields), {"answers": list(entries)})]


def changed(fields: dict[str, Any], entry: dict[str, Any], change: Change) -> tuple[Output, Output]:
    other = copy.deepcopy(entry)
    change(other)
    assert json.dumps(other) != json.dumps(entry)
    return output(fields, entry), output(fields, other)


def first_pair(entry: dict[str, Any]) -> Any:
    return entry["answerContent"]["questionAndAnswers"]["questionAnswerPairs"][0]


_TIME = st.sampled_from(["2025-06-20T18:59:15.191Z", "2025-06-20T18:59:15Z", "1.1.2025"])
_MORE = st.fixed_dictionaries(
    {},
    optional={
        "acceptanceTime": _TIME,
        "submissionTime": _TIME,
        "workerMetadata": st.just({"identityData": {"sub": "s"}, "team": [1]}),
        "custom": st.sampled_from([None, 0, {"deep": [{"x": [True]}]}]),
        "gtbridge": st.just({"responseOrder": [1, 0], "definition": "d", "more": {"x": 1}}),
    },
)


@st.composite
def outputs(draw: Any, size: int = 3) -> Output:
    """Outputs of either task, with several workers, answers given twice, declined ones and invalid ones."""
    ask = draw(st.booleans())
    made: Output = []
    for index in range(draw(st.integers(1, size))):
        item = make_item(index, draw(text), None if ask else draw(st.lists(text, min_size=2, max_size=4)))
        answer = pair_answers(ASK, item) if ask else ranking_answers(RANK, item)
        answers = draw(st.lists(answer, max_size=3))
        document = item_document(judge(ASK if ask else RANK, item, answers))
        for entry in document["answers"]:
            entry.update(draw(_MORE))
        fields = {"source": item.text, **({} if item.responses is None else {"responses": list(item.responses)})}
        made.append((labelled(fields, n=draw(st.integers(0, 2))), document))
    return [(json.loads(json.dumps(fields)), json.loads(json.dumps(document))) for fields, document in made]
