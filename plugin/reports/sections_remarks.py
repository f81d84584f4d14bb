"""The section about what was said beside the answers: reasons not to judge, flags on responses, comments."""

from __future__ import annotations

from collections.abc import Iterator

from .page import Name, Part, Section, Table
from .tables import amount, share_of
from .wording import Numbers, count, percent, plural

__all__ = ["remark_sections"]

_MOST = 50  # rows of a table


def remark_sections(numbers: Numbers) -> Iterator[Section]:
    """One section, where tasks ask for any of it."""
    remarks = numbers["remarks"]
    if remarks is None:
        return
    said = []
    if remarks["reasons"]:
        declined = sum(reason["answers"] for reason in remarks["reasons"])
        said.append(f"Declined with a reason: {plural(declined, 'answer')}.")
    if remarks["flags"]:
        given = sum(flag["given"] for flag in remarks["flags"])
        said.append(f"Flags on responses: {count(given)}.")
    if remarks["could_comment"]:
        part = remarks["commented"] / remarks["could_comment"]
        answers = plural(remarks["could_comment"], "answer")
        said.append(f"With a comment: {count(remarks['commented'])} of {answers} ({percent(part)}); read them.")
    tables = [*_reasons(numbers), *_flags(remarks)]
    yield Section("remarks", ("Declined, flagged, commented",), ((" ".join(said),),), tuple(tables))


def _reasons(numbers: Numbers) -> Iterator[Table]:
    reasons = numbers["remarks"]["reasons"]
    if not reasons:
        return
    rows: list[tuple[Part, ...]] = [("everybody", *(amount(reason["answers"]) for reason in reasons))]
    people = [one for one in numbers["annotators"] if one["declined_for"]]
    for one in sorted(people, key=lambda one: (-sum(one["declined_for"].values()), one["name"]))[:_MOST]:
        given = (one["declined_for"].get(reason["reason"], 0) for reason in reasons)
        rows.append((Name(one["name"], 40), *map(amount, given)))
    heads: tuple[Part, ...] = ("annotator", *(Name(reason["reason"], 30) for reason in reasons))
    yield Table("Why items were declined", heads, tuple(rows))


def _flags(remarks: Numbers) -> Iterator[Table]:
    flags = remarks["flags"]
    if not flags:
        return
    names = [flag["flag"] for flag in flags]
    heads: tuple[Part, ...] = ("responses of", "judged", *(Name(name, 30) for name in names))
    # Tasks may differ in their flags: each is counted of the judgements that could have given it.
    everything = (
        "all models",
        amount(max(flag["judged"] for flag in flags)),
        *(_share(flag["given"], flag["judged"]) for flag in flags),
    )
    models = sorted(
        remarks["models"], key=lambda one: (-sum(one["flags"].values()) / max(one["judged"], 1), one["model"])
    )
    rows = tuple(
        (
            Name(one["model"], 40),
            amount(one["judged"]),
            *(_share(one["flags"][name], one["judged"]) for name in names),
        )
        for one in models[:_MOST]
    )
    yield Table("How often responses were flagged", heads, (everything, *rows))
    if remarks["responses"]:
        found = tuple(
            (
                Name(one["item"], 40),
                amount(one["response"]),
                Name(one["flag"], 40),
                f"{one['annotators']} of {one['of']}",
            )
            for one in remarks["responses"]
        )
        yield Table("Responses that were flagged most", ("item", "response", "flag", "annotators"), found, folded=True)


def _share(given: int, judged: int) -> Part:
    return share_of(given / judged if judged else None)
