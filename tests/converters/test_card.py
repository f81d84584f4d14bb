"""The dataset card: what it says is so, and nothing that people wrote breaks it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from cards import card_of
from huggingface_hub import DatasetCard
from hypothesis import given, settings
from hypothesis import strategies as st
from job_items import ASK, asked, build_in_folder, build_in_memory, job_item, load, options, ranked, ranking_job
from markdown_it import MarkdownIt
from markdown_it.token import Token
from strategies import NASTY, labels, make_item, prose

from gtbridge.converters.datasets.card import CardFacts, dataset_card
from gtbridge.converters.datasets.collection import CollectedJob
from gtbridge.converters.records import SIMULATED, Answer, Worker
from gtbridge.label_configs.tasks import Dimension, TextRanking

PASSAGE = make_item(0, "Ann crossed.")
ASKED = job_item(PASSAGE, asked("w9", PASSAGE.text, ("Who?", "Ann")), task=ASK, job="ask")
EVIL = (
    "---\nlicense: mit\n---", "```\n# Owned\n```", "````\n---\n````", "`", "``", "| a | b |",
    "<script>alert(1)</script>",
    "<!--", "# Owned", "[x](javascript:1)", "![x](http://e.example/i.png)", "a\n\n\n\nb", "\\", "*a* _b_", "{{ x }}",
    "[[ x ]]", "[% if %]", "~~~", "> q", "- l", "&lt;", "$x$", "]]>", "' \" : #", "    indented",
    "!!python/object/apply:os.system [id]", "&a [*a, *a]", "<<: *x", "{% include '/etc/passwd' %}", "=cmd|'/C calc'!A0",
    "%YAML 9.9", "...\n---", "\u202eevil\u2066", "\u200b\ufeff", "<svg onload=alert(1)>", "<?php x ?>", "<![CDATA[",
)  # fmt: skip
evil = st.sampled_from(EVIL) | st.sampled_from(NASTY) | prose
evil_labels = st.sampled_from([e for e in EVIL if "\n" not in e and e == e.strip()]) | labels
FEW = ("preference", "sft", "annotations")
BARE = ["Load", "How it was collected", "What came in and what went out", "Licence"]
SECTIONS = ["Load", "Train", BARE[1], "How the rows were made", "How far the annotators agree", *BARE[2:]]


def front_matter(card: str) -> Any:
    assert card.startswith("---\n")
    read = yaml.load(card.split("\n---\n", 1)[0].removeprefix("---\n"), yaml.CSafeLoader)
    on_the_hub = DatasetCard(card)
    said = on_the_hub.data.to_dict()  # type: ignore[no-untyped-call]
    assert said == {key: value for key, value in read.items() if value is not None}
    assert on_the_hub.text == card.split("\n---\n", 1)[1]
    return read


def tokens(card: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(card.split("\n---\n", 1)[1])


def headings(found: list[Token], tag: str) -> list[str]:
    inline = [found[i + 1] for i, token in enumerate(found) if token.type == "heading_open" and token.tag == tag]
    return [
        "".join(part.content for part in token.children or () if part.type in ("text", "text_special", "code_inline"))
        for token in inline
    ]


def inner(found: list[Token]) -> list[Token]:
    return [part for token in found for part in (token, *(token.children or ()))]


def test_the_numbers_of_the_card_are_those_of_the_data(tmp_path: Path) -> None:
    items = [*ranking_job(9), ASKED]
    built, ledger, card = build_in_folder(tmp_path / "d", items, ["Help"], options(test_size=0.3))
    facts = front_matter(card)
    assert "Human feedback collected with gtbridge: 28 answers by 4 annotators." in card
    assert [entry["config_name"] for entry in facts["configs"]] == [config.name for config in built.configs]
    assert [entry.get("default", False) for entry in facts["configs"]] == [True, *[False] * (len(built.configs) - 1)]
    infos = {info["config_name"]: info for info in facts["dataset_info"]}
    assert len(infos) == len(built.configs)
    for config in built.configs:
        info = infos[config.name]
        loaded = load(tmp_path / "d", config.name)
        counts = {split: part.num_rows for split, part in loaded.items()}
        assert {split["name"]: split["num_examples"] for split in info["splits"]} == counts
        assert info["download_size"] == sum(p.stat().st_size for p in (tmp_path / "d" / config.name).iterdir())
        assert info["dataset_size"] == sum(split["num_bytes"] for split in info["splits"])
        said = ", ".join(f"{counts[split]} {split}" for split in ("train", "test") if split in counts)
        assert f"| `{config.name}` | " in card and f" | {said} | " in card
    for kind, entry in ledger.to_dict().items():
        assert f"| {kind} | {entry['in']} | {entry['out']} |" in card


def test_what_was_given_for_licence_and_languages_is_said() -> None:
    card = card_of(ranking_job(1), ["Help"], license="cc-by-4.0", languages=("en", "no"))
    facts = front_matter(card)
    assert (facts["license"], facts["language"]) == ("cc-by-4.0", ["en", "no"])
    assert "The annotations are published under `cc-by-4.0`." in card
    bare = card_of(ranking_job(1), ["Help"])
    assert not {"license", "language"} & set(front_matter(bare))
    assert "No licence was given for the annotations." in bare


def test_simulated_answers_are_named_before_anything_else() -> None:
    robot = Answer(Worker("x", {"identityProviderType": SIMULATED}), rankings=ranked("x", (1, 2)).rankings)
    item = job_item(make_item(0, "p", ["a", "b"]), robot, ranked("ann", (1, 2)))
    card = card_of([item], ["Help"])
    assert "> **Simulated.** 1 of the 2 answers were given by programs" in card.split("## Load")[0]
    assert front_matter(card)["annotations_creators"] == ["machine-generated"]
    assert "simulated" in front_matter(card)["tags"]
    people = card_of(ranking_job(1), ["Help"])
    assert "Simulated" not in people
    assert front_matter(people)["annotations_creators"] == ["crowdsourced"]


def test_the_card_says_how_pairs_were_made_and_how_questions_are_asked() -> None:
    own = card_of(ranking_job(1), ["Help"], options(consensus="none"))
    assert "each annotator's own verdict" in own
    assert "Question: {question}" not in own
    both = card_of([*ranking_job(1), ASKED], ["Help"])
    assert "more annotators preferred `chosen` than `rejected`" in both
    assert "Passage:\n{passage}\n\nQuestion: {question}\n```" in both
    assert front_matter(both)["task_categories"] == [
        "text-generation",
        "reinforcement-learning",
        "question-answering",
    ]
    assert "trl dpo" in both and "--dataset_name d" in both and "--dataset_config preference" in both


@pytest.mark.parametrize(
    ("rows", "category"), [(999, "n<1K"), (1000, "1K<n<10K"), (10**6, "1M<n<10M"), (0, "n<1K")]
)  # fmt: skip
def test_the_size_category_is_the_hubs(rows: int, category: str) -> None:
    _, built, ledger, _ = build_in_memory(ranking_job(1), ["Help"], options(configs=("ranking",)))
    built.configs[0].rows = {"train": rows}
    card = dataset_card(built, options(), CardFacts("t", "d", (), {"ranking": 1}, {"ranking": "0"}), ledger.to_dict())
    assert front_matter(card)["size_categories"] == [category]


def test_a_dataset_without_rows_has_a_card() -> None:
    card = card_of([], [], jobs=[CollectedJob("job", ASK)])
    assert front_matter(card).get("configs") in (None, [])
    assert headings(tokens(card), "h2") == BARE


def test_the_code_on_the_card_is_python_that_loads_each_config() -> None:
    task = TextRanking(dimensions=tuple(Dimension(name=n, allow_tie=True) for n in ("a²", "有用", "x-y")))
    card = card_of(ranking_job(1, task), ["a²", "有用", "x-y"], location='we"ird\\name')
    code = next(token.content for token in tokens(card) if token.type == "fence" and token.info == "python")
    calls = [node.args for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    assert {ast.literal_eval(args[0]) for args in calls} == {'we"ird\\name'}
    names = [entry["config_name"] for entry in front_matter(card)["configs"]]
    assert [ast.literal_eval(args[1]) for args in calls] == names


@pytest.mark.parametrize("written", EVIL)
def test_nothing_that_people_wrote_breaks_the_card(written: str) -> None:
    dimension = " ".join(written.split())
    assert_whole(written, written, written, dimension, written, written)


@settings(max_examples=10)
@given(evil, evil, evil, evil_labels, evil, st.none() | evil.filter(str.strip))
def test_nor_do_several_such_texts_together(
    title: str, instructions: str, heading: str, dimension: str, job: str, license: str | None
) -> None:
    assert_whole(title, instructions, heading, dimension, job, license)


def assert_whole(title: str, instructions: str, heading: str, dimension: str, job: str, license: str | None) -> None:
    task = TextRanking(title=title, instructions=instructions, dimensions=(Dimension(name=dimension, allow_tie=True),))
    items = [*ranking_job(1, task, job), ASKED]
    card = card_of(items, [dimension], options(configs=FEW), title=heading, license=license)
    facts = front_matter(card)
    assert facts.get("license") == license
    assert [entry["config_name"] for entry in facts["configs"]] == list(FEW)
    found = tokens(card)
    assert headings(found, "h1") == [" ".join(heading.split())]
    assert headings(found, "h2") == SECTIONS
    assert headings(found, "h3") == [" ".join(job.split()), "ask"]
    kinds = [token.type for token in inner(found)]
    assert not {"html_block", "html_inline", "image", "link_open"} & set(kinds)
    assert kinds.count("table_open") == 3
    fences = [token.content for token in found if token.type == "fence" and token.info == "text"]
    assert (f"{instructions.rstrip()}\n" in fences) == bool(instructions.strip())
    inline_code = [token.content for token in inner(found) if token.type == "code_inline"]
    assert " ".join(dimension.split()) in inline_code
    assert not title.strip() or " ".join(title.split()) in inline_code


def test_hostile_dimension_names_make_configs_that_load(tmp_path: Path) -> None:
    names = ("../../x", "有用", "a|b`c", "[x]*?", "---", "x" * 200, "好" * 200)
    task = TextRanking(dimensions=tuple(Dimension(name=name, allow_tie=True) for name in names))
    built, _, card = build_in_folder(tmp_path / "d", ranking_job(1, task), names, options(configs=("preference",)))
    assert len(built.configs) == len(names) == len(front_matter(card)["configs"])
    assert {path.name for path in (tmp_path / "d").iterdir()} == {"README.md", *(c.name for c in built.configs)}
    found = [load(tmp_path / "d", config.name)["train"][0]["metadata"]["dimension"] for config in built.configs]
    assert sorted(found) == sorted(names)
