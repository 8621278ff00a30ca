"""Shares over HTTP: a package, its owner, and guests who were given a link."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.conftest import HOST, ORDINARY
from builders.applications import application_on
from builders.memory_sources import MemorySources
from builders.papers import a_token
from builders.some_settings import some_settings
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.factory.core import Core, core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.services.packages.pointing import ObjectWish
from filemanager.settings.service import Settings
from filemanager.storage.blobs.memory import MemoryObjects
from people.guests import ShareGuest
from worlds.packages import SOURCE, Study
from worlds.stored import TurnedClock, World

SCAN = b"a scan, " * 100


SPECIAL = {"jwt_issuer": "test"}


@dataclass(frozen=True)
class Frozen:
    """The database of a study whose package is frozen."""

    database: Path
    package_id: DataPackageId


@pytest.fixture
def special() -> dict[str, Any]:
    return SPECIAL


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Frozen:
    """A package with a text, a text in a directory, and two objects, as version 1: to be copied,
    since to make it takes longer than most that is asked of it.
    """
    data_dir = tmp_path_factory.mktemp("frozen")
    core = _core(some_settings(**{**ORDINARY, **SPECIAL, "data_dir": data_dir}), migrated_file)
    study = _study(core)
    study.connect()
    package_id = study.create("Iris study").id
    study.text(package_id, "README.md", b"# Iris\n\n<script>alert(1)</script> *leaves*\n")
    study.text(package_id, "notes/first note.txt", b"one two three")
    for key, path in (("b \u00fc.tif", "sub dir/b \u00fc.tif"), ("big.bin", "big.bin")):
        study.point(package_id, path, ObjectWish(source=SOURCE, key=key))
    study.work()
    study.frozen(package_id)
    core.parts.database.close()
    # All of it is in rows.
    assert [path for path in (data_dir / "store").rglob("*") if path.is_file()] == []
    return Frozen(data_dir / "filemanager.db", package_id)


def _core(settings: Settings, database: Path) -> Core:
    shutil.copy(database, settings.data_dir / "filemanager.db")
    return replace(core_of(parts_of(settings)), sources=MemorySources())


def _study(core: Core) -> Study:
    """Of the application's own database, store and sources."""
    objects = MemoryObjects(clock)
    at = TurnedClock(clock())
    world = World(core.database, core.blobs, objects, at, core.settings.data_dir)
    assert isinstance(core.sources, MemorySources)
    made = Study(world, sources=core.sources)
    made.object("b \u00fc.tif", SCAN)
    made.object("big.bin", b"x" * 5000)
    return made


@pytest.fixture
def core(settings: Settings, frozen: Frozen) -> Core:
    return _core(settings, frozen.database)


@pytest.fixture
def app(core: Core) -> Flask:
    made = application_on(core)
    made.config["SERVER_NAME"] = HOST
    return made


@dataclass(frozen=True)
class Sharer:
    """The curator of the study, who shares a package of it."""

    client: FlaskClient
    study: Study
    package_id: DataPackageId

    def call(self, method: str, path: str = "", **sent: Any) -> TestResponse:
        headers = {"Authorization": a_token("1", "package:share"), **sent.pop("headers", {})}
        url = f"/packages/api/packages/{self.package_id}/shares{path}"
        return self.client.open(url, method=method, headers=headers, **sent)

    def share(self, **terms: Any) -> ShareGuest:
        """A guest at a new share of version 1."""
        answer = self.call("POST", json={"version": 1, "slug": "iris", **terms})
        assert answer.status_code == 201, answer.text
        return ShareGuest(self.client, f"/s/{answer.get_json()['slug']}/")


@pytest.fixture
def sharer(client: FlaskClient, core: Core, frozen: Frozen) -> Sharer:
    return Sharer(client, _study(core), frozen.package_id)
