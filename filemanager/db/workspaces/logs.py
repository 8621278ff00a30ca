"""The log of each workspace, and the service's own."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select

from filemanager.db.engine.columns import AnyRow, milliseconds, moment, optional_moment, storable
from filemanager.db.engine.statements import insert_rows
from filemanager.db.quotas.tallies import SqlTallies
from filemanager.db.workspaces.tables import log_lines
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import end_of_day
from filemanager.domain.workspaces.listing import LogSize
from filemanager.domain.workspaces.log import LogLine, TooManyLogLines

_FRAME_BYTES = len("20/Nov/2026:20:25:17 +0000 \n")
"""What a rendered line holds besides its text: the time, a blank and the line's end."""

_NEWEST = func.max(log_lines.c.id), func.max(log_lines.c.at)


class SqlLogs:
    """An owner may write *lines_per_day*; None: as many as they like."""

    def __init__(self, connection: Connection, lines_per_day: int | None = None) -> None:
        self._connection = connection
        self._lines_per_day = lines_per_day

    def append(self, lines: Iterable[LogLine]) -> None:
        """They are written as they come: an upload may have a hundred thousand."""
        count, counted = 0, None

        def values() -> Iterator[dict[str, object]]:
            nonlocal count, counted
            for line in lines:
                count += 1
                if counted is None and line.counted_for is not None:
                    counted = line
                yield _values(line)

        insert_rows(self._connection, log_lines, values())
        if counted is not None:
            self._count(counted, count)

    def size(self, workspace_id: WorkspaceId | None) -> LogSize:
        total = func.coalesce(func.sum(log_lines.c.text_bytes), 0)
        statement = select(func.count(), total, *_NEWEST).where(_log_of(workspace_id))
        count, text_bytes, last_id, modified_at = self._connection.execute(statement).one()
        return LogSize(
            # A sum of integers is a decimal on two of the three databases.
            size_bytes=int(text_bytes) + count * _FRAME_BYTES,
            count=count,
            last_id=last_id or 0,
            modified_at=optional_moment(modified_at),
        )

    def page(self, workspace_id: WorkspaceId | None, after: int, limit: int) -> Sequence[LogLine]:
        statement = (
            select(log_lines)
            .where(_log_of(workspace_id), log_lines.c.id > after)
            .order_by(log_lines.c.id)
            .limit(limit)
        )
        return [_line(row) for row in self._connection.execute(statement)]

    def prune_service_log(self, before: datetime) -> int:
        statement = delete(log_lines).where(_log_of(None), log_lines.c.at < milliseconds(before))
        return self._connection.execute(statement).rowcount

    def _count(self, first: LogLine, lines: int) -> None:
        limit, until = self._lines_per_day, end_of_day(first.at)
        if limit is None:
            return
        subject = f"lines:{first.counted_for}"
        if not SqlTallies(self._connection).take(subject, lines, limit, until):
            raise TooManyLogLines(limit, math.ceil((until - first.at).total_seconds()))


def _log_of(workspace_id: WorkspaceId | None) -> ColumnElement[bool]:
    owner = log_lines.c.workspace_id
    return owner.is_(None) if workspace_id is None else owner == workspace_id


def _values(line: LogLine) -> dict[str, object]:
    text = storable(line.text)
    return {
        "workspace_id": line.workspace_id,
        "at": milliseconds(line.at),
        "code": line.code,
        "text": text,
        "text_bytes": len(text.encode()),
    }


def _line(row: AnyRow) -> LogLine:
    return LogLine(
        at=moment(row.at),
        code=row.code,
        text=row.text,
        workspace_id=None if row.workspace_id is None else WorkspaceId(row.workspace_id),
        id=row.id,
    )
