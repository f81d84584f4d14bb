"""Secrets that can be told apart from all else are planted where secrets can be; then everything is searched for them.

Commands run with success and with each kind of failure; servers repeat what they were sent. Nothing may be found.
"""

from __future__ import annotations

import json
import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from canaries import Canaries, Search, watched_processes
from canaries_jobs import Prepared, prepared, token
from certificates import own_certificate
from echoing_server import FORMS, Echo, echoing_server
from forked_commands import Commands, Done, forked_commands
from installation import Installation, on_sqlite
from seaweedfs import BUCKET, ObjectServer, object_server

from .part import Stress

__all__ = ["Sown", "fail", "run", "sown", "succeed"]


@dataclass
class Sown:
    """Where it all happens: the folder with everything that commands can write to, the search, the hostile server."""

    stress: Stress
    folder: Path
    commands: Commands
    canaries: Canaries
    search: Search
    echo: Echo
    jobs: Prepared

    def environment(self, **more: str) -> dict[str, str]:
        """A user's, with credentials for everything."""
        homes = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache", "XDG_CONFIG_HOME": "config"}
        plant, url = self.canaries.plant, self.echo.url
        return {
            **{name: str(self.folder / folder) for name, folder in homes.items()},
            "PATH": os.environ["PATH"],
            "AWS_ACCESS_KEY_ID": "AKIA" + plant("AWS_ACCESS_KEY_ID")[8:24].upper(),
            "AWS_SECRET_ACCESS_KEY": plant("AWS_SECRET_ACCESS_KEY"),
            "AWS_SESSION_TOKEN": plant("AWS_SESSION_TOKEN"),
            "AWS_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_ENDPOINT_URL": url,
            "LABEL_STUDIO_URL": url,
            "LABEL_STUDIO_API_KEY": plant("LABEL_STUDIO_API_KEY"),
            "HF_TOKEN": "hf_" + plant("HF_TOKEN"),
            "POSTGRE_PASSWORD": plant("POSTGRE_PASSWORD"),
            **more,
        }

    def run(self, *arguments: str, code: int | None = None, told: Mapping[str, str] | None = None) -> Done:
        """One command, which must end with this code; ``told`` is what is otherwise in its environment."""
        done = self.commands.run(arguments, self.folder, **self.environment(**(told or {})))
        called = "gtbridge " + " ".join(arguments)[:120]
        self.search.text(done.output, f"what {called!r} prints")
        self.search.text(done.errors, f"the errors of {called!r}")
        self.stress.count("commands run")
        if "Traceback" in done.errors or done.code not in (0, 1, 2) or (code is not None and done.code != code):
            self.stress.is_wrong(f"{called!r} ended with {done.code}: {done.errors[-300:]}")
        return done


@contextmanager
def sown(stress: Stress, folder: Path) -> Iterator[Sown]:
    """Everything planted and nothing run yet; in the end all files below ``folder`` are searched, and reported on."""
    place = folder / "place"
    for name in ("home", "tmp", "cache", "config"):
        (place / name).mkdir(parents=True)
    canaries = Canaries()
    search = Search(canaries)
    with ExitStack() as stack:
        echo = stack.enter_context(echoing_server())
        once = {"HF_ENDPOINT": echo.url, "HF_HOME": str(place / "cache/hf"), "HOME": str(place / "home")}
        commands = stack.enter_context(forked_commands(folder, once))
        jobs = prepared(place, canaries)
        stack.enter_context(watched_processes(search))
        yield Sown(stress, place, commands, canaries, search, echo, jobs)
    search.folder(place, but=jobs.handed_in)
    stress.count("canaries planted", len(canaries.planted))
    stress.count("places searched", search.places)
    stress.count("found", len(search.found))
    for found in dict.fromkeys(search.found):
        stress.is_wrong(found)


def fail(sown: Sown) -> None:
    """Each command against servers that refuse and repeat, hang up, are not there, or are not who they should be."""
    echo, plant = sown.echo, sown.canaries.plant
    keys = {"legacy token": plant("LABEL_STUDIO_API_KEY"), "personal access token": token(plant("refresh token"))}
    echo.lets["/api/token/refresh/"] = {"access": token(plant("access token"), "access")}
    for arguments in sown.jobs.of_files:
        sown.run(*arguments)
    for number, (status, form) in enumerate((status, form) for status in (401, 403, 400) for form in FORMS):
        echo.status, echo.form = status, form
        key = list(keys.values())[number % 2]
        if number % 3 == 1:  # refused later, not at the first word
            echo.lets["/api/current-user/whoami"] = {"id": 1, "email": "me@example.com"}
        for arguments in sown.jobs.to_servers:
            if number < 2 or sown.stress.time_left():
                sown.run(*arguments, told={"LABEL_STUDIO_API_KEY": key})
        echo.lets.pop("/api/current-user/whoami", None)
    _otherwise(sown)


