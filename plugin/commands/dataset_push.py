"""gtbridge dataset push: a dataset folder to the Hugging Face Hub."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from .common import as_json, progress, report, say, storage_options

if TYPE_CHECKING:
    from ..hub.push import Pushed
    from ..hub.ready import Ready
    from ..hub.table_scan import Found

__all__ = ["push"]

_OUTCOMES = {"pushed": "pushed", "unchanged": "nothing has changed, so nothing was sent", "dry run": "nothing was sent"}


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("name", metavar="ORG/NAME")
@click.option("--public", is_flag=True, help="Let everybody read it; the card must say a licence. [default: private]")
@click.option("--license", metavar="SPDX", help="Go on only if the card says this licence.")
@click.option("--tag", metavar="NAME", help="A tag for the commit; one that is there is never moved.")
@click.option("--revision", metavar="BRANCH", default="main", show_default=True, help="The branch to push to.")
@click.option("--message", metavar="TEXT", help="The commit's message; the changelog line is added to it.")
@click.option(
    "--allow",
    multiple=True,
    metavar="KIND:COLUMN",
    help="Publish email, arn, s3 or account in this column (prompt, metadata.fields, ...) or in all (*). Repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Look at everything, say what would be done, do nothing.")
@storage_options
@as_json
def push(
    folder: str,
    name: str,
    public: bool,
    license: str | None,
    tag: str | None,
    revision: str,
    message: str | None,
    allow: tuple[str, ...],
    dry_run: bool,
    json_output: bool,
) -> None:
    """Push a dataset that `dataset build` made to the Hugging Face Hub, as one commit.

    The repository is made if there is none, and private unless you say --public. Only what has changed is sent, shards
    that the dataset no longer has are deleted, and other files there stay. What was added, removed and changed, row by
    row, goes into CHANGELOG.md. A push that was interrupted changes nothing; run it again, and it sends only what is
    missing.

    First all texts are searched for e-mail addresses, ARNs, addresses in S3 and AWS account ids. If there are any,
    nothing is sent, unless you --allow them.

    The Hub and your account are those of HF_ENDPOINT and HF_TOKEN, or of `hf auth login`.
    """
    from ..files import clock
    from ..hub.push import push as push_to_hub
    from ..hub.ready import PushOptions, get_ready

    options = PushOptions(
        public=public,
        license=license,
        tag=tag,
        branch=revision,
        **({} if message is None else {"message": message}),
        allow=allow,
        dry_run=dry_run,
    )
    with progress("rows") as advance:
        ready = get_ready(folder, name, options, advance)
    if ready.scan.refused and not dry_run:
        report(_scan_lines(ready), {"outcome": "refused", "scan": ready.scan.to_dict()}, json_output=json_output)
        ready.check()
    done = push_to_hub(ready, clock.now().date(), tell=say, progress=sys.stderr.isatty())
    data = {**done.to_dict(), "tag": tag, "left": list(ready.folder.left), "scan": ready.scan.to_dict()}
    report([*_lines(ready, done), *_scan_lines(ready)], data, json_output=json_output)
    if dry_run:
        ready.check()


def _lines(ready: Ready, done: Pushed) -> Iterator[str]:
    plan, would = done.plan, "would be " if done.outcome == "dry run" else ""
    yield f"{done.url}: {_visibility(ready, done)}: {_OUTCOMES[done.outcome]}"
    for what, files in (("added", plan.added), ("changed", plan.changed), ("deleted", plan.deleted)):
        for file in files:
            yield f"  {would}{what}: {file.path} ({file.size:,} bytes)"
    if plan.unchanged:
        yield f"  unchanged: {_number(len(plan.unchanged), 'file')}"
    if ready.folder.left:
        yield f"  not part of the dataset, so not pushed: {', '.join(ready.folder.left)}"
    if done.changelog:
        yield f"changelog: {done.changelog}"
    if done.outcome != "dry run":
        yield f"commit: {done.commit}{f' ({ready.options.tag})' if ready.options.tag else ''}"


def _visibility(ready: Ready, done: Pushed) -> str:
    wanted = "public" if ready.options.public else "private"
    if done.private is None:
        return f"not there, or not for you to see; would be made, {wanted}"
    is_now = "private" if done.private else "public"
    return is_now if is_now == wanted else f"{is_now}, would be made {wanted}"


def _scan_lines(ready: Ready) -> Iterator[str]:
    scan = ready.scan
    yield f"searched {_number(scan.texts, 'text')} of {scan.size:,} bytes"
    if scan.refused:
        yield "must not be published:"
        yield from _table(scan.refused)
    if scan.allowed:
        yield "allowed:"
        yield from _table(scan.allowed)


def _table(found: Sequence[Found]) -> Iterator[str]:
    heads = ("KIND", "CONFIG", "SPLIT", "COLUMN", "COUNT", "FIRST ROWS")
    rows = [(one.kind, one.config, one.split, one.column, f"{one.count:,}", _examples(one)) for one in found]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _examples(found: Found) -> str:
    return ", ".join(
        f"{example.row}{f' ({example.id})' if example.id else ''} {example.masked}" for example in found.examples
    )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
