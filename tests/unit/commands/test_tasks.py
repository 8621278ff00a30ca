"""``filemanager tasks``: what failed in silence, and another try."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from filemanager.cli import main
from filemanager.db.database import SqlDatabase
from filemanager.domain.jobs.job import MAX_ATTEMPTS, Lane, Task, Trying
from filemanager.domain.ports import Transaction
from filemanager.factory.parts import parts_of
from filemanager.settings import reading as config
from worlds.stored import START


@pytest.fixture
def database(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SqlDatabase]:
    """The one that the environment names, with a task that failed and one that waits."""
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path))
    shutil.copy(migrated_file, tmp_path / "filemanager.db")
    with closing(parts_of(config.load()).database) as made:
        made.write(_fail)
        yield made


def _fail(tx: Transaction) -> None:
    tx.outbox.add(Task(kind="publish", key="main"), START)
    claimed = tx.outbox.claim(Lane.SHORT, "a", START, START)
    assert claimed is not None
    assert tx.outbox.give_up(claimed, "store_full: No room.", START)
    tx.outbox.add(Task(kind="waiting"), START)


def _fail_on(tx: Transaction) -> None:
    """Workers are lost with a task that is tried until it is done."""
    tx.outbox.add(Task(kind="mirror", lane=Lane.LONG, patience=Trying.UNTIL_DONE), START)
    for count in range(MAX_ATTEMPTS):
        assert tx.outbox.claim(Lane.LONG, f"lost {count}", START, START)


def called(*arguments: str) -> list[str]:
    result = CliRunner().invoke(main, ["tasks", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


@pytest.mark.usefixtures("database")
def test_what_failed_is_listed() -> None:
    (line,) = called()

    assert line.split(maxsplit=1)[1] == (
        "2026-11-21T12:00:00+00:00 publish main: store_full: No room."
    )
    assert called() == [line]


@pytest.mark.usefixtures("database")
def test_programs_get_json() -> None:
    (line,) = called("--json")

    shown = json.loads(line)
    assert isinstance(shown.pop("id"), int)
    assert shown == {
        "kind": "publish",
        "key": "main",
        "attempts": 1,
        "error": "store_full: No room.",
        "failed_at": "2026-11-21T12:00:00+00:00",
    }


def test_what_is_never_given_up_is_listed_once_it_has_failed_often(database: SqlDatabase) -> None:
    database.write(_fail_on)

    line, shown = called()[1], json.loads(called("--json")[1])

    assert line.split(maxsplit=1)[1] == "- mirror -: -"
    assert (shown["attempts"], shown["error"], shown["failed_at"]) == (MAX_ATTEMPTS, None, None)


def test_what_failed_is_tried_again(database: SqlDatabase) -> None:
    assert len(called("--again")) == 1

    assert called() == []
    with database.read() as tx:
        assert [row["failed_at"] for row in tx.rows.of("outbox")] == [None, None]
