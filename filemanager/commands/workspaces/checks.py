"""The commands for what the checks say of a workspace: findings, changes, check."""

from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, IF_REVISION, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.report import Report
from filemanager.commands.showing import show_line
from filemanager.commands.workspaces.lines import change_line, finding_line
from filemanager.commands.workspaces.outcome import show_checked


@click.command()
@WORKSPACE
@click.option("--severity", type=click.Choice(["fatal", "warn", "info"]), help="Only those.")
@TOKEN_FILE
@AS_JSON
@told
def findings(
    *, workspace: int, severity: str | None, token_file: Path | None, as_json: bool
) -> None:
    """List what the checks say of WORKSPACE, then advice to the author."""
    with remote.client(token_file) as client:
        for finding in client.workspaces.findings(workspace, severity):
            show_line(finding, finding_line(finding), as_json=as_json)


@click.command()
@WORKSPACE
@TOKEN_FILE
@AS_JSON
@told
def changes(*, workspace: int, token_file: Path | None, as_json: bool) -> None:
    """List what the checks removed, renamed, rewrote and unpacked in the last upload."""
    with remote.client(token_file) as client:
        for change in client.workspaces.changes(workspace):
            show_line(change, change_line(change), as_json=as_json)


@click.command()
@WORKSPACE
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def check(*, workspace: int, revision: int | None, token_file: Path | None, as_json: bool) -> None:
    """Check every file of WORKSPACE again, as if all had just been sent."""
    with remote.client(token_file) as client, Report(as_json).bars() as report:
        report.begin("checking", None)
        checked = client.workspaces.check(workspace, revision=revision)
    show_checked(checked, as_json=as_json)
