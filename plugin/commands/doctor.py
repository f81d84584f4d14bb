"""gtbridge doctor: what is installed and what can be reached."""

from __future__ import annotations

from dataclasses import asdict

import click

from .common import as_json, label_studio_options, report

__all__ = ["doctor"]

_MARKS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command()
@label_studio_options
@as_json
@click.pass_context
def doctor(ctx: click.Context, label_studio_url: str | None, api_key: str | None, json_output: bool) -> None:
    """Say what is installed, and whether it goes together with the Label Studio that is named.

    Exit code 1 if something that is installed or named does not work.
    """
    from ..doctor import examine

    findings = examine(label_studio_url, api_key)
    broken = any(finding.state == "wrong" for finding in findings)
    lines = [f"{_MARKS[finding.state]} {finding.subject}: {finding.says}" for finding in findings]
    report(lines, {"ok": not broken, "findings": [asdict(one) for one in findings]}, json_output=json_output)
    ctx.exit(int(broken))
