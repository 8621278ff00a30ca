"""Processes that start together on an empty database: one makes the tables, the others wait."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from filemanager.db.engine.migrate import is_current

TOGETHER = 4


def begun(url: str, data_dir: Path, *command: str, **settings: str) -> subprocess.Popen[str]:
    named = {"FILEMANAGER_DATABASE_URL": url, "FILEMANAGER_DATA_DIR": str(data_dir)}
    return subprocess.Popen(
        [sys.executable, "-m", "filemanager", *command],
        env={"PATH": os.environ["PATH"], **named, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def before(empty_database_url: str, tmp_path: Path) -> tuple[int, str]:
    """How a command ends that may not make the tables, where there are none."""
    asking = begun(empty_database_url, tmp_path, "tasks", FILEMANAGER_MIGRATE="false")
    said, _ = asking.communicate(timeout=60)
    return asking.returncode, said


def test_all_that_start_at_once_find_the_tables(
    empty_database_url: str, tmp_path: Path, before: tuple[int, str]
) -> None:
    starting = [begun(empty_database_url, tmp_path, "migrate") for _ in range(TOGETHER)]
    said = [one.communicate(timeout=60)[0] for one in starting]

    assert before[0] == 2
    assert "run `filemanager migrate` first" in before[1]
    assert [one.returncode for one in starting] == [0] * TOGETHER, said
    assert is_current(empty_database_url)


def test_a_service_that_may_not_migrate_takes_current_tables(
    empty_database_url: str, tmp_path: Path
) -> None:
    for settings in ({}, {"FILEMANAGER_MIGRATE": "false"}):
        asking = begun(empty_database_url, tmp_path, "tasks", **settings)

        assert asking.communicate(timeout=60)[0] == ""
        assert asking.returncode == 0
