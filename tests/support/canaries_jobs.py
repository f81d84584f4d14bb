"""What the search for canaries works on: a job's files with secrets in them, and the commands that meet them."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path

from canaries import Canaries
from ground_truth_jobs import label, manifest, put, ranking_job
from roads import ITEMS, RANKING_TASK, Api, prepare_job, ranked, write_lines

from gtbridge.plugin.local_server.embedded import Embedded

__all__ = ["Prepared", "prepared", "token"]

Commands = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Prepared:
    """``handed_in`` are files that hold secrets from the beginning; ``to_servers`` and ``of_files`` are commands."""

    name: str
    request: tuple[str, ...]
    people: tuple[str, ...]
    key: Path
    handed_in: tuple[Path, ...]
    to_servers: Commands
    of_files: Commands

    def answer(self, server: Embedded, project: int) -> None:
        """An answer to the first item, and one that a rule is broken in."""
        api = Api(server)
        first, second, _ = api.tasks(project)
        api.annotate(first["id"], ranked(first["data"], [1, 2, 3], [1, 2, 3]))
        api.annotate(second["id"], ranked(second["data"], [1, 1], [2, 1]))


def prepared(folder: Path, canaries: Canaries) -> Prepared:
    """Write all files."""
    signed = f"X-Amz-Credential=AKIA%2Fx&X-Amz-Signature={canaries.plant('signature of an address')}"
    address = f"https://bucket.s3.amazonaws.com/job/annotations/worker-response/iteration-1/0/x.json?{signed}"
    password = canaries.plant("password in a CSV of people")
    key = folder / "key"
    key.write_text(canaries.plant("pseudonym key"), encoding="ascii")
    request, _ = prepare_job(folder, "canaries", ITEMS, RANKING_TASK, workers=2)
    put(folder / "job", ranking_job("s3://bucket", "job", 3))
    referring = folder / "referring.manifest"
    referring.write_bytes(
        manifest([{"source": "s", "responses": ["a", "b"], "label": {}, "label-metadata": label("j", address)}])
    )
    texts = write_lines(folder / "texts.manifest", [{"source-ref": address}, {"source-ref": f"{address}/../x"}])
    people, more_people = folder / "people.csv", folder / "more-people.csv"
    people.write_text("email,first_name\nann@example.com,Ann\nbob@example.com,Bob\n", encoding="utf-8")
    more_people.write_text(f"email,password\nann@example.com,{password}\n", encoding="utf-8")
    wide_people = folder / "wide-people.csv"
    wide_people.write_text(f"email\nann@example.com,{password}\n", encoding="utf-8")
    request_of_texts = folder / "request-texts.json"
    request_of_texts.write_text(request.read_text("utf-8").replace("in.manifest", texts.name), encoding="utf-8")
    dataset = ("dataset", "build", "job", "-o", "pushed", "--pseudonym-key", str(key), "--config", "ranking")
    return Prepared(
        "canaries",
        ("--request", str(request)),
        (str(people),),
        key,
        (key, referring, texts, more_people, wide_people),
        to_servers=(
            ("task", "check", "s3://bucket/task.yaml"),
            ("verify", "s3://bucket/a", "job"),
            ("manifest", "make", "in.manifest", "-o", "s3://bucket/made.manifest"),
            ("manifest", "make", "hf://datasets/org/name", "-o", "made.manifest"),
            ("job", "list"),
            ("job", "create", "--request", str(request)),
            ("workers", "add", "--job", "canaries", str(people)),
            ("job", "list", "--backend", "sagemaker"),
            ("job", "export", "canaries", "--to", "s3://bucket/out"),
            ("dataset", "push", "pushed", "org/name"),
            ("doctor",),
        ),
        of_files=(
            dataset,
            ("dataset", "build", "job", "-o", "s3://bucket/built", "--pseudonym-key", str(key)),
            ("dataset", "push", "pushed", "org/name"),
            ("dataset", "build", str(referring), "-o", "never"),
            ("audit", str(referring), "-o", "never.html"),
            ("verify", str(referring), "job"),
            ("verify", "job", str(referring), "--json"),
            ("manifest", "check", str(texts)),
            ("manifest", "check", str(texts), "--json"),
            ("migrate", str(referring)),
            ("job", "create", "--request", str(request_of_texts), "--dry-run"),
            ("workers", "add", "--job", "canaries", str(more_people)),
            ("workers", "add", "--job", "canaries", str(wide_people)),
        ),
    )


def token(canary: str, kind: str = "refresh") -> str:
    """A JSON Web Token that holds the canary as its signature."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"token_type": kind, "exp": int(time.time()) + 3600, "user_id": 1})
    spelled = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*spelled, canary])
