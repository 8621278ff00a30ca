"""Logs of workspaces and of the service."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders.rows import LATER, NOW, Steps
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.bounds import Bounds
from filemanager.domain.caller import Owner
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.quotas import end_of_day
from filemanager.domain.workspaces.listing import LogSize
from filemanager.domain.workspaces.log import LogLine, TooManyLogLines


def _line(text: str, workspace_id: WorkspaceId | None = None) -> LogLine:
    return LogLine(at=NOW, code="x", text=text, workspace_id=workspace_id)


def test_lines_are_read_oldest_first_a_page_at_a_time(steps: Steps) -> None:
    mine, other = steps.add().id, steps.add().id
    lines = [_line("é", mine), _line("other", other), _line("b", mine), _line("c", mine)]
    steps.database.write(lambda tx: tx.logs.append(lines))

    with steps.database.read() as tx:
        first = tx.logs.page(mine, 0, 2)
        rest = tx.logs.page(mine, first[-1].id or 0, 2)

    assert [line.text for line in first] == ["é", "b"]
    assert [line.text for line in rest] == ["c"]
    assert (first[0].at, first[0].code, first[0].workspace_id) == (NOW, "x", mine)


def test_the_size_is_that_of_the_rendered_lines(steps: Steps) -> None:
    workspace = steps.add()
    rendered = "20/Nov/2026:20:25:17 +0000 é\n20/Nov/2026:20:25:17 +0000 bc\n"
    steps.database.write(
        lambda tx: tx.logs.append([_line("é", workspace.id), _line("bc", workspace.id)])
    )

    with steps.database.read() as tx:
        size = tx.logs.size(workspace.id)
        (last,) = tx.logs.page(workspace.id, size.last_id - 1, 10)

    assert size.size_bytes == len(rendered.encode())
    assert (size.count, size.modified_at) == (2, NOW)
    assert last.text == "bc"


def test_an_empty_log_has_no_size(steps: Steps) -> None:
    with steps.database.read() as tx:
        assert tx.logs.size(None) == LogSize(size_bytes=0, count=0, last_id=0, modified_at=None)


def test_only_old_lines_of_the_service_are_pruned(steps: Steps) -> None:
    workspace = steps.add()
    steps.database.write(
        lambda tx: tx.logs.append(
            [_line("old"), _line("kept", workspace.id), LogLine(at=LATER, code="x", text="new")]
        )
    )

    pruned = steps.database.write(lambda tx: tx.logs.prune_service_log(LATER))

    assert pruned == 1
    with steps.database.read() as tx:
        assert [line.text for line in tx.logs.page(None, 0, 10)] == ["new"]
        assert [line.text for line in tx.logs.page(workspace.id, 0, 10)] == ["kept"]


def test_ids_of_pruned_lines_do_not_come_again(steps: Steps) -> None:
    steps.database.write(lambda tx: tx.logs.append([_line("old")]))
    with steps.database.read() as tx:
        before = tx.logs.size(None).last_id
    steps.database.write(lambda tx: tx.logs.prune_service_log(LATER))

    steps.database.write(lambda tx: tx.logs.append([_line("new")]))

    with steps.database.read() as tx:
        assert tx.logs.size(None).last_id > before


@pytest.fixture
def narrow(migrated_url: str, database: SqlDatabase) -> Iterator[SqlDatabase]:
    """An owner may write five lines a day."""
    del database
    with closing(SqlDatabase(migrated_url, bounds=Bounds(log_lines_per_day=5))) as narrow:
        yield narrow


def _lines(count: int, owner: Owner | None, at: datetime = NOW) -> list[LogLine]:
    """The last tells whom they are counted for."""
    line = LogLine(at=at, code="x", text="line")
    return [line] * (count - 1) + [replace(line, counted_for=owner)]


def test_an_owner_fills_so_many_lines_a_day_and_no_more(narrow: SqlDatabase) -> None:
    alice, bob = Owner("i:alice"), Owner("i:bob")
    narrow.write(lambda tx: tx.logs.append(_lines(5, alice)))

    with pytest.raises(TooManyLogLines, match="FILEMANAGER_LOG_LINES_PER_DAY") as refused:
        narrow.write(lambda tx: tx.logs.append(_lines(1, alice)))
    narrow.write(lambda tx: tx.logs.append(_lines(5, bob)))
    narrow.write(lambda tx: tx.logs.append(_lines(7, None)))
    narrow.write(lambda tx: tx.logs.append(_lines(5, alice, NOW + timedelta(days=1))))

    assert refused.value.retry_after_seconds == math.ceil((end_of_day(NOW) - NOW).total_seconds())
    with narrow.read() as tx:
        assert tx.logs.size(None).count == 22


def test_lines_that_many_write_at_once_are_counted_exactly(narrow: SqlDatabase) -> None:
    def write(_: int) -> bool:
        try:
            narrow.write(lambda tx: tx.logs.append(_lines(1, Owner("i:alice"))))
        except TooManyLogLines:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(write, range(12))) == 5
