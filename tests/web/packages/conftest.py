"""A package of Alice's, and a source that everybody reads; names and texts in both mean harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from builders.papers import a_token
from filemanager.domain.jobs.job import Lane
from filemanager.domain.sources.source import DirectoryPlace
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.service import Settings
from people.curators import Curator
from people.surfers import Surfer

HARM = "<script>alert(1)</script>"
SCOPES = ("package:read", "package:write", "package:share")


@dataclass(frozen=True)
class Shelf:
    """A package: the browser of its owner, and her as a program."""

    surfer: Surfer
    api: Curator
    id: str

    @property
    def home(self) -> str:
        return f"/packages/{self.id}"

    def shown(self, rest: str = "") -> str:
        answer = self.surfer.get(f"{self.home}{rest}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, what: str, **fields: str | list[str]) -> TestResponse:
        """A form of the page as it is now, unless *fields* say of when."""
        data = {"revision": self.revision, **fields}
        return self.surfer.send(f"{self.home}{what}", data)

    @property
    def revision(self) -> str:
        return str(self.api.json(f"/{self.id}")["revision"])

    @property
    def paths(self) -> list[str]:
        return [one["path"] for one in self.api.json(f"/{self.id}/items")["items"]]


@pytest.fixture
def special(tmp_path: Path) -> dict[str, Any]:
    return {"connected_sources": ConnectedSourcesSettings(source_directories=str(tmp_path))}


@pytest.fixture
def lab(app: Flask, tmp_path: Path, settings: Settings) -> Path:
    """The directory of a source that everybody reads."""
    del app
    directory = tmp_path / "lab"
    directory.mkdir()
    place = DirectoryPlace(path=str(directory))
    parts_of(settings).database.write(lambda tx: tx.sources.add("lab", place, ["*"], clock()))
    return directory


@pytest.fixture
def work(app: Flask, settings: Settings) -> Callable[[], None]:
    """Do all that is promised and due, as workers of another process would."""
    del app
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    handlers = handlers_of(doors_of(core_of(made)))
    workers = [
        Worker(made.database, handlers, lane, habits) for lane in (Lane.HASH, Lane.SHORT, Lane.LONG)
    ]

    def run() -> None:
        while any(worker.run_next() for worker in workers):
            pass

    return run


@pytest.fixture
def curator(app: Flask) -> Curator:
    return Curator(app.test_client(), a_token("1", *SCOPES))


@pytest.fixture
def frozen(shelf: Shelf) -> Shelf:
    """With a version of one text."""
    shelf.api.text(shelf.id, "README.md", b"# Rings")
    shelf.send("/freeze")
    return shelf


@pytest.fixture
def shelf(surfer: Surfer, curator: Curator) -> Shelf:
    surfer.sign_in(a_token("1", *SCOPES))
    return Shelf(surfer, curator, curator.create(f"On rings {HARM}"))
