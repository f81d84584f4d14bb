"""Damaged and missing files: one line that names the place, exit code 1, and nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import refusal
from job_files import ITEM, answer, reference, write_files
from roads import QUESTION_TASK, RANKING_TASK, run

from gtbridge.label_configs.definition_files import definition_from_text
from gtbridge.label_configs.labeling_config import definition_to_labeling_config

REFERENCE = reference(0)
LINE = json.dumps(ITEM).encode() + b"\n"

# Each command that reads a file, with FILE where the damaged one is named.
DEFINITION_READERS = {
    "task check": ["task", "check", "FILE"],
    "task render": ["task", "render", "FILE", "-o", "out"],
    "task read": ["task", "read", "FILE", "-o", "out"],
    "manifest check": ["manifest", "check", "in.manifest", "--task", "FILE"],
    "job create": ["job", "create", "--request", "request.json", "--task", "FILE"],
    "dataset build": ["dataset", "build", "job", "--task", "FILE", "-o", "data"],
}
LINE_READERS = {
    "manifest make": ["manifest", "make", "FILE", "-o", "out"],
    "manifest check": ["manifest", "check", "FILE"],
    "job create": ["job", "create", "--request", "naming.json", "--task", "task.yaml"],
    "dataset build": ["dataset", "build", "FILE", "--task", "task.yaml", "-o", "data"],
}
DOCUMENT_READERS = {
    "manifest make": ["manifest", "make", "FILE", "-o", "out"],
    "job create": ["job", "create", "--request", "FILE", "--task", "task.yaml"],
    "dataset build": ["dataset", "build", "job", "-o", "data"],
}
OTHER_READERS = {"dataset build": ["dataset", "build", "job", "--pseudonym-key", "FILE", "-o", "data"]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one sound file of each kind, and an output of earlier days."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path.parent / f"{tmp_path.name}-config"))
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)
    Path("out").write_text("of earlier days", encoding="utf-8")
    return tmp_path


def told(folder: Path, command: list[str], file: str) -> str:
    return refusal(folder, *(file if part == "FILE" else part for part in command))


def place(message: str, file: Path | str) -> str:
    """What the message says after the file's name."""
    assert message.startswith(str(file)), message
    return message.removeprefix(str(file))


