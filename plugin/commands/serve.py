"""gtbridge serve and gtbridge demo: an embedded Label Studio, with and without a demonstration in it."""

from __future__ import annotations

import json
import signal
from queue import SimpleQueue

import click

from .common import say

__all__ = ["demo", "end_signals", "serve"]


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
@click.option("--data-dir", metavar="DIR", help="Where its data live. [default: a folder of your own]")
@click.option("--no-guard", is_flag=True, help="Label Studio as it is: every account sees and changes everything.")
@click.option("--json", "json_output", is_flag=True, help="Print one line of JSON: url, email, password, api_key.")
def serve(port: int, data_dir: str | None, no_guard: bool, json_output: bool) -> None:
    """Run a Label Studio on this machine until Ctrl-C.

    Prints its address, login and API key once it answers. It runs with the guard: annotators see their own work only,
    and answers must keep the task's rules. Needs `pip install "gtbridge[server]"`.
    """
    from ..files.folders import data_folder
    from ..local_server.embedded import GUARDED, embedded_label_studio
    from ..storage import local_path

    folder = local_path(data_dir) if data_dir else data_folder() / "label-studio"
    settings = None if no_guard else GUARDED
    with embedded_label_studio(data_dir=folder, port=port, settings_module=settings, on_progress=say) as server:
        end = end_signals()  # before anything is printed: whoever reads it may end this at once
        if json_output:
            keys = ("url", "email", "password", "api_key")
            click.echo(json.dumps({key: getattr(server, key) for key in keys}))
        else:
            click.echo(f"Label Studio {server.version}: {server.url}")
            click.echo(f"  log in as {server.email} with the password {server.password}")
            click.echo(f"  export LABEL_STUDIO_URL={server.url} LABEL_STUDIO_API_KEY={server.api_key}")
            click.echo("Ctrl-C ends it.")
        end.get()


def end_signals() -> SimpleQueue[int]:
    """Ctrl-C and SIGTERM as they come, either of which is how this is meant to end; from now on they raise nothing."""
    arrived: SimpleQueue[int] = SimpleQueue()  # unlike threading's locks, one that a signal handler may use
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: arrived.put(received))
    return arrived


def _wait() -> None:
    end = end_signals()
    click.echo("Ctrl-C ends the server and removes what is in it.")
    end.get()


@click.command()
@click.option("--out", default="demo-output", show_default=True, metavar="DIR", help="Where outputs and datasets go.")
@click.option("--serve", "keep", is_flag=True, help="Leave the server up afterwards and print its login.")
def demo(out: str, keep: bool) -> None:
    """Walk the whole road: both tasks on an embedded Label Studio, simulated answers, job outputs, datasets."""
    from ..demo import run_demo
    from ..storage import local_path

    run_demo(local_path(out), say=click.echo, when_done=_wait if keep else None)
