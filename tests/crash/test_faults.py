"""Every call of the database and of the store fails, before it is done and after it was.

For databases and stores that run elsewhere, where a lost connection is what a crash looks like.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from builders.rows import empty_tables
from crash.faults import Fuse, failing
from crash.stage import CHANGES, Stage, prepare, settings_of, stage
from filemanager.db.engine.migrate import upgrade
from filemanager.factory.parts import Parts, parts_of
from filemanager.storage.blobs.memory import MemoryObjects
from filemanager.storage.blobs.packing import PackingBlobStore
from servers.mariadb import new_mariadb_database
from servers.postgres import new_postgres_database

pytestmark = pytest.mark.crash

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
        yield replace(made, objects=objects, blobs=PackingBlobStore(objects))


def fresh(parts: Parts) -> tuple[Stage, int]:
    """Nothing but a workspace with files, and its number."""
    empty_tables(parts.settings.database)
    return stage(parts), prepare(parts)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_with_a_fault_at_any_step_is_whole_or_absent(parts: Parts, change: str) -> None:
    """A change that met a fault is then tried again with the fault one step later."""
    opened, workspace = fresh(parts)
    before = opened.seen()
    assert CHANGES[change](opened.alice, workspace).status_code in (200, 201)
    after = opened.seen()

    opened, workspace = fresh(parts)
    fuse = Fuse(at=0)
    answer = CHANGES[change](stage(failing(parts, fuse)).alice, workspace)
    while fuse.is_burnt:
        now = opened.seen()
        assert now in (before, after)
        assert answer.status_code == 503 or now == after
        assert answer.status_code != 503 or "Retry-After" in answer.headers
        if now == after:
            assert opened.problems() == []
            opened, workspace = fresh(parts)
        fuse = Fuse(at=fuse.at + 1)
        answer = CHANGES[change](stage(failing(parts, fuse)).alice, workspace)

    assert answer.status_code in (200, 201)
    assert fuse.at > 4
    assert opened.seen() == after
    assert opened.problems() == []
