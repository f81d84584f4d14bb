"""The demonstration: both tasks from request to dataset and audit, on a Label Studio of its own, answers simulated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..converters.datasets.options import BuildOptions
from ..converters.datasets.rows import Pseudonyms
from ..converters.formats.manifest import read_manifest
from ..converters.formats.sources import Columns
from ..converters.records import Item
from ..label_configs.errors import InputError, LedgerError
from ..label_configs.tasks import TextRanking
from .definitions import read_definition
from .files.interrupts import tidy_when_interrupted
from .label_studio.export import export_job
from .label_studio.job import Job
from .label_studio.jobs import check_manifest, create_job
from .label_studio.server import Server, connect
from .labeling_job import read_request
from .local_server.embedded import GUARDED, Embedded, embedded_label_studio
from .local_server.simulate import answer_all, simulated_annotators
from .manifests.manifests import make_manifest
from .outputs.auditing import audit_outputs, remarks
from .outputs.dataset_builder import Publication, build_dataset
from .outputs.job_reader import JobOutputOptions, open_job_output
from .outputs.label_studio_outputs import LIVE
from .outputs.pseudonym_key import pseudonym_key
from .outputs.verify import verify_outputs
from .reports.report import report_page
from .storage import new_directory, open_input, read_text, write_bytes

__all__ = ["run_demo"]

ANNOTATORS = 3
_TASKS = (
    ("prompts", "text-ranking", "ranking-request.json"),
    ("passages", "question-answer", "question-answer-request.json"),
)
_DATASETS = (("demo-ranking", "ranking"), ("demo-questions", "questions"))

Say = Callable[[str], Any]


def run_demo(out: Path, *, say: Say, when_done: Callable[[], None] | None = None) -> None:
    """Walk the whole road and leave inputs, job outputs and datasets and audits in ``out``.

    ``when_done`` is called while the server is still up. What an earlier demo left in ``out`` is replaced; InputError
    if ``out`` holds something else.
    """
    tidy_when_interrupted()
    ours = (out / "input" / "ranking-request.json").is_file()
    if out.exists() and not ours and (not out.is_dir() or any(out.iterdir())):
        raise InputError("holds something else; choose a new folder with --out", source=str(out))
    say("1. Starting a Label Studio on this machine (the first start takes a minute)")
    with ExitStack() as stack:
        embedded = stack.enter_context(
            embedded_label_studio(settings_module=GUARDED, on_progress=lambda line: say(f"   {line}"))
        )
        say(f"   Label Studio {embedded.version} answers at {embedded.url}")
        server = stack.enter_context(connect(embedded.url, embedded.api_key))
        say("2. Making two labeling jobs from CreateLabelingJob requests")
        # Whoever stays to label finds every item in want of one more answer.
        _write_inputs(out / "input", ANNOTATORS + (1 if when_done else 0))
        jobs = _make_jobs(server, out / "input", say)
        say(f"3. {ANNOTATORS} simulated annotators answer through the API")
        _simulate(server, embedded.api_key, jobs, say)
        say("4. Exporting the answers as Ground Truth job outputs")
        with new_directory(out / "jobs") as folder:
            for job in jobs:
                _export(server, embedded, job, folder, out / "jobs", say)
        say("5. Building datasets")
        for name, dataset in _DATASETS:
            _build(out / "jobs" / name, out / "datasets" / dataset, say)
        say("6. Auditing")
        with new_directory(out / "audit") as folder:
            for name, dataset in _DATASETS:
                _audit(out / "jobs" / name, folder / f"{dataset}.html")
                say(f"   {out / 'audit' / dataset}.html")
        _next_steps(out, embedded if when_done else None, say)
        if when_done:
            when_done()


def _write_inputs(folder: Path, workers: int) -> None:
    """All of them or none, so that the next demo knows an interrupted one's folder as its own."""
    with new_directory(folder) as new:
        for objects, task, request_name in _TASKS:
            for name in (f"{objects}.jsonl", f"{task}.yaml"):
                write_bytes(new / name, _sample(name))
            make_manifest((str(new / f"{objects}.jsonl"),), str(new / f"{objects}.manifest"), Columns())
            fields = json.loads(_sample(request_name))
            place = folder.absolute()
            fields["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"] = str(place / f"{objects}.manifest")
            fields["HumanTaskConfig"]["UiConfig"]["UiTemplateS3Uri"] = str(place / f"{task}.yaml")
            fields["HumanTaskConfig"]["NumberOfHumanWorkersPerDataObject"] = workers
            write_bytes(new / request_name, f"{json.dumps(fields, indent=2)}\n".encode())


