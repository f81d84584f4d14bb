"""The process that reads the damaged documents, so that whatever happens to it happens to nobody else.

Told ``reader first count`` a line, it answers a line of JSON: how many were refused and read, and what went wrong. It
is ended by a watchdog, with a traceback, if it answers nothing for too long; ``progress`` says at which document.
"""

from __future__ import annotations

import faulthandler
import json
import mmap
import resource
import struct
import sys
import time
import traceback
from collections.abc import Mapping
from random import Random
from typing import Any

from gtbridge.label_configs.errors import GtbridgeError

__all__ = ["GROWTH", "LONGEST", "damaged", "main"]

LONGEST = 30  # seconds for all that is asked at once
SLOW = 3.0  # seconds of the processor for one document, of at most some hundred KB
GROWTH = 2**30  # bytes beside what the process has when it begins


def damaged(reader: Any, seed: int, number: int) -> bytes:
    """The document ``number`` of the reader."""
    random = Random(f"{seed} {number}")
    data: bytes = reader.mutate(random.choice(reader.samples), random=random)
    return data


def _slice(reader: Any, seed: int, first: int, count: int, seconds: float, progress: mmap.mmap) -> Mapping[str, Any]:
    read = refused = 0
    wrong: list[str] = []
    began = time.monotonic()
    number = first
    for number in range(first, first + count):
        progress[:8] = struct.pack("q", number)
        data = damaged(reader, seed, number)
        before = time.process_time()
        try:
            reader.read(data)
            read += 1
        except GtbridgeError as error:
            refused += 1
            if not str(error).strip():
                wrong.append(f"{number}: refused without a word")
        except BaseException:
            wrong.append(f"{number}: {traceback.format_exc()[-1500:]}")
        took = time.process_time() - before
        if took > SLOW:
            wrong.append(f"{number}: took {took:.1f} s for {len(data):,} bytes")
        if time.monotonic() - began > seconds:
            break
    return {"read": read, "refused": refused, "wrong": wrong, "next": number + 1, "seconds": time.monotonic() - began}


def main() -> None:
    from .fuzz_definitions import DEFINITIONS
    from .fuzz_files import FILES
    from .fuzz_formats import FORMATS
    from .fuzz_projects import PROJECTS

    readers = {**FORMATS, **PROJECTS, **DEFINITIONS, **FILES}
    with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 8) as progress:  # noqa: PTH123
        used = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024  # noqa: PTH123, SIM115
        resource.setrlimit(resource.RLIMIT_AS, (used + GROWTH, used + GROWTH))
        print(json.dumps(list(readers)), flush=True)
        for line in sys.stdin:
            name, seed, first, count, seconds = json.loads(line)
            faulthandler.dump_traceback_later(LONGEST + seconds, exit=True)
            answer = _slice(readers[name], seed, first, count, seconds, progress)
            faulthandler.cancel_dump_traceback_later()
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
