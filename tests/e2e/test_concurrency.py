"""Many clients at one workspace, over two processes: nothing that was answered is lost."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
import requests

from builders.papers import members_of
from servers.mariadb import new_mariadb_database
from servers.postgres import new_postgres_database
from servers.service import V2, Service, service

pytestmark = pytest.mark.e2e

FORMS = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)
_FILES_OF_EACH = 12


@pytest.fixture(params=FORMS)
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """Two server processes on each database."""
    environment = {"FILEMANAGER_MAX_CHECKPOINTS": "1000"}
    if request.param == "postgres":
        url = new_postgres_database(request.getfixturevalue("postgres_url"))
        environment["FILEMANAGER_DATABASE_URL"] = url
    if request.param == "mariadb":
        url = new_mariadb_database(request.getfixturevalue("mariadb_url"))
        environment["FILEMANAGER_DATABASE_URL"] = url
    with service(tmp_path / "data", **environment) as started:
        yield started


@dataclass(slots=True)
class Crowd:
    """Clients of one workspace, and what the service has told them so far."""

    service: Service
    workspace: int
    sent: dict[str, bytes] = field(default_factory=dict)
    refused: list[tuple[str, int, str]] = field(default_factory=list)

    @classmethod
    def at(cls, service: Service) -> "Crowd":
        """At a workspace with one file: a directory that is alone at the top would be lifted."""
        crowd = cls(service, service.new_workspace())
        crowd.put("first.tex", _text("first.tex"), by_form=False)
        return crowd

    def write(self, client: int) -> None:
        """Half by the drop-in form, half as raw bytes; every third file lies in a directory."""
        for number in range(_FILES_OF_EACH):
            path = f"{client}/{number}.tex" if number % 3 == 0 else f"{client}-{number}.tex"
            self.put(path, _text(path), by_form=number % 2 == 0)

    def put(self, path: str, data: bytes, *, by_form: bool) -> None:
        if by_form:
            self._note(path, self.service.upload(f"/{self.workspace}", path, data), data)
        else:
            self._note(path, self.service.put(self.workspace, path, data), data)

    def edit(self, client: int) -> None:
        """Put files, take every other away again, and make checkpoints in between."""
        for number in range(_FILES_OF_EACH):
            path = f"{client}-{number}.tex"
            self.put(path, _text(path), by_form=number % 2 == 0)
            if number % 4 == 1:
                named = self.service.call("POST", f"{V2}/{self.workspace}/checkpoints", json={})
                self._ensure(path, named, 201)
            if number % 2 == 1:
                gone = self.service.call("DELETE", f"{V2}/{self.workspace}/files/{path}")
                self._ensure(path, gone, 200)
                self.sent.pop(path)

    def read(self, ended: Event) -> int:
        """Download until *ended*: each archive is whole and holds all that was answered before."""
        count = 0
        while not ended.is_set():
            known = dict(self.sent)
            self.ensure_holds(known)
            count += 1
        return count

    def ensure_holds(self, known: dict[str, bytes]) -> dict[str, bytes]:
        got = self.service.get(f"{V2}/{self.workspace}/content.tar.gz")
        assert got.status_code == 200, got.text
        assert len(got.content) == int(got.headers["Content-Length"])
        members = members_of(got.content)
        assert known.items() <= members.items()
        return members

    def _note(self, path: str, answer: requests.Response, data: bytes) -> None:
        self._ensure(path, answer, 201)
        if answer.status_code == 201:
            self.sent[path] = data

    def _ensure(self, path: str, answer: requests.Response, status: int) -> None:
        if answer.status_code != status:
            self.refused.append((path, answer.status_code, answer.text))


def _text(path: str) -> bytes:
    """Of very different sizes, up to some that lie in objects of their own; most compress."""
    order = random.Random(path)
    size = order.choice((10, 2_000, 60_000, 1_200_000))
    return b"% " + path.encode() + b"\n" + b"Some words of text.\n" * (size // 20)


def test_twelve_clients_lose_nothing_and_readers_get_whole_archives(running: Service) -> None:
    crowd = Crowd.at(running)
    ended = Event()

    with ThreadPoolExecutor(14) as threads:
        readers = [threads.submit(crowd.read, ended) for _ in range(2)]
        list(threads.map(crowd.write, range(12)))
        ended.set()
        downloads = [reader.result() for reader in readers]

    assert not crowd.refused
    assert all(downloads)
    assert len(crowd.sent) == 12 * _FILES_OF_EACH + 1
    assert running.paths(crowd.workspace) == set(crowd.sent)
    assert crowd.ensure_holds(crowd.sent) == crowd.sent


def test_sixteen_clients_may_put_delete_and_name_checkpoints_at_once(running: Service) -> None:
    crowd = Crowd.at(running)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(crowd.edit, range(16)))

    named = running.get(f"{V2}/{crowd.workspace}/checkpoints").json()["checkpoints"]
    assert not crowd.refused
    assert len(named) == 16 * _FILES_OF_EACH // 4
    assert crowd.ensure_holds(crowd.sent) == crowd.sent
    assert running.paths(crowd.workspace) == set(crowd.sent)


def test_every_checkpoint_named_in_a_crowd_is_a_whole_archive(running: Service) -> None:
    crowd = Crowd.at(running)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(crowd.edit, range(8)))

    listed = running.get(f"/{crowd.workspace}/list_checkpoints").json()
    for checkpoint in listed["checkpoints"]:
        got = running.get(f"/{crowd.workspace}/checkpoint/{checkpoint['checksum']}")
        assert members_of(got.content)
