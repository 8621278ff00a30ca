"""A process is killed at every system call that changes the disk: a change is whole or absent."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crash.killing import Maker, maker
from crash.stage import CHANGES, prepare, settings_of, stage_on
from crash.victims import ANSWER, WORKSPACE
from filemanager.db.engine.migrate import upgrade
from filemanager.factory.parts import parts_of

pytestmark = pytest.mark.crash


@pytest.fixture(scope="module")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    template = tmp_path_factory.mktemp("template") / "data"
    template.mkdir()
    upgrade(settings_of(template).database)
    parts = parts_of(settings_of(template))
    with closing(parts.database):
        assert prepare(parts) == WORKSPACE
    with maker(template) as made:
        yield made


def seen(data_dir: Path) -> Any:
    with stage_on(data_dir) as opened:
        return opened.seen()


def answer(data_dir: Path) -> str:
    """The status that a client got; empty where the victim died before."""
    path = data_dir / ANSWER
    return path.read_text() if path.exists() else ""


def ensure_whole_or_absent(data_dir: Path, change: str, before: Any, after: Any) -> None:
    with stage_on(data_dir) as opened:
        now = opened.seen()
        assert now in (before, after)
        assert now == after or not answer(data_dir)
        assert opened.problems() == []
        if now == before:
            assert CHANGES[change](opened.alice, WORKSPACE).status_code in (200, 201, 204)
            assert opened.seen() == after


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_killed_at_any_point_is_whole_or_absent(
    victims: Maker, tmp_path: Path, change: str
) -> None:
    """At every point: none is left out. A victim dies just before the call is made."""
    before = seen(victims.template)
    points = victims.points(tmp_path / "whole", change)
    after = seen(tmp_path / "whole")

    assert points
    assert after != before
    killed = 0
    for number, point in enumerate(points):
        data_dir = tmp_path / str(number)
        status = victims.kill(data_dir, change, point)
        assert status in (0, signal.SIGKILL), point
        killed += status == signal.SIGKILL
        ensure_whole_or_absent(data_dir, change, before, after)
        shutil.rmtree(data_dir)
    # Names are random: a victim that needs one directory less lives past the last of a kind.
    assert killed >= len(points) - 4


@pytest.mark.parametrize("change", ["create", "add_small", "overwrite"])
def test_a_small_change_touches_the_database_alone(
    victims: Maker, tmp_path: Path, change: str
) -> None:
    """The store syncs by the one call, SQLite by the other."""
    calls = {point.call for point in victims.points(tmp_path / "whole", change)}

    assert "fdatasync" in calls
    assert not calls & {"fsync", "mkdir", "linkat"}


@pytest.mark.parametrize(
    ("change", "call", "error", "status"),
    [
        ("add_large", "fsync", "EIO", "503"),
        ("add_large", "mkdir", "EACCES", "503"),
        ("add_large", "pwrite64", "ENOSPC", "503"),
        ("add_many", "fsync", "EIO", "503"),
        ("add_many", "write", "EIO", "503"),
        ("add_many", "write", "EDQUOT", "507"),
        ("add_archive", "fsync", "EIO", "503"),
        ("add_archive", "pwrite64", "ENOSPC", "503"),
        ("add_small", "pwrite64", "ENOSPC", "503"),
        ("add_small", "pwrite64", "EIO", "503"),
        ("delete_all", "pwrite64", "EIO", "503"),
    ],
)
def test_a_call_that_fails_is_answered_so_and_changes_nothing(
    victims: Maker, tmp_path: Path, change: str, call: str, error: str, status: str
) -> None:
    before, data_dir = seen(victims.template), tmp_path / "data"

    ended = victims.run(data_dir, change, "-e", f"inject={call}:error={error}:when=1")

    assert ended == 0
    assert answer(data_dir) == status
    with stage_on(data_dir) as opened:
        assert opened.seen() == before
        assert opened.problems() == []
        assert CHANGES[change](opened.alice, WORKSPACE).status_code in (200, 201, 204)


@pytest.mark.parametrize("change", ["add_small", "delete_all", "checkpoint"])
def test_a_database_that_cannot_sync_never_answers_yes(
    victims: Maker, tmp_path: Path, change: str
) -> None:
    """The change may be there all the same: nobody knows what a failed sync left behind."""
    before, whole, data_dir = seen(victims.template), tmp_path / "whole", tmp_path / "data"
    victims.points(whole, change)

    victims.run(data_dir, change, "-e", "inject=fdatasync:error=EIO")

    assert answer(data_dir) == "503"
    with stage_on(data_dir) as opened:
        assert opened.seen() in (before, seen(whole))
        assert opened.problems() == []
