"""What reaches a terminal: texts of strangers steer none of it, and no credentials are among them."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from roads import RANKING_TASK, request, run, write_lines

from gtbridge.plugin.commands.common import report, say
from gtbridge.plugin.shown import shown, shown_as_json, without_secrets

# Set the window's title, clear the screen, write over the line, hide what follows, turn it round, and so on.
STEERING = "\x1b]0;owned\x07\x1b[2J\x1b[8m\r\x08\x00\x7f\x9b31m\u202eevil\u2066\u200b\u2060\ufeff\u2028\ud800"
KEPT = "àé有用 مرحبا नमस्ते 👩‍👩‍👧 می‌خواهم\u200f\u200e\xa0"


def steers(text: str) -> set[str]:
    """The characters that move, hide or turn round what a terminal shows, by Unicode's own properties."""
    turned = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return {
        letter
        for letter in text
        if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(letter) in turned
        or letter in "\u200b\u2060\ufeff"
    }


def test_what_steers_a_terminal_is_spelled_out_and_all_else_is_shown() -> None:
    assert steers(shown(STEERING)) == set()
    assert shown("a\x1b[2Jb\u202ec\r\n") == "a\\x1b[2Jb\\u202ec\\x0d\\x0a"
    assert shown("a\r\nb\n", lines=True) == "a\\x0d\nb\n"
    assert shown(KEPT) == KEPT


@given(st.text() | st.text(alphabet=STEERING + KEPT + "ab"))
def test_no_text_steers(text: str) -> None:
    assert steers(shown(text)) == set()
    assert steers(shown(text, lines=True)) <= {"\n"}
    shown(text).encode()


@given(st.dictionaries(st.text(alphabet=STEERING + KEPT + 'a"\\'), st.text(alphabet=STEERING + KEPT + 'a"\\\n')))
def test_json_says_the_same_after_it(data: dict[str, str]) -> None:
    assert json.loads(shown_as_json(data)) == data
    assert steers(shown_as_json(data, indent=1)) <= {"\n"}


def test_no_error_sentence_or_table_passes_on_what_strangers_wrote_to_the_terminal(tmp_path: Path) -> None:
    name = f"name{STEERING[:-1]}"
    (tmp_path / "task.yaml").write_text(RANKING_TASK.replace("Helpfulness", json.dumps(name).strip('"')))
    (tmp_path / "task.json").write_text(json.dumps({"task": "text-ranking", name: 1}), encoding="utf-8")
    bad_name = "bad\x1b[2J\x9b31m\u202eowned.manifest"
    bad = write_lines(tmp_path / bad_name, [{name: 1}, {"source": 1, name: 2}, {"source-ref": f"s3://b/{name}"}])
    labelled = {"source": "s", "responses": ["a", "b"], name: {"x": 1}, f"{name}-metadata": {"type": "groundtruth/x"}}
    label = {"human-annotated": "yes", "creation-date": "2025-06-20T19:03:06.111000", "type": "groundtruth/custom"}
    far = {**label, "job-name": name, "worker-response-ref": f"s3://elsewhere/{name}/x.json"}
    output = write_lines(tmp_path / "out.manifest", [{"source": "s", "responses": ["a", "b"], "label-metadata": far}])
    ways = [
        ("manifest", "check", str(bad)),
        ("manifest", "check", str(bad), "--json"),
        ("manifest", "check", str(write_lines(tmp_path / "x.manifest", [labelled])), "--task", f"{tmp_path}/task.json"),
        ("task", "check", str(tmp_path / "task.json")),
        ("task", "check", str(tmp_path / "task.yaml")),
        ("audit", str(output), "-o", str(tmp_path / "a.html")),
        ("verify", str(output), str(output)),
        ("dataset", "build", str(output), "-o", str(tmp_path / "d")),
        ("job", "create", "--request", str(tmp_path / "request.json"), "--dry-run"),
        ("verify", str(tmp_path / name.replace("\0", "").replace("/", "")), str(output)),
    ]
    (tmp_path / "request.json").write_text(json.dumps(request(name, bad, tmp_path / "task.yaml")), encoding="utf-8")
    told = 0
    for arguments in ways:
        result = run(*arguments)
        assert steers(result.output) <= {"\n"}, (arguments, result.output)
        told += "owned" in result.output
    assert told >= 5, "these sentences quote what they are about"


def test_reports_and_remarks_are_shown_line_by_line() -> None:
    @click.command()
    @click.option("--json", "json_output", is_flag=True)
    def speak(json_output: bool) -> None:
        say(f"note: {STEERING}\nsecond")
        report([f"a row {STEERING}", "another"], {"name": STEERING}, json_output=json_output)

    for option in ([], ["--json"]):
        spoken = CliRunner().invoke(speak, option, catch_exceptions=False)
        assert steers(spoken.stdout + spoken.stderr) <= {"\n"}
        assert "owned" in spoken.stdout and "owned" in spoken.stderr and spoken.stderr.endswith("\nsecond\n")


SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjE=",
    "LABEL_STUDIO_API_KEY": "0123456789abcdef0123456789abcdef01234567",
    "HF_TOKEN": "hf_abcdefgh12345678",
    "POSTGRE_PASSWORD": "correct horse battery",
}


def test_the_credentials_of_the_environment_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    told = without_secrets(" | ".join(SECRETS.values()))
    assert told == " | ".join(["..."] * len(SECRETS))
    assert shown_as_json(list(SECRETS.values())) == json.dumps(["..."] * len(SECRETS))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://user:pass-word@host.example/x", "https://...@host.example/x"),
        ("Authorization: Token 0123456789abcdef and more", "Authorization: ..."),
        ('{"authorization": "Bearer abc", "x": 1}', '{"authorization": "...", "x": 1}'),
        ("'X-Amz-Security-Token': 'IQoJ'", "'X-Amz-Security-Token': '...'"),
        ("got Bearer abcdefghij1234567890XYZ there", "got Bearer ... there"),
        ("k?X-Amz-Credential=AKIA/x&X-Amz-Signature=0f&a=1", "k?X-Amz-Credential=...&X-Amz-Signature=...&a=1"),
        ("AWS4-HMAC-SHA256 Credential=AKIA/2/s3, Signature=00ff", "AWS4-HMAC-SHA256 Credential=..., Signature=..."),
        ("/user/signup/?token=abc-def", "/user/signup/?token=..."),
        ("key hf_abcdefgh1 and AKIAIOSFODNN7EXAMPLE", "key ... and ..."),
        ("s3://bucket/key and hf://datasets/a/b@rev", "s3://bucket/key and hf://datasets/a/b@rev"),
        ("a token was given; basic questions", "a token was given; basic questions"),
    ],
)  # fmt: skip
def test_what_looks_like_a_credential_is_left_out(text: str, left: str) -> None:
    assert without_secrets(text) == left


def test_the_traceback_of_a_bug_is_fit_to_be_sent_to_others(tmp_path: Path) -> None:
    program = (
        "import gtbridge.plugin.cli as c, sys\n"
        "def broken(**_): raise ValueError('Authorization: Token 0123456789abcdef0123 \\x1b[2J')\n"
        "c.cli = broken; import gtbridge.plugin.__main__ as m; m.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert done.stderr.endswith("\nValueError: Authorization: ...\n")
    assert steers(done.stderr) <= {"\n"}
