"""A finished job's folder on a local disk -> preference pairs in Parquet."""

from __future__ import annotations

from collections.abc import Iterator

from .comparison import Comparison, at_least, ratios
from .made_jobs import made_job
from .measuring import Contender, take_turns
from .objects import same_as
from .setting import Setting, program

__all__ = ["compare_local_files"]

GTBRIDGE = "gtbridge"
LIST = "json, Dataset.from_list"
GENERATOR = "json, Dataset.from_generator"
LIMIT = "limit: writing alone"
_ABOUT = (
    "The same job in a folder. gtbridge checks every answer, and makes row ids, agreement and a card as well. "
    "Figures are with the start of Python and the imports, but for the limit."
)


def compare_local_files(setting: Setting) -> Iterator[Comparison]:
    """Rates by CPU seconds: nothing waits for a far side here."""
    units = setting.size.responses
    job, work = made_job(setting.cache, units), setting.work
    environment = setting.environment()
    built = work / "local"

    def notebook(name: str, way: str) -> Contender:
        out = work / f"local-{way}"
        return Contender(name, [program("notebook", way, job, out, units)], units, out, environment)

    limit = program("limits", "write", built, work / "written")
    contenders = [
        Contender(GTBRIDGE, [setting.build(str(job), built)], units, built, environment),
        notebook(LIST, "list"),
        notebook(GENERATOR, "generator"),
        Contender(LIMIT, [limit], units, work / "written", environment, tells=True),
    ]
    figures = take_turns(contenders, setting.size.rounds, same_as(setting, contenders))
    found = Comparison("local", "A job's folder to Parquet", "responses", _ABOUT, contenders, figures)
    own = found.cpu(GTBRIDGE)
    found.goals = [
        at_least("times the CPU efficiency of json and from_list, at least 5", ratios(found.cpu(LIST), own), 5),
        at_least("of the pairs per CPU second of writing alone, at least 0.5", ratios(found.cpu(LIMIT), own), 0.5),
    ]
    yield found
