"""How people make preference pairs of a finished job without gtbridge, each way a program of its own.

The notebooks that AWS publishes for this task read the output manifest, get one worker-response object after another
with boto3, parse it with json, and keep a list of dicts, which becomes a dataset with ``Dataset.from_list``. They make
no pairs; here they do, by the votes of the workers, so that all contenders end with the same pairs. Nothing is
checked here, and fewer columns are written than gtbridge writes.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path
from typing import Any

_THREADS = 16
_MANIFEST = "manifests/output/output.manifest"


@dataclass(frozen=True)
class Source:
    """Where a job lies: the ``lines`` of its output manifest, and what ``get`` gives for a reference in them."""

    lines: Callable[[], Iterable[bytes]]
    get: Callable[[str], bytes]


def pairs_of(line: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The preference pairs of an item: where more workers prefer the one than the other."""
    responses = line["responses"]
    votes: dict[tuple[str, int, int], list[int]] = {}
    for answer in document["answers"]:
        for dimension in answer["answerContent"]["textRanking"]["ordinalRankingDimensions"]:
            ranks = dimension["responseRankings"]
            for first, second in combinations(range(len(ranks)), 2):
                counts = votes.setdefault((dimension["name"], first, second), [0, 0, 0])
                counts[0 if ranks[first] < ranks[second] else 1 if ranks[first] > ranks[second] else 2] += 1
    for (name, first, second), (for_first, for_second, ties) in votes.items():
        if for_first == for_second:
            continue
        chosen, rejected = (first, second) if for_first > for_second else (second, first)
        yield {
            "prompt": [{"role": "user", "content": line["source"]}],
            "chosen": [{"role": "assistant", "content": responses[chosen]}],
            "rejected": [{"role": "assistant", "content": responses[rejected]}],
            "dimension": name,
            "votes_chosen": max(for_first, for_second),
            "votes_rejected": min(for_first, for_second),
            "votes_tie": ties,
        }


def reference_of(line: dict[str, Any]) -> str:
    """The worker-response object of a line."""
    reference: str = line["label-metadata"]["worker-response-ref"]
    return reference


def in_s3(place: str, url: str) -> Source:
    """With boto3."""
    import boto3
    from botocore.config import Config

    # As many connections as threads; one after another, a single one is used.
    client = boto3.client("s3", endpoint_url=url, config=Config(max_pool_connections=_THREADS))

    def body(reference: str) -> Any:
        bucket, _, key = reference.removeprefix("s3://").partition("/")
        return client.get_object(Bucket=bucket, Key=key)["Body"]

    manifest = f"{place}/{_MANIFEST}"
    return Source(lambda: body(manifest).iter_lines(2**16), lambda reference: bytes(body(reference).read()))


def on_disk(folder: Path) -> Source:
    """A copy of the job in a folder."""

    def get(reference: str) -> bytes:
        return (folder / reference.removeprefix("s3://").split("/", 2)[2]).read_bytes()

    return Source(lambda: (folder / _MANIFEST).open("rb"), get)


def pairs(source: Source, items: int, threads: int = 1) -> Iterator[dict[str, Any]]:
    """The pairs of the first items, one after another."""
    lines = [json.loads(line) for line in islice(source.lines(), items)]
    with ThreadPoolExecutor(threads) as pool:
        references = map(reference_of, lines)
        documents = pool.map(source.get, references) if threads > 1 else map(source.get, references)
        for line, document in zip(lines, documents, strict=True):
            yield from pairs_of(line, json.loads(document))


def main(way: str, place: str, out: Path, items: int, url: str = "") -> None:
    """``way`` is how the dataset is made; ``place`` the job's folder, or its address in the S3 at ``url``.

    Prints what it took, without the start of Python and the imports.
    """
    from datasets import Dataset

    source = in_s3(place, url) if url else on_disk(Path(place))
    out.mkdir(parents=True)
    wall, cpu = time.perf_counter(), time.process_time()
    if way == "generator":
        dataset = Dataset.from_generator(lambda: pairs(source, items), cache_dir=str(out / "cache"))
    else:
        dataset = Dataset.from_list(list(pairs(source, items, _THREADS if way == "threads" else 1)))
    dataset.to_parquet(str(out / "pairs.parquet"))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])
