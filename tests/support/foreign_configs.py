"""Parts of labeling configs that gtbridge did not make, for tests to put together, and a task's data for some."""

from __future__ import annotations

__all__ = ["AREA", "BUCKETS", "LIST", "PAIR", "PAIRWISE", "PICK", "PROMPT", "RANKER", "RATINGS", "SIDES", "TWO"]

PROMPT = '<Text name="p" value="$prompt"/>'
TWO = f'{PROMPT}<Text name="a" value="$left"/><Text name="b" value="$right"/>'
PAIRWISE = '<Pairwise name="c" toName="a,b"/>'
LIST = '<List name="l" value="$items"/>'
BUCKETS = '<Ranker name="r" toName="l"><Bucket name="good"/><Bucket name="bad"/></Ranker>'
PICK = '<Choices name="k" toName="p"><Choice value="One"/><Choice value="Two"/></Choices>'
RATINGS = "".join(f'<Rating name="{name}{on}" toName="{on}"/>' for name in ("help_", "clear_") for on in "ab")
AREA = '<TextArea name="t" toName="p"/>'

SIDES = f"{TWO}{PAIRWISE}"
RANKER = f'{PROMPT}{LIST}<Ranker name="r" toName="l"/>'
PAIR = {"prompt": "Why?", "left": "L", "right": "R"}
