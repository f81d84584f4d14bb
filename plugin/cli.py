"""The ``gtbridge`` command: its groups, and the one place where errors become exit codes. Imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import click

from ..label_configs.errors import GtbridgeError
from .shown import shown

__all__ = ["cli"]

# Each command with the module in ``commands`` that it stands in, and what the list of commands says of it: the
# beginning of its own help, for which it would have to be imported.
_COMMANDS = {
    "audit": ("audit", "Look at what annotators did."),
    "dataset": ("dataset", "Datasets for training, made from the outputs of labeling jobs."),
    "demo": ("serve", "Walk the whole road: both tasks on an embedded Label Studio."),
    "doctor": ("doctor", "Say what is installed, and whether it goes together."),
    "job": ("job", "Labeling jobs, made from the CreateLabelingJob request."),
    "manifest": ("manifest", "Input manifests: JSON Lines, one object to annotate a line."),
    "migrate": ("migrate", "Make a labeling job on Label Studio from a Ground Truth job."),
    "serve": ("serve", "Run a Label Studio on this machine until Ctrl-C."),
    "task": ("task", "Task definitions: what annotators are asked."),
    "verify": ("verify", "Check that two job outputs say the same."),
    "workers": ("workers", "A labeling job's annotators, on a Label Studio."),
}


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported once it is asked for: to import all takes longer than most of them run."""

    def __getitem__(self, name: str) -> click.Command:
        module, _ = _COMMANDS[name]
        command: click.Command = getattr(import_module(f".commands.{module}", __package__), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


class _Root(click.Group):
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in sorted(_COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GtbridgeError as error:
            click.echo(f"error: {shown(str(error))}", err=True)
            ctx.exit(1)


@click.group(
    cls=_Root,
    commands=_Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
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