def _make_jobs(server: Server, folder: Path, say: Say) -> list[Job]:
    jobs = []
    for _, _, request_name in _TASKS:
        path = str(folder / request_name)
        request = read_request(read_text(path), path)
        definition = read_definition(request.template or "")
        job = create_job(server, request, definition, check_manifest(request, definition, request.manifest))
        say(f"   {job.name}: {job.objects} tasks at {server.url}/projects/{job.project}/data")
        jobs.append(job)
    return jobs


def _sample(name: str) -> bytes:
    return files("gtbridge.plugin").joinpath("sample", name).read_bytes()


def _simulate(server: Server, api_key: str, jobs: list[Job], say: Say) -> None:
    material = json.loads(_sample("simulated.json"))
    with simulated_annotators(server, api_key, ANNOTATORS) as annotators:
        for job in jobs:
            items = _items(job)
            key = "quality" if isinstance(job.definition, TextRanking) else "pairs"
            count = answer_all(annotators, job, items, _by_index(items, material[key]))
            say(f"   {job.name}: {count} answers")


def _items(job: Job) -> dict[int, Item]:
    with open_input(job.request.manifest) as file:
        return {item.index: item for item in read_manifest(file, job.request.manifest)}


def _by_index(items: Mapping[int, Item], material: Mapping[str, Any]) -> dict[int, Any]:
    return {index: material[json.loads(item.line)["id"]] for index, item in items.items()}


def _export(server: Server, embedded: Embedded, job: Job, folder: Path, shown: Path, say: Say) -> None:
    path, ledger = export_job(server, job, str(folder))
    say(f"   {shown / job.name}")
    for line in ledger.lines():
        say(f"     {line}")
    live = open_job_output(f"{LIVE}{job.name}", JobOutputOptions(label_studio=(embedded.url, embedded.api_key)))
    found = verify_outputs(live, open_job_output(path), limit=1).comparison
    if not found.same:
        raise LedgerError(f"says something else than the server: {found.differences.kept[0]}", source=path)
    say(f"     verified: {found.items.compared} items and {found.answers.compared} answers as on the server")


def _build(output: Path, dataset: Path, say: Say) -> None:
    job = open_job_output(str(output))
    publication = Publication(license="apache-2.0")
    built, ledger = build_dataset([job], str(dataset), BuildOptions(pseudonym_key(None), test_size=0.2), publication)
    say(f"   {dataset}")
    for config in built.configs:
        rows = ", ".join(f"{count} {split}" for split, count in sorted(config.rows.items(), reverse=True))
        say(f"     {config.name}: {rows}")
    for line in ledger.lines():
        say(f"     {line}")


def _audit(output: Path, page: Path) -> None:
    name_of = Pseudonyms(pseudonym_key(None)).of
    result, ledger = audit_outputs([open_job_output(str(output))], name_of)
    write_bytes(page, report_page(result.to_dict(), remarks(ledger)))


def _next_steps(out: Path, embedded: Embedded | None, say: Say) -> None:
    say("")
    say("All answers are simulated, and say so; the datasets are for looking at, not for training.")
    say("Next:")
    load = f"import datasets; print(datasets.load_dataset('{out}/datasets/ranking', 'ranking'))"
    say(f'  read a dataset     python -c "{load}"')
    say(f"  read its card      {out}/datasets/ranking/README.md")
    say(f"  look at an audit   {out}/audit/ranking.html")
    say(f"  see a job's output {out}/jobs/demo-ranking/manifests/output/output.manifest")
    if embedded is None:
        say("  label yourself     gtbridge demo --serve")
        return
    say(f"  label yourself     {embedded.url} as {embedded.email} with the password {embedded.password}")
