"""A manifest of any length -> one file, or several of which none is longer than a job takes. All of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from typing import IO

from ...converters.ledger import refuse_loss
from ...label_configs.errors import GtbridgeError
from ..files.scratch import scratch_copy
from ..storage import open_output

__all__ = ["shard_name", "write_shards"]


def write_shards(lines: Iterable[str], out: str, most: int | None) -> list[tuple[str, int]]:
    """Write ``lines`` to ``out``, or, if there are more than ``most``, to as many files as it takes (``shard_name``).

    Returns (name, lines) of each. What fails leaves nothing; only where S3 takes some files but not the next, the error
    names those that are there. Standard output (``-``) is one stream, written as the lines come.
    """
    if out == "-":
        count = 0
        with open_output(out) as file:
            for line in lines:
                file.write(_encoded(line))
                count += 1
        return [(out, count)]
    counts: list[int] = []
    sizes: list[int] = []

    def counted() -> Iterator[bytes]:
        for line in lines:
            data = _encoded(line)
            if not counts or counts[-1] == most:
                counts.append(0)
                sizes.append(0)
            counts[-1] += 1
            sizes[-1] += len(data)
            yield data

    # How many files there will be is part of their names, but is known at the end.
    with scratch_copy(counted()) as spool:
        names = [shard_name(out, number, len(counts)) for number in range(1, len(counts) + 1)]
        _place(spool, names, sizes, counts)
    return list(zip(names, counts, strict=True))


def shard_name(out: str, number: int, count: int) -> str:
    """``path/prompts.manifest`` -> ``path/prompts-00001-of-00003.manifest``; of a single one, ``out`` itself."""
    if count == 1:
        return out
    suffix = PurePosixPath(out).suffix
    return f"{out.removesuffix(suffix)}-{number:05}-of-{count:05}{suffix}"


def _encoded(line: str) -> bytes:
    return f"{line}\n".encode()


def _place(spool: IO[bytes], names: Sequence[str], sizes: Sequence[int], counts: Sequence[int]) -> None:
    placed: list[str] = []
    try:
        with ExitStack() as stack:
            # None takes its name before all are written.
            files = [stack.enter_context(_placing(name, placed)) for name in names]
            for name, file, size, count in zip(names, files, sizes, counts, strict=True):
                refuse_loss({"items": count}, {"items": _copy(spool, file, size)}, name)
    except GtbridgeError as error:
        if placed:
            error.message += f"; written before that, and still there: {', '.join(reversed(placed))}"
        raise


@contextmanager
def _placing(name: str, placed: list[str]) -> Iterator[IO[bytes]]:
    with open_output(name) as file:
        yield file
    placed.append(name)


def _copy(spool: IO[bytes], file: IO[bytes], size: int) -> int:
    """How many lines were copied, counted in what was written."""
    step, lines = 2**19, 0
    for start in range(0, size, step):
        data = spool.read(min(step, size - start))
        file.write(data)
        lines += data.count(b"\n")
    return lines
