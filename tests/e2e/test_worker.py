"""A worker of its own: what it is killed in the middle of is done once, by the next."""

import json
import os
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.papers import PAPER, SECRET, a_token
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.migrate import upgrade
from filemanager.domain.blobs.blob import SMALL_PACK_BYTES
from filemanager.factory import application as factory
from filemanager.settings.service import Settings
from people.following import led_to
from people.person import Person
from servers.mariadb import new_mariadb_database
from servers.postgres import new_postgres_database
from servers.service import service, wait_until
from servers.worker import worker

pytestmark = pytest.mark.e2e

STORED = random.Random(3).randbytes(SMALL_PACK_BYTES + 1)
"""What is smaller lies in a row, and not in the store."""

FORMS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)
SHORT_LEASE = {"FILEMANAGER_LEASE_SECONDS": "1"}
LEASE = {"FILEMANAGER_LEASE_SECONDS": "5"}


@dataclass(frozen=True, slots=True)
class Place:
    """A node that answers but does no jobs, and a workspace on it."""

    settings: Settings
    database: SqlDatabase
    client: FlaskClient
    alice: Person
    workspace: str

    def promise(self) -> str:
        """The path of a job that checks the workspace."""
        headers = {"Prefer": "respond-async"}
        response = self.alice.post(f"{self.workspace}/check", headers=headers)
        assert response.status_code == 202, response.text
        return led_to(response)

    def job(self, path: str) -> dict[str, Any]:
        return dict(self.client.get(path, headers={"Authorization": a_token("1")}).get_json())

    def task(self) -> Any:
        """The one row of the outbox."""
        with self.database.read() as tx:
            (row,) = tx.rows.of("outbox")
        return row

    def wait_for(self, path: str, **wanted: object) -> dict[str, Any]:
        wait_until(lambda: wanted.items() <= self.job(path).items(), f"{wanted}")
        return self.job(path)

    def revision(self) -> int:
        return int(self.alice.get(self.workspace).get_json()["revision"])

    def checks_logged(self) -> int:
        lines = self.alice.get(f"{self.workspace}/log").get_json()["lines"]
        return [line["code"] for line in lines].count("check")


@pytest.fixture(params=FORMS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    url = None
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
    if request.param == "mariadb":
        url = new_mariadb_database(request.getfixturevalue("mariadb_url"))
    data = tmp_path / "data"
    data.mkdir()
    secret = SecretStr(SECRET)
    settings = Settings(data_dir=data, database_url=url, jwt_secret=secret, jobs=False)
    upgrade(settings.database)
    client = factory.create_app(settings).test_client()
    alice = Person(client, a_token("1"))
    workspace = f"/v2/workspaces/{alice.post('/v2/workspaces').get_json()['id']}"
    for name, sent in (("main.tex", PAPER), ("data.bin", STORED)):
        assert alice.put(f"{workspace}/files/{name}", sent).status_code == 201
    with closing(SqlDatabase(settings.database)) as database:
        yield Place(settings, database, client, alice, workspace)


@contextmanager
def held_up(settings: Settings) -> Iterator[Path]:
    """Whoever reads the one object of the store waits meanwhile; yields what it waits at."""
    (stored,) = (path for path in (settings.data_dir / "store").rglob("*") if path.is_file())
    aside = settings.data_dir / "aside"
    stored.rename(aside)
    os.mkfifo(stored)
    yield stored
    stored.unlink()
    aside.rename(stored)


def test_a_killed_worker_loses_nothing_and_does_nothing_twice(place: Place) -> None:
    settings, revision = place.settings, place.revision()
    path = place.promise()
    with (
        held_up(settings),
        worker(settings.data_dir, settings.database, **SHORT_LEASE) as first,
    ):
        place.wait_for(path, state="running", doing="checking every file")
        first.kill()
    assert (place.revision(), place.job(path)["state"]) == (revision, "running")

    with worker(settings.data_dir, settings.database, **SHORT_LEASE) as second:
        place.wait_for(path, state="done")
        second.ask_to_stop()
        assert second.ended() == 0

    assert place.job(path)["result"]["revision"] == place.revision() == revision + 1
    assert place.checks_logged() == 1


def test_a_held_up_worker_keeps_its_lease_and_drains(place: Place) -> None:
    settings = place.settings
    path = place.promise()
    with (
        held_up(settings) as waited_at,
        worker(settings.data_dir, settings.database, **LEASE) as busy,
        worker(settings.data_dir, settings.database, **LEASE) as idle,
    ):
        place.wait_for(path, state="running", doing="checking every file")
        leased_until = place.task()["due_at"]
        wait_until(lambda: place.task()["due_at"] > leased_until, "the lease is renewed")
        busy.ask_to_stop()
        idle.ask_to_stop()
        assert idle.ended() == 0
        # A pipe cannot be read as the store reads its objects, so the work is put back.
        waited_at.open("wb").close()
        assert busy.ended() == 0

    told = [json.loads(line) for line in busy.log.read_text().splitlines()]
    assert [one["attempts"] for one in told if one["event"] == "task_put_back"] == [1]
    assert {one["drained"] for one in told if one["event"] == "worker_stopped"} == {True}


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_server_does_jobs_too(place: Place) -> None:
    revision = place.revision()

    with service(place.settings.data_dir) as running:
        response = running.call(
            "POST", f"{place.workspace}/check", headers={"Prefer": "respond-async"}
        )
        assert response.status_code == 202
        place.wait_for(led_to(response), state="done")

    assert place.revision() == revision + 1
