"""Ways to read a JSON export of Label Studio's, each a program: ``reading WAY FOLDER OUT``, see ``made_export``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def converter(form: str, folder: Path, out: Path) -> None:
    """label-studio-sdk's converter, as the ``label-studio-converter`` command calls it."""
    from label_studio_sdk.converter.converter import Converter, Format

    make: Any = Converter
    convert = make(str(folder / "config.xml"), project_dir=None, download_resources=False).convert
    convert(str(folder / "export.json"), str(out), Format[form], is_dir=False)


def in_memory(folder: Path, out: Path) -> None:
    """The whole file with json, a list of dicts of it, a dataset of that."""
    from datasets import Dataset

    tasks = json.loads((folder / "export.json").read_bytes())
    answers = [
        {"data": json.dumps(task["data"]), **{name: annotation[name] for name in ("id", "completed_by", "lead_time")}}
        | {"result": json.dumps(annotation["result"])}
        for task in tasks
        for annotation in task["annotations"]
        if not annotation["was_cancelled"]
    ]
    Dataset.from_list(answers).to_parquet(str(out))


def gtbridge(folder: Path, out: Path) -> None:
    """gtbridge's reading, alone: every answer understood, none judged or written."""
    from gtbridge.converters.ledger import Ledger
    from gtbridge.plugin.outputs.job_reader import job_lines, open_job_output
    from gtbridge.plugin.outputs.options import JobOutputOptions

    options = JobOutputOptions(task=str(folder / "definition.yaml"))
    export = open_job_output(str(folder / "export.json"), options)
    answers = sum(len(line.answers) for line in job_lines(export, Ledger()))
    out.write_text(f"{answers}\n", encoding="utf-8")


def main(way: str, folder: Path, out: Path) -> None:
    """Read in one of these ways."""
    if way == "gtbridge":
        gtbridge(folder, out)
    elif way == "json":
        in_memory(folder, out)
    else:
        converter(way, folder, out)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