def every(readers: dict[str, list[str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", readers.values(), ids=readers)


def cases(table: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("content", "expected"), table.values(), ids=table)


@every(DEFINITION_READERS)
def test_what_is_damaged_below_is_accepted_when_it_is_sound(folder: Path, command: list[str]) -> None:
    dry = ["--dry-run"] * (command[0] == "job")
    result = run(*("task.yaml" if part == "FILE" else part for part in command), *dry)
    assert result.exit_code == 0, result.output


@every(LINE_READERS | DOCUMENT_READERS | OTHER_READERS | DEFINITION_READERS)
@pytest.mark.parametrize("wrong", ["missing", "folder"])
def test_a_file_that_is_not_there_or_is_a_folder(folder: Path, command: list[str], wrong: str) -> None:
    Path("job", REFERENCE).unlink()
    if wrong == "folder":
        Path("damaged.jsonl").mkdir()
        Path("job", REFERENCE).mkdir()
    file = Path("job", REFERENCE) if command == DOCUMENT_READERS["dataset build"] else "damaged.jsonl"
    reason = place(told(folder, command, "damaged.jsonl"), file)
    if command == LINE_READERS["dataset build"]:
        assert reason.endswith(": no output manifest is here")
    else:
        assert reason == {"missing": ": no such file", "folder": ": cannot be read: Is a directory"}[wrong]


DEFINITIONS = {
    "not UTF-8": (b"task: \xff", ": not UTF-8 at byte 6"),
    "nothing": (b"", ": $: a task definition is a mapping"),
    "no mapping": (b"- 1\n", ":1: $: a task definition is a mapping"),
    "CSV": (b"prompt,response\na,b\n", ":1: $: a task definition is a mapping"),
    "a broken line": (b"task: text-ranking\ntitle: [\n", ":3: not YAML: "),
    "a tab": (b"task: text-ranking\n\ttitle: x\n", ":2: not YAML: "),
    "an unknown task": (b"task: sorting\n", ":1: $.task: is 'sorting'; it must be one of"),
    "no task": (b"title: x\n", ":1: $.task: is missing; it must be one of"),
    "no dimensions": (b"task: text-ranking\n", ":1: $.dimensions: is missing"),
    "empty dimensions": (b"task: text-ranking\ndimensions: []\n", ":2: $.dimensions: must have at least one entry"),
    "a field too many": (b"task: question-answer\nquestion: 3\n", ":2: $.question: is not a field of this task"),
    "a nested wrong type": (
        RANKING_TASK.replace("allow_tie: false", "allow_tie: 0").encode(),
        ":6: $.dimensions[1].allow_tie: expected true or false, found 0",
    ),
    "a dimension twice": (RANKING_TASK.replace("Clarity", "Helpfulness").encode(), "'Helpfulness' appears twice"),
    "a range upside down": (QUESTION_TASK.replace("min: 1", "min: 9").encode(), "max (5) is less than min (9)"),
    "a key twice": (b"task: text-ranking\ntask: text-ranking\n", ":2: not YAML: 'task' is given twice"),
    "deep nesting": (b"[" * 600, ": not YAML: "),
    "a huge integer": (b"task: " + b"9" * 5000, ": not YAML: "),
    "no number": (QUESTION_TASK.replace("min: 1", "min: .nan").encode(), "$.questions.min: expected a whole number"),
    "half a surrogate pair": (b'{"task": "question-answer", "title": "\\ud800"}', "U+D800"),
    "an object tag": (b"!!python/object/apply:os.getcwd []\n", ":1: not YAML: "),
    "an alias bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "$.task: is missing"),
    "broken XML": (b"<View><Text", ":1: "),
    "a config of another task": (b'<View><Text name="t" value="$t"/></View>', ": "),
    "a worker template": (b"<crowd-form></crowd-form>", ": "),
}


@every(DEFINITION_READERS)
@cases(DEFINITIONS)
def test_a_damaged_definition(folder: Path, command: list[str], content: bytes, expected: str) -> None:
    Path("damaged.def").write_bytes(content)
    assert expected in place(told(folder, command, "damaged.def"), "damaged.def")


def test_a_labeling_config_that_was_edited_by_hand(folder: Path) -> None:
    config = definition_to_labeling_config(definition_from_text(RANKING_TASK, "task"))
    for edit in (
        config[:-20],
        config.replace('name="order__', 'name="sorted__', 1),
        config.replace(" definition=", " x="),
    ):
        assert edit != config
        Path("damaged.xml").write_text(edit, encoding="utf-8")
        for command in DEFINITION_READERS.values():
            place(told(folder, command, "damaged.xml"), "damaged.xml")


LINES = {
    "not UTF-8": (LINE + b'{"source": "\xff"}\n', ":2: not UTF-8 at byte 12"),
    "a byte order mark": (b"\xef\xbb\xbf" + LINE, ":1: begins with a byte order mark"),
    "UTF-16": (LINE.decode().encode("utf-16"), ":1: not UTF-8 at byte 0"),
    "cut off in the middle": (LINE + LINE[:20] + b"\n" + LINE, ":2: not JSON: "),
    "cut off at the end": (LINE + LINE[:20], ":2: not JSON: "),
    "a nested wrong type": (LINE + b'{"source": "x", "responses": ["a", 1]}\n', ":2: $.responses[1]: expected text"),
    "a text for a list": (b'{"source": "x", "responses": "ab"}\n', ":1: $.responses: expected a list"),
    "no object": (LINE + b"[]\n", ":2: $: expected an object"),
    "a blank line": (LINE + b"\n" + LINE, ":2: blank line"),
    "a key twice": (b'{"source": "x", "source": "y"}\n', ":1: the key 'source' is given twice"),
    "deep nesting": (b'{"source": ' + b"[" * 100_000 + b"\n", ":1: not usable JSON: nested too deeply"),
    "a huge integer": (b'{"source": "x", "n": ' + b"9" * 5000 + b"}\n", ":1: "),
    "NaN": (b'{"source": "x", "n": NaN}\n', ":1: NaN is not JSON"),
    "a number beyond all": (b'{"source": "x", "n": 1e999}\n', ":1: the number 1e999 is too large"),
    "half a surrogate pair": (b'{"source": "\\ud800"}\n', ":1: holds half of a surrogate pair (\\ud800)"),
    "CSV": (b"source,responses\na,b\n", ":1: not JSON: "),
    "a list of JSON": (b"[\n" + LINE + b"]\n", ":1: not JSON: "),
}


@every(LINE_READERS)
@cases(LINES)
def test_a_damaged_line(folder: Path, command: list[str], content: bytes, expected: str) -> None:
    Path("damaged.jsonl").write_bytes(content)
    assert place(told(folder, command, "damaged.jsonl"), "damaged.jsonl").startswith(expected)


@every(LINE_READERS)
def test_a_file_without_lines(folder: Path, command: list[str]) -> None:
    Path("damaged.jsonl").touch()
    assert told(folder, command, "damaged.jsonl")


DOCUMENTS = {
    "not UTF-8": (b'{"a": "\xff"}', ": not UTF-8 at byte 7"),
    "nothing": (b"", ":1: not JSON: "),
    "cut off": (b'{"answers": [\n{"workerId": "w', ":2: not JSON: "),
    "the wrong value": (b'"text"', ": $: expected "),
    "a key twice": (b'{"answers": [], "answers": []}', ": the key 'answers' is given twice"),
    "deep nesting": (b"[" * 100_000, ": not usable JSON: nested too deeply"),
    "a huge integer": (b'{"answers": ' + b"9" * 5000 + b"}", ": "),
    "infinity": (b'{"answers": -Infinity}', ": -Infinity is not JSON"),
    "half a surrogate pair": (b'{"answers": "\\udc00"}', ": holds half of a surrogate pair"),
    "CSV": (b"a,b\n1,2\n", ":1: not JSON: "),
}


@every(DOCUMENT_READERS)
@cases(DOCUMENTS)
def test_a_damaged_document(folder: Path, command: list[str], content: bytes, expected: str) -> None:
    Path("damaged.json").write_bytes(content)
    Path("job", REFERENCE).write_bytes(content)
    file = Path("job", REFERENCE) if "job" in command[2:] else Path("damaged.json")
    assert place(told(folder, command, "damaged.json"), file).startswith(expected)


def _set(*keys: Any, to: Any) -> bytes:
    """The sound worker-response file with another value at this path."""
    document: Any = {"answers": [answer("w1")]}
    holder = document
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = to
    return json.dumps(document).encode()


DIMENSION = ("answers", 0, "answerContent", "textRanking", "ordinalRankingDimensions", 1)
PLACE = "$.answers[0].answerContent.textRanking.ordinalRankingDimensions[1]"
RESPONSES = {
    "no answers": (b"{}", ": $: expected an object with the list 'answers'"),
    "an answer of text": (_set("answers", 0, to="w1"), ": $.answers[0]: expected an object"),
    "no worker": (_set("answers", 0, "workerId", to=None), ": $.answers[0].workerId: expected text"),
    "content of text": (_set("answers", 0, "answerContent", to="{"), ": $.answers[0].answerContent: not JSON: "),
    "a rank 0": (_set(*DIMENSION, "responseRankings", 0, to=0), f": {PLACE}.responseRankings[0]: 0 is no rank"),
    "a rank of words": (_set(*DIMENSION, "responseRankings", 1, to="best"), f": {PLACE}.responseRankings[1]: "),
    "a rank beyond all": (_set(*DIMENSION, "responseRankings", 1, to=10**30), f": {PLACE}.responseRankings[1]: "),
    "ranks of text": (_set(*DIMENSION, "responseRankings", to="12"), f": {PLACE}.responseRankings: expected a list"),
    "a tie rule of text": (_set(*DIMENSION, "allowTie", to="no"), f": {PLACE}.allowTie: expected true or false"),
}


@cases(RESPONSES)
def test_a_damaged_worker_response_file(folder: Path, content: bytes, expected: str) -> None:
    Path("job", REFERENCE).write_bytes(content)
    message = told(folder, DOCUMENT_READERS["dataset build"], "")
    assert place(message, Path("job", REFERENCE)).startswith(expected)
