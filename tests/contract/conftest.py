"""The database in all its forms: every contract test runs on each."""

import shutil
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
def form(request: pytest.FixtureRequest) -> str:
    """One of ``FORMS``."""
    return str(request.param)


@pytest.fixture(scope="module")
def empty_database_url(
    form: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A new database without tables, one for each module."""
    if form == "postgres":
        return new_postgres_database(request.getfixturevalue("postgres_url"))
    if form == "mariadb":
        return new_mariadb_database(request.getfixturevalue("mariadb_url"))
    return _sqlite_url(tmp_path_factory.mktemp("database"))


def _sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'filemanager.db'}"


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_url: str) -> str:
    """A database with its tables and no row, to be copied."""
    made = new_postgres_database(postgres_url)
    upgrade(made)
    return made


@pytest.fixture(scope="module")
def migrated_url(
    form: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_file: Path,
) -> str:
    """A new database with its tables, one for each module."""
    if form == "postgres":
        like = request.getfixturevalue("migrated_postgres_url")
        return new_postgres_database(request.getfixturevalue("postgres_url"), like)
    if form == "mariadb":
        made = new_mariadb_database(request.getfixturevalue("mariadb_url"))
        upgrade(made)
        return made
    directory = tmp_path_factory.mktemp("database")
    shutil.copy(migrated_file, directory / "filemanager.db")
    return _sqlite_url(directory)


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
