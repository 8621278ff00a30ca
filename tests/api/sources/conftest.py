"""A directory that settings declare as a source, and people who ask for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from filemanager.factory.application import doors_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import parts_of
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.service import Settings
from people.source_keepers import ALICE, SourceKeeper, a_keeper

KEYS = "first:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """The directory."""
    path = tmp_path / "scans"
    path.mkdir()
    for name in ("a.tif", "sub dir/b \u00fc.tif", "sub dir/deep/c.tif"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(name)
    return path


@pytest.fixture
def hosts() -> str:
    """Those that are listed."""
    return ""


@pytest.fixture
def special(scans: Path, hosts: str) -> dict[str, Any]:
    declared = [{"kind": "directory", "name": "scans", "path": str(scans), "readers": [ALICE]}]
    (scans.parent / "sources.json").write_text(json.dumps(declared))
    connected = ConnectedSourcesSettings(
        source_directories=str(scans.parent),
        sources_file=str(scans.parent / "sources.json"),
        source_keys=SecretStr(KEYS),
        source_hosts=hosts,
    )
    return {"connected_sources": connected}


@pytest.fixture
def started(settings: Settings, client: FlaskClient) -> None:
    """What a process with workers does at its start."""
    assert client
    for door in doors_of(core_of(parts_of(settings))):
        for work in door.at_start:
            work()


@pytest.fixture
def admin(client: FlaskClient) -> SourceKeeper:
    return a_keeper(client, "9", "package:admin", "package:read")


@pytest.fixture
def reader(client: FlaskClient) -> SourceKeeper:
    """Alice."""
    return a_keeper(client, "1", "package:read")


@pytest.fixture
def stranger(client: FlaskClient) -> SourceKeeper:
    """Bob, with every scope of his own packages."""
    return a_keeper(client, "2", "package:read", "package:write", "package:share")
