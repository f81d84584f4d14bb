"""The ``gtbridge`` command: its groups, and the one place where errors become exit codes. Imports nothing heavy."""

from __future__ import annotations

from typing import Any

import click

from ..label_configs.errors import GtbridgeError
from .commands.audit import audit
from .commands.dataset import dataset
from .commands.doctor import doctor
from .commands.job import job
from .commands.manifest import manifest
from .commands.migrate import migrate
from .commands.serve import demo, serve
from .commands.task import task
from .commands.verify import verify
from .commands.workers import workers

__all__ = ["cli"]


class _Root(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GtbridgeError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="gtbridge")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.pass_context
def cli(ctx: click.Context, verbose: bool, quiet: bool) -> None:
    """Human feedback for language models: rank responses and write questions and answers in open tools.

    Exit codes: 0 done, 1 the input or the far side is at fault, 2 wrong usage.
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet contradict each other")
    ctx.obj = {"verbosity": int(verbose) - int(quiet)}


for _command in (demo, serve, task, manifest, job, workers, migrate, dataset, audit, verify, doctor):
    cli.add_command(_command)
