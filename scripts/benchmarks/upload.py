"""Puts a folder's files into the bucket; a program of its own: ``upload FOLDER PREFIX AT_ONCE``."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

from .made_jobs import BUCKET

_PATIENCE_SECONDS = 60


def main(folder: Path, prefix: str, at_once: int) -> None:
    """All of them, once the bucket is there."""
    store = S3Store(BUCKET, endpoint=os.environ["AWS_ENDPOINT_URL"], client_options={"allow_http": True})
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            store.put("first", b"")
            break
        except BaseError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)

    def put(path: Path) -> None:
        store.put(f"{prefix}{path.relative_to(folder).as_posix()}", path.read_bytes(), use_multipart=False)

    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(put, (path for path in folder.rglob("*") if path.is_file())):
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
