"""What a labeling config does not tell is asked for by name, all at once, as the options to type."""

from __future__ import annotations

import pytest
from foreign_answers import one_answer, read
from foreign_configs import AREA, BUCKETS, LIST, PAIRWISE, PICK, PROMPT, RATINGS, TWO
from foreign_values import rating

from gtbridge.label_configs.errors import InputError
from gtbridge.label_configs.tasks import QuestionAnswer, TextRanking

PROMPT_KEYS = "prompt=KEY or --map prompt-text=TEXT (the key of the prompt in the tasks' data"
REST = "(that the responses that are not chosen count as equal to one another)"


def asked(xml: str, *said: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(xml, *said)
    begin = "config.xml: the labeling config does not tell everything; please say: "
    assert str(caught.value).startswith(begin)
    return [sentence.removeprefix("--map ") for sentence in str(caught.value).removeprefix(begin).split("; ")]


ASKED = {
    "buckets and their places": (
        PROMPT + LIST + BUCKETS,
        [
            "bucket:good=LEVEL (1 is best, or unranked)",
            "bucket:bad=LEVEL (1 is best, or unranked)",
            "within:r=order|tied (what the place in a bucket means)",
        ],
    ),
    "which of two texts is the prompt": (
        f'{TWO}<Text name="q" value="$hint"/>{PAIRWISE}',
        [f"{PROMPT_KEYS}: prompt, hint)"],
    ),
    "a prompt where none is shown": (TWO.removeprefix(PROMPT) + PAIRWISE, [f"{PROMPT_KEYS})"]),
    "a prompt that stands in a heading": (
        f'<Header value="$title"/>{TWO.removeprefix(PROMPT)}{PAIRWISE}',
        [f"{PROMPT_KEYS}: title)"],
    ),
    "the rating at which two are equal": (
        f'{TWO}<Rating name="m" toName="a,b"/>',
        ["middle:m=NUMBER (at which the two are equal: below it the first is better)"],
    ),
    "what options mean": (
        TWO + PAIRWISE + PICK.replace("One", "a"),
        ["choice:Two=RESPONSE (which response it names: left, right, tie, none)"],
    ),
    "which texts are the responses": (
        f'<Paragraphs name="d" value="$talk" layout="dialogue"/>{TWO}{PICK}'.replace(PROMPT, ""),
        [
            "responses=KEY[,KEY...] (the keys of the responses in the tasks' data: left, right)",
            "choice:One=RESPONSE (which response it names: left, right, tie, none)",
            "choice:Two=RESPONSE (which response it names: left, right, tie, none)",
            f"rest:k=tied {REST}",
        ],
    ),
    "whether several chosen leave the rest tied": (
        f'{TWO}<Choices name="k" toName="p" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>',
        [f"rest:k=tied {REST}"],
    ),
    "which ratings belong together": (
        TWO + RATINGS,
        ["dimension:NAME=CONTROL[,CONTROL...] (one control for each response, of help_a,help_b,clear_a,clear_b)"],
    ),
    "a good score where there is one response": (
        f'{PROMPT}<Text name="a" value="$answer"/><Rating name="s" toName="a"/>',
        ["good:s=NUMBER (the least number of a good response, as each task has but one)"],
    ),
    "what to read where the controls allow several": (
        TWO + PAIRWISE + AREA,
        [
            "task=text-ranking|prompt-completion (what to read of Pairwise 'c', TextArea 't', or leave some out with "
            "ignore=CONTROL)"
        ],
    ),
    "repetitions of a rating, where they are none of the responses": (
        f'{TWO}<Repeater on="$criteria"><Rating name="s_{{{{idx}}}}" toName="a"/>'
        '<Rating name="t_{{idx}}" toName="b"/></Repeater>',
        [
            "dimension:NAME=s_0 (one for each repetition to read)",
            "dimension:NAME=t_0 (one for each repetition to read)",
        ],
    ),
    "repetitions within those of the responses": (
        f'{PROMPT}<Repeater on="$r"><Text name="t_{{{{idx}}}}" value="$r[{{{{idx}}}}].text"/>'
        '<Repeater on="$r[{{idx}}].claims" indexFlag="#"><Rating name="c_{{idx}}_#" toName="t_{{idx}}"/></Repeater>'
        "</Repeater>",
        ["dimension:NAME=c_0_0 (one for each repetition to read)"],
    ),
    "repetitions of a comparison": (
        f'{TWO}<Repeater on="$criteria"><Pairwise name="c_{{{{idx}}}}" toName="a,b"/></Repeater>',
        ["dimension:NAME=c_0 (one for each repetition to read)"],
    ),
}


@pytest.mark.parametrize(("xml", "sentences"), ASKED.values(), ids=ASKED.keys())
def test_it_is_asked_for(xml: str, sentences: list[str]) -> None:
    assert asked(xml) == sentences


def test_a_rating_of_one_response_of_two_is_asked_for() -> None:
    wanted = ["dimension:NAME=CONTROL[,CONTROL...] (one control for each response, of s)"]
    assert asked(f'{TWO}{PAIRWISE}<Rating name="s" toName="a"/>') == wanted


def test_two_comparisons_of_different_responses_leave_open_which_are_meant() -> None:
    more = '<Text name="e" value="$other"/><Text name="f" value="$last"/><Pairwise name="o" toName="e,f"/>'
    assert asked(TWO + PAIRWISE + more)[0].startswith("responses=KEY[,KEY...] ")


def test_what_two_controls_leave_open_is_asked_once() -> None:
    picks = PICK.replace("One", "a") + PICK.replace("One", "b").replace('"k"', '"j"')
    assert asked(TWO + PAIRWISE + picks) == ["choice:Two=RESPONSE (which response it names: left, right, tie, none)"]


def test_choices_from_the_list_of_the_responses_are_about_them() -> None:
    config = f'{PROMPT}{LIST}<Ranker name="r" toName="l"/><Choices name="best" toName="l" value="$items"/>'
    assert asked(config) == [f"rest:best=tied {REST}"]


def test_what_was_said_is_not_asked_again() -> None:
    said = ["bucket:good=1", "within:r=tied"]
    assert asked(PROMPT + LIST + BUCKETS, *said) == ["bucket:bad=LEVEL (1 is best, or unranked)"]


def test_a_pairwise_beside_one_text_needs_no_word() -> None:
    reading = read(TWO + PAIRWISE)
    assert isinstance(reading.definition, TextRanking)
    assert [d.name for d in reading.definition.dimensions] == ["c"]
    assert not reading.definition.shuffle_responses
    assert reading.remarks == ()


def test_what_is_not_read_is_named_once_and_what_is_ignored_is_not() -> None:
    confidence = '<Choices name="sure" toName="p"><Choice value="Low"/><Choice value="High"/></Choices>'
    assert read(TWO + PAIRWISE + confidence).remarks == ("Choices 'sure'",)
    assert read(TWO + PAIRWISE + confidence, "ignore=sure").remarks == ()
    assert read(TWO + PAIRWISE + AREA, "task=text-ranking").remarks == ("TextArea 't'",)


@pytest.mark.parametrize("each", ["perRegion", "perItem"])
def test_what_is_answered_for_each_region_or_image_compares_no_responses(each: str) -> None:
    ratings = f'<Rating name="ra" toName="a" {each}="true"/><Rating name="rb" toName="b" {each}="true"/>'
    assert read(TWO + PAIRWISE + ratings).remarks == ("Rating 'ra'", "Rating 'rb'")


def test_a_rating_of_the_prompt_is_about_no_response() -> None:
    ratings = "".join(f'<Rating name="s{on}" toName="{on}"/>' for on in "pab")
    assert read(TWO + ratings, "prompt=prompt").remarks == ("Rating 'sp'",)


@pytest.mark.parametrize(
    "controls",
    [
        f'<Labels name="l" toName="p"><Label value="A"/></Labels>{PICK}',
        AREA + AREA.replace('"t"', '"u"'),
        '<TextArea name="t" toName="p" perRegion="true"/>',
    ],
    ids=["labels beside choices", "two texts", "a text for each region"],
)
def test_what_asks_for_questions_is_read_as_such(controls: str) -> None:
    assert any(sentence.startswith("question=KEY_OR_CONTROL") for sentence in asked(PROMPT + controls))


def test_leaving_out_a_control_decides_what_is_read() -> None:
    assert isinstance(read(TWO + PAIRWISE + AREA, "ignore=t").definition, TextRanking)
    assert isinstance(read(TWO + PAIRWISE + AREA, "ignore=c", "prompt=prompt").definition, QuestionAnswer)


def test_labels_that_are_ignored_make_no_task_of_sections() -> None:
    marks = '<Labels name="m" toName="p"><Label value="x"/></Labels>'
    definition = read(PROMPT + AREA + marks, "ignore=m", "answer=t").definition
    assert isinstance(definition, QuestionAnswer) and definition.prompt_completion


def test_a_dimension_takes_the_name_that_it_is_given() -> None:
    reading = read(TWO + RATINGS, "dimension:Helpful=help_a,help_b", "good:Helpful=4")
    assert isinstance(reading.definition, TextRanking)
    assert [(d.name, d.good_score) for d in reading.definition.dimensions] == [("Helpful", 4.0), ("clear", None)]


def test_a_comparison_in_a_repeater_is_read_at_the_index_that_is_named() -> None:
    repeated = '<Repeater on="$criteria"><Pairwise name="c_{{idx}}" toName="a,b"/></Repeater>'
    reading = read(TWO + repeated, "dimension:Short=c_1")
    assert isinstance(reading.definition, TextRanking)
    assert [d.name for d in reading.definition.dimensions] == ["Short"]
    assert reading.remarks == ()


def test_ratings_in_a_repeater_over_criteria_are_read_at_the_index_that_is_named() -> None:
    ratings = "".join(f'<Rating name="{on}_{{{{idx}}}}" toName="{on}"/>' for on in "ab")
    reading = read(
        f'{TWO}<Repeater on="$criteria">{ratings}</Repeater>', "dimension:Short=a_1,b_1", "better:a_{{idx}}=lower"
    )
    assert isinstance(reading.definition, TextRanking)
    assert [d.name for d in reading.definition.dimensions] == ["Short"]
    answer = one_answer(reading, {"prompt": "?", "left": "L", "right": "R"}, rating("a_1", 5), rating("b_1", 2))
    assert answer.rankings[0].ranks == (2, 1)
