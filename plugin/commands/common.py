"""What commands share: reports, progress bars, options for the server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..shown import shown, shown_as_json

if TYPE_CHECKING:
    from ..label_studio.server import Server

__all__ = [
    "account_options",
    "as_json",
    "label_studio_options",
    "progress",
    "report",
    "say",
    "stages",
    "storage_options",
]

as_json = click.option("--json", "json_output", is_flag=True, help="Print the report as JSON.")


def label_studio_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name a Label Studio; the command gets a ``connect`` function that gives the connection."""
    command = click.option("--api-key", envvar="LABEL_STUDIO_API_KEY", hidden=True)(command)
    return click.option(
        "--label-studio-url",
        envvar="LABEL_STUDIO_URL",
        show_envvar=True,
        metavar="URL",
        help="The Label Studio server. Its API key is taken from LABEL_STUDIO_API_KEY.",
    )(command)


def storage_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how S3 is reached, for as long as the command runs; the command itself gets none of them."""
    return _with(_S3, command)


def account_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Those of them that name an AWS account and region, for commands that leave S3 alone."""
    return _with(("--region", "--profile"), command)


def _with(names: Iterable[str], command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(tuple(names)):
        command = click.option(name, **_S3[name], expose_value=False, callback=_for_this_command)(command)
    return command


_S3: dict[str, Any] = {
    "--endpoint-url": {"metavar": "URL", "help": "An S3 server other than AWS's. [default: AWS_ENDPOINT_URL]"},
    "--region": {"metavar": "NAME", "help": "The AWS region. [default: the profile's, or AWS_REGION]"},
    "--profile": {"metavar": "NAME", "help": "The profile in AWS's configuration files. [default: AWS_PROFILE]"},
    "--request-payer": {"type": click.Choice(["requester"]), "help": "You pay for requests to buckets of others."},
    "--sse-kms-key-id": {"metavar": "KEY", "help": "The KMS key that S3 is to encrypt what is written with."},
}


def _for_this_command(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None and option.name is not None:
        from ..files.aws import s3_options

        ctx.with_resource(s3_options(**{option.name: value}))


def connect(url: str | None, api_key: str | None) -> Server:
    """The Label Studio that the options name, for as long as the command runs."""
    from ..label_studio.server import connect as connect_to

    return click.get_current_context().with_resource(connect_to(url, api_key))


def report(lines: Iterable[str], data: Any, *, json_output: bool) -> None:
    """The result of a command: ``data`` as JSON where that was asked for, else ``lines``."""
    if json_output:
        click.echo(shown_as_json(data, indent=1))
    else:
        for line in lines:
            click.echo(shown(line, lines=True))


def say(message: str, *, detail: bool = False) -> None:
    """A remark on standard error: unless --quiet; a ``detail`` only with --verbose."""
    verbosity = (click.get_current_context().find_root().obj or {}).get("verbosity", 0)
    if verbosity >= (1 if detail else 0):
        click.echo(shown(message, lines=True), err=True)


@contextmanager
def progress(label: str, length: int | None = None) -> Iterator[Callable[[int], None]]:
    """A function to call with each number of things done; shows a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    # Click wants a length, or something without one to go through.
    endless = iter(int, 1) if length is None else None
    bar: Any = click.progressbar(endless, length=length, label=label, file=sys.stderr, show_pos=True)
    with bar:
        yield bar.update


@contextmanager
def stages() -> Iterator[Callable[[str, int | None, int], None]]:
    """``progress`` for one stage after another: a function to call with the label and the length of the stage, and with
    each number of things done in it. A stage ends where the next one begins.
    """
    begun: dict[tuple[str, int | None], Callable[[int], None]] = {}
    with ExitStack() as shown:

        def advance(label: str, length: int | None, count: int) -> None:
            if (label, length) not in begun:
                shown.close()
                begun.clear()
                begun[label, length] = shown.enter_context(progress(label, length))
            begun[label, length](count)

        yield advance
