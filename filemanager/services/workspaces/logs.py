"""Both logs: lines kept for their readers, rendered in the original's format."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from filemanager.domain.caller import Caller
from filemanager.domain.ids import WorkspaceId, checksum_from
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.workspaces.log import LogLine, escaped
from filemanager.services.downloads import Download
from filemanager.services.paging import pages

_PAGE = 1000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class LogService:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def workspace_log(self, caller: Caller, workspace_id: WorkspaceId) -> Download:
        """The log of a workspace, also of a deleted one."""
        with self._database.read() as tx:
            workspace = tx.workspaces.get(workspace_id)
        self._note(caller, workspace_id, "Download workspace log")
        return replace(
            self._download(workspace_id, "source.log", workspace.modified_at),
            owner=workspace.owner,
        )

    def service_log(self, caller: Caller) -> Download:
        self._note(caller, None, "Download file manager service log")
        return self._download(None, "upload.log", self._clock())

    def page(self, workspace_id: WorkspaceId, after: int, limit: int) -> list[LogLine]:
        """Oldest first, lines with ids above *after*; raises ``WorkspaceNotFound``."""
        with self._database.read() as tx:
            tx.workspaces.get(workspace_id)
            return list(tx.logs.page(workspace_id, after, limit))

    def prune(self, keep: timedelta) -> int:
        """Delete lines of the service log older than *keep*."""
        before = self._clock() - keep
        return self._database.write(lambda tx: tx.logs.prune_service_log(before))

    def _note(self, caller: Caller, workspace_id: WorkspaceId | None, what: str) -> None:
        line = service_line(self._clock(), caller, workspace_id, "download_log", what)
        self._database.write(lambda tx: tx.logs.append([line]))

    def _download(
        self, workspace_id: WorkspaceId | None, name: str, modified_at: datetime
    ) -> Download:
        with self._database.read() as tx:
            size = tx.logs.size(workspace_id)
        state = f"{size.count} {size.last_id} {size.size_bytes}".encode()
        return Download(
            name=name,
            size_bytes=size.size_bytes,
            tag=checksum_from(hashlib.md5(state, usedforsecurity=False).digest()),
            modified_at=size.modified_at or modified_at,
            owner=None,
            stream=lambda start, stop: _cut(
                self._rendered(workspace_id, size.last_id), start, stop
            ),
        )

    def _rendered(self, workspace_id: WorkspaceId | None, last_id: int) -> Iterator[bytes]:
        def page(tx: Transaction, last: LogLine | None) -> Sequence[LogLine]:
            after = (last and last.id) or 0
            lines = tx.logs.page(workspace_id, after, _PAGE)
            return [line for line in lines if (line.id or 0) <= last_id]

        for lines in pages(self._database, page):
            yield "".join(rendered(line) for line in lines).encode()


def rendered(line: LogLine) -> str:
    """``20/Nov/2026:20:25:17 +0000 text`` and a line feed; always UTC."""
    at = line.at.astimezone(UTC)
    return f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000 {line.text}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a caller did to a workspace: its own log says *text*, the service's says *what*."""

    caller: Caller
    workspace_id: WorkspaceId
    at: datetime
    code: str
    text: str
    what: str

    def lines(self) -> tuple[LogLine, LogLine]:
        """One for each log."""
        own = LogLine(at=self.at, code=self.code, workspace_id=self.workspace_id, text=self.text)
        return own, service_line(self.at, self.caller, self.workspace_id, self.code, self.what)


def signed(text: str, caller: Caller) -> str:
    """*text* with who did it, as most lines of a workspace's log end."""
    return f"{text} [{escaped(caller.name)}]."


def service_line(
    at: datetime, caller: Caller, workspace_id: WorkspaceId | None, code: str, what: str
) -> LogLine:
    """A line of the service log: the workspace's id or ``sys``, what was done, and who did it."""
    who = caller.name if caller.is_client else f"user:{caller.subject}:{caller.name}"
    place = "sys" if workspace_id is None else str(workspace_id)
    text = f"{place}: {what} [{escaped(who)}]."
    return LogLine(at=at, code=code, text=text, counted_for=caller.owner)


def _cut(chunks: Iterator[bytes], start: int, stop: int) -> Iterator[bytes]:
    position = 0
    for chunk in chunks:
        piece = chunk[max(0, start - position) : max(0, stop - position)]
        position += len(chunk)
        if piece:
            yield piece
        if position >= stop:
            return
