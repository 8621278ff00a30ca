"""What every test may ask for."""

import gc
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import structlog

import compiled_once
import left_out
import random_examples
from filemanager.db.engine.migrate import upgrade
from servers.mariadb import mariadb
from servers.postgres import postgres
from servers.radosgw import Gateway, radosgw
from shared_fixtures import FIXTURES

random_examples.register()


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "leave out the tests that read the shared fixtures, and count them"
    parser.addoption(left_out.OPTION, action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(left_out.OPTION):
        config.pluginmanager.register(left_out.WithoutFixtures())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the folder is marked so, before marks choose what is run."""
    for item in items:
        if "fixtures" in getattr(item, "fixturenames", ()):
            item.add_marker("fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let garbage be looked for only in what the tests make.

    Each application is a circle. As long as a look was at all that is collected too, it was dear
    and so rare that hundreds of applications waited for it.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        # An application is 20,000 objects: what lived on is looked at for every twenty or so.
        gc.set_threshold(700, 10, 50)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with (
        compiled_once.rules_of_urls(),
        compiled_once.statements_of_sqlite(),
        compiled_once.templates(),
    ):
        yield


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    """What a test does to the log events of this process ends with it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The shared data of the original and of malo; a test that needs it fails without it."""
    assert FIXTURES.is_dir(), f"no fixtures at {FIXTURES}: set FILEMANAGER_FIXTURES"
    return FIXTURES


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with its tables and no row, to be copied: to migrate takes longer."""
    made = tmp_path_factory.mktemp("migrated") / "filemanager.db"
    upgrade(f"sqlite:///{made}")
    return made


@pytest.fixture(scope="session")
def s3_gateway() -> Iterator[Gateway]:
    with radosgw() as gateway:
        yield gateway


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    with mariadb() as url:
        yield url
