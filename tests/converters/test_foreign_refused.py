"""What the user says of a labeling config and cannot be, and configs in which nothing can be read, are refused."""

from __future__ import annotations

import pytest
from foreign_answers import read
from foreign_configs import AREA, BUCKETS, LIST, PAIRWISE, PICK, PROMPT, RATINGS, TWO

REPEATED = f'{PROMPT}<Repeater on="$r"><Text name="t_{{{{idx}}}}" value="$r[{{{{idx}}}}]"/>'

REFUSED = {
    "a control in a Repeater over something else": (
        (
            f'{TWO}{PAIRWISE}<Repeater on="$criteria"><Rating name="s_{{{{idx}}}}" toName="a"/></Repeater>',
            "dimension:D=s_{{idx}}",
        ),
        "Rating 's_{{idx}}' stands in a Repeater",
    ),
    "several controls that rate nothing": (
        (TWO + PAIRWISE + RATINGS, "dimension:D=c,help_a"),
        "the dimension 'D' has several controls",
    ),
    "one response rated twice": ((TWO + RATINGS, "dimension:D=help_a,clear_a"), "a response is in it twice"),
    "something that is no response": (
        (f'{TWO}{PAIRWISE}<Rating name="s" toName="p"/>', "dimension:D=s"),
        "the dimension 'D' cannot be read: 'p' is no response; those are left, right, a, b",
    ),
    "a control that compares nothing": ((TWO + PAIRWISE + AREA, "dimension:D=t"), "the dimension 'D' cannot be"),
    "levels that two buckets share": (
        (PROMPT + LIST + BUCKETS, "bucket:good=1", "bucket:bad=1", "within:r=order"),
        "two buckets of Ranker 'r' have the same level",
    ),
    "an option that names no response": (
        (TWO + PAIRWISE + PICK, "choice:One=a", "choice:Two=middle"),
        "choice:Two=middle names no response; there are: left, right, a, b, tie, none",
    ),
    "a good score of what is no dimension": ((TWO + RATINGS, "dimension:D=help_a,help_b", "good:X=4"), "good:X names"),
    "a good score of a comparison": ((TWO + PAIRWISE, "good:c=4"), "in 'c' no response is given a number"),
    "a good score where lower is better": (
        (TWO + RATINGS, "dimension:D=help_a,help_b", "better:help_a=lower", "good:D=4"),
        "in 'D' lower is better",
    ),
    "a dimension with a name of two lines": ((TWO + PAIRWISE, "dimension:a\nb=c"), "must be a single line"),
    "only controls of other kinds": ((f'{PROMPT}<DateTime name="d" toName="p"/>',), "there are: DateTime 'd'"),
    "responses at an address": (
        (f'{PROMPT}<Text name="a" value="$l" valueType="url"/><Text name="b" value="$r"/>{PAIRWISE}',),
        "Text 'a' shows what lies at an address",
    ),
    "everything ignored": (
        (TWO + PAIRWISE, "ignore=c"),
        "has no control that is read; there are: none that is not to be ignored",
    ),
    "thumbs for each response, which compare none": (
        (
            f'{REPEATED}<Choices name="k_{{{{idx}}}}" toName="t_{{{{idx}}}}"><Choice value="Up"/></Choices></Repeater>',
            "responses=r",
        ),
        "no control compares",
    ),
    "nothing that compares": ((TWO + AREA, "task=text-ranking", "responses=left,right"), "no control compares"),
}


@pytest.mark.parametrize(("said", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused(said: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        read(*said)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("config.xml: ")