def _otherwise(sown: Sown) -> None:
    """Passwords in addresses, credentials that cannot be had, hosts that are not there, false certificates, a bug."""
    password, near = sown.canaries.plant("password in an address"), sown.echo.url.partition("//")[2]
    reading, listing = ("task", "check", "s3://bucket/task.yaml"), ("job", "list")
    for host in (near, "127.0.0.1:9", "nowhere.invalid", "nowhere.invalid:port"):
        with_password = f"http://user:{password}@{host}"
        sown.run(*reading, "--endpoint-url", with_password, code=1)
        sown.run(*listing, code=1, told={"LABEL_STUDIO_URL": with_password})
        sown.run("doctor", told={"LABEL_STUDIO_URL": with_password})
    sown.run(*listing, code=1, told={"LABEL_STUDIO_URL": f"ftp://user:{password}@{near}"})
    role = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{sown.echo.url}/role", "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1"}
    role["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = sown.canaries.plant("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    role |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "")
    role["AWS_EC2_METADATA_DISABLED"] = "true"
    sown.run(*reading, code=1, told=role)
    own_certificate(sown.folder / "tmp/key.pem", sown.folder / "tmp/certificate.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sown.folder / "tmp/certificate.pem", sown.folder / "tmp/key.pem")
    with echoing_server(tls) as false:
        sown.run(*reading, "--endpoint-url", false.url, code=1)
        sown.run(*listing, code=1, told={"LABEL_STUDIO_URL": false.url})
        if false.asked:
            sown.stress.is_wrong("something was said to a server whose certificate nobody vouches for")
    sown.echo.status = 0
    for arguments in (reading, listing):
        sown.run(*arguments, code=1)


def succeed(sown: Sown, place: Installation, objects: ObjectServer) -> None:
    """A job from its request to its dataset, on a guarded Label Studio and real S3, with credentials that are right."""
    owner, plant = place.server, sown.canaries.plant
    right: Mapping[str, str] = {
        "LABEL_STUDIO_URL": owner.url,
        "LABEL_STUDIO_API_KEY": plant("the owner's token", owner.api_key),
        "AWS_ENDPOINT_URL": objects.url,
        "AWS_ACCESS_KEY_ID": plant("the right access key", objects.access_key),
        "AWS_SECRET_ACCESS_KEY": plant("the right secret key", objects.secret_key),
        "AWS_SESSION_TOKEN": "",
    }
    plant("the owner's password", owner.password)
    name = sown.jobs.name
    made = json.loads(sown.run("job", "create", *sown.jobs.request, "--json", code=0, told=right).output)
    sown.jobs.answer(owner, made["ProjectId"])
    told = sown.run("workers", "add", "--job", name, *sown.jobs.people, "--json", code=0, told=right)
    for number, person in enumerate(json.loads(told.output)["workers"]):
        plant(f"the end of invitation link {number}", person["link"].rstrip("/").rpartition("/")[2])
    where, key = f"s3://{BUCKET}/canaries-{os.getpid()}", str(sown.jobs.key)
    for arguments in (
        ("workers", "list", "--job", name),
        ("job", "describe", name, "--json"),
        ("job", "list"),
        ("job", "export", name, "--to", where),
        ("dataset", "build", f"{where}/{name}", "-o", "built", "--pseudonym-key", key),
        ("dataset", "build", f"label-studio:{name}", "-o", "again", "--pseudonym-key", key, "--config", "annotations"),
        ("audit", f"{where}/{name}", "-o", "report.html"),
        ("verify", f"{where}/{name}", f"label-studio:{name}", "--json"),
        ("doctor",),
        ("job", "stop", name),
    ):
        sown.run(*arguments, code=0, told=right)
    client = objects.client()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=where.rpartition("/")[2]):
        for entry in page.get("Contents", ()):
            body = client.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read()
            sown.search.text(body, f"s3://{BUCKET}/{entry['Key']}")
    log = place.data_dir / "server.log"
    sown.search.text(log.read_bytes(), "the log of Label Studio")


def run(stress: Stress) -> None:
    """Plant, run, search."""
    with tempfile.TemporaryDirectory(prefix="gtbridge-canaries-") as name, ExitStack() as stack:
        folder = Path(name)
        place = stack.enter_context(on_sqlite(folder / "label-studio"))
        objects = stack.enter_context(object_server())
        with sown(stress, folder) as everything:
            succeed(everything, place, objects)
            fail(everything)
