"""A database file with its tables, to be copied."""

from pathlib import Path

import pytest

from worlds import stored as stored_world


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored_world.migrated_file(tmp_path_factory.mktemp("template"))
