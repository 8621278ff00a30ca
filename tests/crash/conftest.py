"""Databases of each form, for what is made to fail in the middle."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from crash.stage import settings_of
from filemanager.db.engine.migrate import upgrade
from filemanager.factory.parts import Parts, parts_of, small_first
from filemanager.storage.blobs.memory import MemoryObjects
from servers.mariadb import new_mariadb_database
from servers.postgres import new_postgres_database

FORMS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)


@pytest.fixture(scope="module", params=FORMS)
def parts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Parts]:
    """A database of each form, and a store that keeps objects as S3 does: whole or not at all."""
    url = None
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
    if request.param == "mariadb":
        url = new_mariadb_database(request.getfixturevalue("mariadb_url"))
    settings = settings_of(tmp_path_factory.mktemp("data"), url)
    upgrade(settings.database)
    made = parts_of(settings)
    with closing(made.database):
        objects = MemoryObjects()
        yield replace(made, objects=objects, blobs=small_first(objects, made.database))
