"""Curators, and a directory that is a source of theirs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.papers import a_token
from filemanager.domain.jobs.job import Lane
from filemanager.domain.sources.source import DirectoryPlace
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.packages import PackagesSettings
from filemanager.settings.service import Settings
from people.curators import Curator

SCOPES = ("package:read", "package:write", "upload:read", "upload:read_checkpoints")


@pytest.fixture
def curator(client: FlaskClient) -> Curator:
    return Curator(client, a_token("1", *SCOPES, "upload:write", "upload:create_checkpoint"))


@pytest.fixture
def stranger(client: FlaskClient) -> Curator:
    return Curator(client, a_token("3", *SCOPES))


@pytest.fixture
def workers(settings: Settings) -> Mapping[Lane, Worker]:
    """Of another process."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    handlers = handlers_of(doors_of(core_of(made)))
    lanes = (Lane.HASH, Lane.SHORT, Lane.LONG)
    return {lane: Worker(made.database, handlers, lane, habits) for lane in lanes}


@pytest.fixture
def work(workers: Mapping[Lane, Worker]) -> Callable[[], None]:
    """Do all that is promised and due."""

    def run() -> None:
        while any(worker.run_next() for worker in workers.values()):
            pass

    return run


@pytest.fixture
def special(tmp_path: Path) -> dict[str, Any]:
    directories = ConnectedSourcesSettings(source_directories=str(tmp_path))
    packages = PackagesSettings(pointer_hosts="files.test")
    return {"connected_sources": directories, "packages": packages}


@pytest.fixture
def lab(app: Flask, settings: Settings, tmp_path: Path) -> Path:
    """The directory of a source that everybody reads."""
    del app
    directory = tmp_path / "lab"
    directory.mkdir()
    place = DirectoryPlace(path=str(directory))
    parts_of(settings).database.write(lambda tx: tx.sources.add("lab", place, ["*"], clock()))
    return directory
