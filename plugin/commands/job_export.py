"""gtbridge job export: a labeling job's answers as a Ground Truth job output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .common import as_json, connect, label_studio_options, report, say, stages, storage_options

if TYPE_CHECKING:
    from ...converters.formats.pulled_changes import Changes
    from ..label_studio.requeue import Requeue

__all__ = ["export"]


@click.command()
@click.argument("name")
@click.option("--to", "folder", required=True, metavar="DIR", help="The output goes to DIR/NAME; DIR may be in S3.")
@click.option("--manifest", metavar="FILE", help="Where the job's input manifest lies, if it was moved.")
@click.option(
    "--s3-prefix",
    metavar="S3_URI",
    help="Write references as S3_URI/NAME/... instead of relative ones. [default: DIR, if in S3]",
)
@click.option("--requeue", "send_back", is_flag=True, help="Then send invalid answers back to whoever gave them.")
@click.option("--full", is_flag=True, help="Fetch all answers anew, not only what is new or has changed.")
@click.option("--dry-run", is_flag=True, help="With --requeue: say what would be sent back, change and write nothing.")
@label_studio_options
@storage_options
@as_json
def export(
    name: str,
    folder: str,
    manifest: str | None,
    s3_prefix: str | None,
    send_back: bool,
    full: bool,
    dry_run: bool,
    label_studio_url: str | None,
    api_key: str | None,
    json_output: bool,
) -> None:
    """Write the answers of the labeling job NAME as a Ground Truth job output.

    Run again, it fetches what is new, changed or withdrawn, and items without new answers keep their files. What was
    fetched is kept in DIR/NAME/gtbridge/pulled.jsonl.gz, which may be deleted. One thing leaves no trace to go by:
    results that were rewritten through Label Studio's API for renaming labels (/api/labels/bulk). --full finds them.

    With --requeue, the label stream gives an item whose answer breaks a rule to the same annotator again, and to nobody
    else in that person's place. Run it again from time to time: an answer that was sent back, and given anew since, is
    set aside then, which lets the item's other annotators have it.
    """
    from ..label_studio.export import ExportOptions, export_and_requeue, export_job
    from ..label_studio.jobs import find_job
    from ..label_studio.requeue import plan_requeue

    if s3_prefix is not None and not s3_prefix.startswith("s3://"):
        raise click.BadParameter("begins with s3://", param_hint="--s3-prefix")
    if dry_run and not send_back:
        raise click.UsageError("--dry-run goes with --requeue")
    server = connect(label_studio_url, api_key)
    found = find_job(server, name)
    if dry_run:
        plan, ledger = plan_requeue(server, found, manifest)
        lines = [*_requeue_lines(plan, "to send back"), "nothing was changed or written", *ledger.lines()]
        report(lines, {"requeue": plan.to_dict(), "dry_run": True, "ledger": ledger.to_dict()}, json_output=json_output)
        return
    done: Requeue | None = None
    pulls: list[Changes] = []
    with stages() as advance:
        options = ExportOptions(
            manifest=manifest,
            s3_prefix=s3_prefix,
            full=full,
            on_progress=lambda count: advance("items", found.objects, count),
            on_pulled=pulls.append,
            on_fetched=lambda count, total: advance("tasks fetched", total, count),
        )
        if send_back:
            out, ledger, done = export_and_requeue(server, found, folder, options)
        else:
            out, ledger = export_job(server, found, folder, options)
    (pulled,) = pulls
    say(f"pulled: {pulled.sentence()}")
    data: dict[str, Any] = {"output": out, "pulled": pulled.to_dict(), "ledger": ledger.to_dict()}
    lines = [out, *ledger.lines()]
    if done is not None:
        for remark in done.remarks:
            say(f"note: {remark}")
        data["requeue"] = done.to_dict()
        lines += _requeue_lines(done, "sent back")
    report(lines, data, json_output=json_output)


def _requeue_lines(requeue: Requeue, how: str) -> list[str]:
    """A line for each answer to go back, and their number."""
    lines = [f"{how}: line {back.line}, {back.worker}: {'; '.join(back.problems)}" for back in requeue.returned]
    return [*lines, f"answers {how}: {len(requeue.returned)}", f"earlier answers set aside: {len(requeue.answered)}"]
