"""The database in all its forms: every contract test runs on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.rows import Steps, empty_tables
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.migrate import upgrade
from servers.mariadb import new_mariadb_database
from servers.postgres import new_postgres_database

FORMS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)


@pytest.fixture(scope="module", params=FORMS)
def empty_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A new database without tables, one for each module."""
    if request.param == "postgres":
        return new_postgres_database(request.getfixturevalue("postgres_url"))
    if request.param == "mariadb":
        return new_mariadb_database(request.getfixturevalue("mariadb_url"))
    return _sqlite_url(tmp_path_factory.mktemp("database"))


def _sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'filemanager.db'}"


@pytest.fixture(scope="module")
def migrated_url(empty_database_url: str) -> str:
    upgrade(empty_database_url)
    return empty_database_url


@pytest.fixture
def database(migrated_url: str) -> Iterator[SqlDatabase]:
    """The tables are empty at the start of each test."""
    empty_tables(migrated_url)
    database = SqlDatabase(migrated_url)
    yield database
    database.close()


@pytest.fixture
def steps(database: SqlDatabase) -> Steps:
    return Steps(database)
