"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from servers.mariadb import mariadb
from servers.postgres import postgres
from servers.radosgw import Gateway, radosgw

PROJECT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    """What a test does to the log events of this process ends with it."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The shared data of the original and of malo; a test that needs it fails without it."""
    found = Path(os.environ.get("FILEMANAGER_FIXTURES", PROJECT.parent / "shared" / "fixtures"))
    assert found.is_dir(), f"no fixtures at {found}: set FILEMANAGER_FIXTURES"
    return found


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
