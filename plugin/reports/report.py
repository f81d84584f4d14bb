"""The numbers of an audit -> the page: one HTML file that loads nothing and runs nothing. Writes no file."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from .findings import findings
from .page import Name, Number
from .sections_answers import answer_sections, jobs_table
from .sections_questions import question_sections
from .sections_ranking import ranking_sections
from .sections_remarks import remark_sections
from .thresholds import ALL
from .wording import Numbers, shown

__all__ = ["report_page"]


def report_page(numbers: Numbers, remarks: Iterable[str] = ()) -> bytes:
    """The page in UTF-8, of what ``AuditResult.to_dict()`` gives. ``remarks`` say what could not be looked at.

    The same numbers give the same bytes. Whatever people wrote is text in it, never markup.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.tests["name"] = lambda part: isinstance(part, Name)
    environment.tests["quantity"] = lambda part: isinstance(part, Number)
    sections = [
        *ranking_sections(numbers),
        *question_sections(numbers),
        *remark_sections(numbers),
        *answer_sections(numbers),
    ]
    page = environment.from_string(_file("report.html")).render(
        jobs=[Name(job["name"]) for job in numbers["jobs"]],
        looked_at=jobs_table(numbers),
        findings=findings(numbers),
        sections=sections,
        thresholds=ALL,
        remarks=[shown(remark) for remark in remarks],
        style=_file("report.css"),
    )
    return page.encode("utf-8")


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
