"""The parts of a dataset, as ``dataset_parts`` writes them: read back as batches, checked against each other."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, cast

from ...converters.formats.json_text import bounded_lines, known_json, read_json
from ...converters.ledger import Ledger
from ...label_configs.errors import GtbridgeError, InputError
from ..storage import absolute, exists, join, list_files, open_input, read_bytes
from .dataset_place import PART, PROVENANCE, RUNS

if TYPE_CHECKING:
    from ...converters.datasets.batch import Batch, Run
    from ...converters.datasets.options import BuildOptions

__all__ = ["FORMAT", "Part", "check_together", "read_part"]

FORMAT = 1
_RUNS = 2048  # at a time
_DAMAGE = (KeyError, TypeError, ValueError, AttributeError, LookupError, OverflowError, RecursionError)
# What must be equal in all parts, and what to say where it is not.
_COMMON = {
    "gtbridge": "by another version of gtbridge",
    "of": "as one of another number of parts",
    "options": "with other choices",
    "key": "with another key for pseudonyms",
}


@dataclass(frozen=True)
class Part:
    """A part at ``path``, the ``number``-th of ``of``. ``said`` is its description."""

    path: str
    number: int
    of: int
    said: Mapping[str, Any] = field(repr=False)

    @property
    def options(self) -> BuildOptions:
        """What it was built with, but for the key."""
        from ...converters.datasets.part_state import options_from_plain

        with self._undamaged():
            return options_from_plain(self.said["options"])

    @property
    def dimensions(self) -> list[str]:
        """Those of all jobs."""
        return list(self.said["dimensions"])

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """What is known of each job."""
        return list(self.said["inputs"])

    def provenance(self) -> dict[str, str]:
        """Where the jobs lie, as far as the file beside the part is still there."""
        place = f"{absolute(self.path).rstrip('/')}{PROVENANCE}"
        return dict(read_json(read_bytes(place), place)["jobs"]) if exists(place) else {}

    def state(self) -> Batch:
        """What the whole must know of it beside its rows. InputError if it is damaged."""
        from ...converters.datasets.part_state import state_from_plain

        with self._undamaged():
            return state_from_plain(self.said["state"])

    def batches(self) -> Iterator[Batch]:
        """Its rows, item by item, some items at a time. InputError if they are damaged."""
        from ...converters.datasets.batch import Batch

        with ExitStack() as stack:
            rows: dict[tuple[str, str], _Rows] = {}
            runs = self._runs()
            while some := list(islice(runs, _RUNS)):
                counts: dict[tuple[str, str], int] = {}
                for run in some:
                    key = run.config, run.split
                    counts[key] = counts.get(key, 0) + _rows_of(run)
                    if key not in rows:
                        rows[key] = _Rows(self.path, *key, stack)
                with self._undamaged():
                    tables = {key: rows[key].take(count) for key, count in counts.items() if count}
                yield Batch(Ledger(), tables=tables, runs=some)
            with self._undamaged():
                for there in rows.values():
                    there.end()

    def _runs(self) -> Iterator[Run]:
        from ...converters.datasets.part_state import run_from_plain

        with open_input(join(self.path, RUNS)) as file, self._undamaged():
            for line in bounded_lines(cast("IO[bytes]", gzip.GzipFile(fileobj=file)), self.path):
                yield run_from_plain(known_json(line))

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        try:
            yield
        except (*_DAMAGE, OSError, EOFError, zlib.error) as error:
            if isinstance(error, GtbridgeError):
                raise
            raise InputError("is a part of a dataset that is damaged; build it again", source=self.path) from None


class _Rows:
    """The rows of one split of a part, in order."""

    def __init__(self, part: str, config: str, split: str, stack: ExitStack):
        self._tables = self._read(part, config, split, stack)
        self._rest: Any = None

    def _read(self, part: str, config: str, split: str, stack: ExitStack) -> Iterator[Any]:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        opened: Any = ParquetFile

        for name in list_files(join(part, config)):
            if name.startswith(f"{split}-"):
                file = opened(stack.enter_context(open_input(join(join(part, config), name))))
                for batch in file.iter_batches(1_000, use_threads=False):
                    yield pa.Table.from_batches([batch])

    def take(self, count: int) -> Any:
        """The next rows. ValueError if there are not so many."""
        import pyarrow as pa

        found = [] if self._rest is None else [self._rest]
        have = sum(table.num_rows for table in found)
        while have < count:
            table = next(self._tables, None)
            if table is None:
                raise ValueError("fewer rows than runs")
            found.append(table)
            have += table.num_rows
        whole = pa.concat_tables(found)
        self._rest = whole.slice(count)
        return whole.slice(0, count)

    def end(self) -> None:
        """ValueError if there are more rows."""
        if (self._rest is not None and self._rest.num_rows) or next(self._tables, None) is not None:
            raise ValueError("more rows than runs")


def _rows_of(run: Run) -> int:
    return run.rows if isinstance(run.rows, int) else sum(known.refusal is None for known in run.rows)


def read_part(path: str) -> Part:
    """The part at ``path``. InputError if it is none, or of a format that this version does not know."""
    place = join(path, PART)
    if not exists(place):
        raise InputError("is no part of a dataset, as `dataset build --shard` makes them", source=path)
    said = read_json(read_bytes(place), place)
    if not isinstance(said, dict) or said.get("gtbridge_part") != FORMAT:
        raise InputError("is a part in a format of another version of gtbridge", source=path)
    number, of = said.get("number"), said.get("of")
    if not isinstance(number, int) or not isinstance(of, int) or not isinstance(said.get("inputs"), list):
        raise InputError("is a part of a dataset that is damaged; build it again", source=path)
    return Part(path, number, of, said)


def check_together(parts: Sequence[Part], out: str) -> None:
    """InputError unless these are all parts of one dataset, each once, and ``out`` is none of them."""
    first = parts[0]
    for part in parts:
        if absolute(part.path).rstrip("/") == absolute(out).rstrip("/"):
            raise InputError("is one of the parts; choose another place for the dataset", source=out)
        for name, how in _COMMON.items():
            if part.said.get(name) != first.said.get(name):
                which = _differing(first.said.get(name), part.said.get(name))
                raise InputError(f"was built {how} than {first.path}{which}", source=part.path)
        _check_inputs(first, part)
    by_number: dict[int, Part] = {}
    for part in parts:
        if part.number in by_number:
            message = f"is part {part.number} of {part.of}, as {by_number[part.number].path} is"
            raise InputError(message, source=part.path)
        by_number[part.number] = part
    missing = [str(number) for number in range(1, first.of + 1) if number not in by_number]
    if missing:
        raise InputError(f"of {first.of} parts, these are missing: {', '.join(missing)}", source=out)


def _check_inputs(first: Part, part: Part) -> None:
    here, there = ([_without_facts(given) for given in one.inputs] for one in (part, first))
    if here != there:
        names = [given["name"] for given in here]
        if names != [given["name"] for given in there]:
            raise InputError(f"was built of other jobs than {first.path}", source=part.path)
        changed = next(one["name"] for one, other in zip(here, there, strict=True) if one != other)
        message = f"was built of another {changed} than {first.path}: the job changed, or was read with other options"
        raise InputError(message, source=part.path)


def _without_facts(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != "facts"}


def _differing(one: Any, other: Any) -> str:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return ""
    names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    return f": {', '.join(names)}"
