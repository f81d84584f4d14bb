"""What --map takes, and the sentences for what it does not."""

from __future__ import annotations

import pytest

from gtbridge.converters.foreign_projects.config import read_config
from gtbridge.converters.foreign_projects.mapping import NOTHING_SAID, parse_mapping
from gtbridge.converters.foreign_projects.mapping_check import check_mapping
from gtbridge.label_configs.errors import InputError

CONFIG = read_config(
    """
    <View>
      <Text name="p" value="$prompt"/>
      <List name="l" value="$items"/>
      <Ranker name="rank" toName="l"><Bucket name="best"/></Ranker>
      <Choices name="pick" toName="p"><Choice value="One" alias="1"/></Choices>
      <Rating name="stars" toName="p"/>
      <Repeater on="$items"><Rating name="r_{{idx}}" toName="i_{{idx}}"/></Repeater>
    </View>
    """,
    "c.xml",
)


def test_every_key_is_read() -> None:
    said = parse_mapping(
        [
            *("prompt=a.b[0]", "passage=c", "responses=x, y", "question=q", "answer=section", "reference=r"),
            *("models=m.name", "tags=t", "ignore=a,b", "task=text-ranking", "dimension:Help=c1,c2", "bucket:best=1"),
            *("bucket:_=unranked", "within:rank=tied", "choice:A=B=tie", "rest:pick=tied", "better:n=lower"),
            *("better:o=higher", "middle:m=2.5", "good:Help=-4", "role:Ann=user"),
        ]
    )
    assert (said.prompt, said.passage, said.responses, said.models) == ("a.b[0]", "c", ("x", "y"), ("m.name",))
    assert (said.question, said.answer, said.reference, said.tags) == ("q", "section", "r", "t")
    assert (said.ignored, said.task) == (frozenset({"a", "b"}), "text-ranking")
    assert said.dimensions == {"Help": ("c1", "c2")}
    assert said.buckets == {"best": 1, "_": None}
    assert (said.within, said.choices) == ({"rank": "tied"}, {"A=B": "tie"})
    assert (said.rest, said.lower) == (frozenset({"pick"}), frozenset({"n"}))
    assert (said.middle, said.good, said.roles) == ({"m": 2.5}, {"Help": -4.0}, {"Ann": "user"})


def test_nothing_said_is_nothing_read() -> None:
    assert parse_mapping([]) == NOTHING_SAID


def test_a_prompt_for_all_may_hold_colons_equals_signs_and_commas() -> None:
    assert parse_mapping(["prompt-text=Which: a=b, or c?"]).prompt_text == "Which: a=b, or c?"


WRONG = {
    "prompts=x": "'prompts=x' is nothing that --map knows; it takes prompt=KEY; ",
    "prompt": "'prompt' gives no value",
    "prompt=": "'prompt=' gives no value",
    "prompt:x=y": "'prompt:x=y' is nothing that --map knows",
    "bucket=1": "'bucket=1' is nothing that --map knows",
    "bucket:=1": "'bucket:=1' is nothing that --map knows",
    "bucket:a=0": "--map bucket:a=0: a level is 1 (the best), 2, 3 ... or unranked",
    "bucket:a=first": "a level is 1 (the best), 2, 3 ... or unranked",
    "bucket:a=\u0663": "a level is 1 (the best), 2, 3 ... or unranked",
    "within:a=best": "'best' is not order or tied",
    "rest:a=equal": "'equal' is not tied",
    "better:a=more": "'more' is not higher or lower",
    "middle:a=many": "'many' is no number",
    "good:a=nan": "'nan' is no number",
    "role:a=tool": "'tool' is not user or assistant or system",
    "task=ranking": "'ranking' is not text-ranking or question-answer or prompt-completion",
    "responses=a,,b": "expected different names, with commas between them",
    "responses=a,a": "expected different names, with commas between them",
}


@pytest.mark.parametrize(("value", "sentence"), WRONG.items())
def test_what_cannot_be_meant_is_refused_in_one_sentence(value: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_mapping([value])
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["prompt=a", "prompt=a"], "prompt is given twice"),
        (["bucket:a=1", "bucket:a=2"], "bucket:a is given twice"),
        (["prompt=a", "prompt-text=b"], "prompt and prompt-text are both given"),
        (["dimension:A=x,y", "dimension:B=y"], "'y' is in the dimensions 'A' and 'B'"),
    ],
)
def test_what_contradicts_itself_is_refused(values: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_mapping(values)


UNFIT = {
    "ignore=nobody": "the control 'nobody', which is not in the config; there are: rank, pick, stars, r_{{idx}}",
    "ignore=r_0": "the control 'r_0'",
    "dimension:A=nobody": "the control 'nobody'",
    "dimension:A=r_x": "the control 'r_x'",
    "answer=nobody": "the control 'nobody'",
    "tags=nobody": "the control 'nobody'",
    "within:nobody=order": "the control 'nobody'",
    "bucket:worst=1": "the bucket 'worst', which is not in the config; there are: best",
    "choice:Two=tie": "the choice 'Two', which is not in the config; there are: 1, One",
    "within:pick=order": "--map within:pick cannot be said: 'pick' is no Ranker with buckets",
    "rest:rank=tied": "'rank' is no Choices",
    "better:pick=lower": "'pick' is no Rating or Number",
    "middle:stars=3": "'stars' is no Rating or Number of two responses at once",
}


@pytest.mark.parametrize(("value", "sentence"), UNFIT.items())
def test_what_the_config_does_not_have_is_refused_with_what_it_has(value: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        check_mapping(parse_mapping([value]), CONFIG)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("c.xml: ")


@pytest.mark.parametrize(
    ("ignored", "said", "name"),
    [
        ("stars", "dimension:Help=stars", "stars"),
        ("r_{{idx}}", "better:r_0=lower", "r_0"),
        ("pick", "tags=pick", "pick"),
    ],
)
def test_a_control_is_either_ignored_or_said_to_mean_something(ignored: str, said: str, name: str) -> None:
    with pytest.raises(InputError, match=f"--map says to ignore {name!r}, and what it means; choose one"):
        check_mapping(parse_mapping([f"ignore={ignored}", said]), CONFIG)


def test_what_the_config_has_is_accepted() -> None:
    said = ["dimension:A=r_0", "dimension:B=r_{{idx}}", "bucket:best=1", "bucket:_=2", "choice:1=tie", "rest:pick=tied"]
    check_mapping(parse_mapping([*said, "within:rank=order", "answer=section", "prompt=anything"]), CONFIG)
