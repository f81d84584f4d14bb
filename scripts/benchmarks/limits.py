"""What nobody can go below: getting the objects, decoding them, writing the rows, each alone and as fast as it goes.

Each is a program of its own, which prints what it took without the start of Python and the imports.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from .made_jobs import BUCKET, JOB, response_key


class _Ranking(msgspec.Struct):
    name: str
    allowTie: bool
    responseRankings: list[int]


class _Rankings(msgspec.Struct):
    ordinalRankingDimensions: list[_Ranking]


class _Content(msgspec.Struct):
    textRanking: _Rankings


class _Answer(msgspec.Struct):
    workerId: str
    answerContent: _Content
    workerMetadata: dict[str, Any]
    acceptanceTime: str
    submissionTime: str
    timeSpentInSeconds: float


class _Document(msgspec.Struct):
    answers: list[_Answer]


def gets(url: str, items: int, threads: int) -> Callable[[], object]:
    """GETs of the worker-response objects with obstore, the fastest client known; the content is thrown away."""
    from obstore.store import S3Store

    store = S3Store(
        BUCKET,
        endpoint=url,
        region=os.environ["AWS_REGION"],
        access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
        secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        client_options={"allow_http": True},
    )
    keys = [f"{JOB}/{response_key(item)}" for item in range(items)]

    def get(some: Sequence[str]) -> int:
        return sum(len(store.get(key).bytes()) for key in some)

    def work() -> object:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(get, [keys[start::threads] for start in range(threads)]))

    return work


def decode(folder: str, items: int) -> Callable[[], object]:
    """Worker-response documents, in memory, to typed objects with msgspec."""
    documents = [(Path(folder) / response_key(item)).read_bytes() for item in range(items)]
    decoder = msgspec.json.Decoder(_Document)
    return lambda: [len(decoder.decode(document).answers) for document in documents]


def write(dataset: str, out: str) -> Callable[[], object]:
    """The tables of a dataset that gtbridge built, in memory, to Parquet with gtbridge's settings and row groups."""
    import datasets
    from pyarrow import parquet

    pq: Any = parquet
    files = [pq.ParquetFile(path) for path in sorted(Path(dataset).rglob("*.parquet"))]
    groups = [[file.read_row_group(number) for number in range(file.num_row_groups)] for file in files]
    Path(out).mkdir(parents=True)

    def work() -> object:
        for number, tables in enumerate(groups):
            with pq.ParquetWriter(
                f"{out}/{number}.parquet",
                tables[0].schema,
                compression="zstd",
                write_page_index=True,
                use_content_defined_chunking=datasets.config.DEFAULT_CDC_OPTIONS,
            ) as writer:
                for table in tables:
                    writer.write_table(table, row_group_size=max(1, table.num_rows))
        return None

    return work


def main(which: str, *arguments: str) -> None:
    """Prepare, then measure."""
    match which:
        case "gets":
            work = gets(arguments[0], int(arguments[1]), int(arguments[2]))
        case "decode":
            work = decode(arguments[0], int(arguments[1]))
        case _:
            work = write(arguments[0], arguments[1])
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "memory": 0}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
