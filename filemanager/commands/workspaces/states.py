"""The commands for whole workspaces: workspaces, lock, unlock, release, receipt and others."""

from datetime import datetime
from pathlib import Path

import click

from filemanager.commands import remote
from filemanager.commands.remote import AS_JSON, IF_REVISION, TOKEN_FILE, WORKSPACE, told
from filemanager.commands.showing import printable, show, show_line


class _Moment(click.ParamType[datetime]):
    name = "moment"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            # Without an offset it is the clock on the wall here.
            return datetime.fromisoformat(value).astimezone()
        except ValueError:
            self.fail(f"'{value}' is no moment: write it like 2026-12-01T18:00.", param, ctx)


@click.command()
@TOKEN_FILE
@AS_JSON
@told
def workspaces(*, token_file: Path | None, as_json: bool) -> None:
    """List the token's workspaces, oldest first."""
    with remote.client(token_file) as client:
        for one in client.workspaces.list():
            state = f"{one.id:>9}  {one.status:8}  {one.readiness:19}"
            size = f"{one.file_count:>6}  {one.total_bytes:>12}"
            show_line(one, f"{state}  {size}  {one.name or ''}".rstrip(), as_json=as_json)


@click.command()
@WORKSPACE
@click.option("--reason", help="Told to who is refused.")
@click.option("--until", type=_Moment(), help="When it ends by itself: 2026-12-01T18:00.")
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def lock(  # noqa: PLR0913  # one for each option of the command
    *,
    workspace: int,
    reason: str | None,
    until: datetime | None,
    revision: int | None,
    token_file: Path | None,
    as_json: bool,
) -> None:
    """Refuse changes of the files of WORKSPACE; a lock that holds stays as it is."""
    with remote.client(token_file) as client:
        locked = client.workspaces.lock(
            workspace, reason=reason, expires_at=until, revision=revision
        )
    show(locked, as_json=as_json)


@click.command()
@WORKSPACE
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def unlock(*, workspace: int, revision: int | None, token_file: Path | None, as_json: bool) -> None:
    """Allow changes of the files of WORKSPACE again."""
    with remote.client(token_file) as client:
        show(client.workspaces.unlock(workspace, revision=revision), as_json=as_json)


@click.command()
@WORKSPACE
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def release(
    *, workspace: int, revision: int | None, token_file: Path | None, as_json: bool
) -> None:
    """Say that WORKSPACE is no longer needed."""
    with remote.client(token_file) as client:
        show(client.workspaces.release(workspace, revision=revision), as_json=as_json)


@click.command()
@WORKSPACE
@IF_REVISION
@TOKEN_FILE
@AS_JSON
@told
def unrelease(
    *, workspace: int, revision: int | None, token_file: Path | None, as_json: bool
) -> None:
    """Take the release of WORKSPACE back."""
    with remote.client(token_file) as client:
        show(client.workspaces.unrelease(workspace, revision=revision), as_json=as_json)


@click.command()
@WORKSPACE
@TOKEN_FILE
@told
def receipt(*, workspace: int, token_file: Path | None) -> None:
    """Print the signed receipt of WORKSPACE, which is locked or released.

    `filemanager verify` checks files against it, without asking anybody.
    """
    with remote.client(token_file) as client:
        click.echo(client.workspaces.receipt(workspace))


@click.command()
@WORKSPACE
@click.option("--yes", "is_confirmed", is_flag=True, help="Do not ask.")
@IF_REVISION
@TOKEN_FILE
@told
def delete(
    *, workspace: int, is_confirmed: bool, revision: int | None, token_file: Path | None
) -> None:
    """Delete WORKSPACE for good; only its log stays.

    Where something else changes it while the answer is awaited, it is not deleted.
    """
    with remote.client(token_file) as client:
        if not is_confirmed:
            found = client.workspaces.get(workspace)
            named = f" '{printable(found.name)}'" if found.name else ""
            what = f"workspace {workspace}{named} with {found.file_count} files"
            click.confirm(f"Delete {what} for good?", abort=True, err=True)
            revision = found.revision if revision is None else revision
        client.workspaces.delete(workspace, revision=revision)
