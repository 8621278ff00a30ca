"""An application on SQLite and a directory, and people who ask it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.applications import an_application
from builders.papers import SECRET, a_token
from builders.some_settings import some_settings
from filemanager.factory import application as factory
from filemanager.settings.service import Settings
from people.person import Person
from people.visitors import Visitor, a_visitor

HOST = "fooserver.localdomain"
ORDINARY: dict[str, Any] = {
    "jwt_secret": SecretStr(SECRET),
    "allowed_hosts": f"*, {HOST}",
    "jobs": False,
    "threads": 100,
}


@pytest.fixture
def special() -> dict[str, Any]:
    """Settings that are not the default; tests parametrise it."""
    return {}


@pytest.fixture
def settings(tmp_path: Path, special: dict[str, Any]) -> Settings:
    return some_settings(**{**ORDINARY, "data_dir": tmp_path, **special})


@pytest.fixture
def app(settings: Settings, migrated_file: Path) -> Flask:
    shutil.copy(migrated_file, settings.data_dir / "filemanager.db")
    made = an_application(settings)
    made.config["SERVER_NAME"] = HOST
    return made


@pytest.fixture
def own_app(settings: Settings, migrated_file: Path) -> Flask:
    """Nobody else's: for who adds routes or functions to it."""
    shutil.copy(migrated_file, settings.data_dir / "filemanager.db")
    return factory.create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def alice(client: FlaskClient) -> Person:
    """Owns what she makes."""
    return Person(client, a_token("1"))


@pytest.fixture
def bob(client: FlaskClient) -> Person:
    """Staff: everything, everywhere."""
    return Person(client, a_token("2", "upload:admin", username="bob"))


@pytest.fixture
def charlie(client: FlaskClient) -> Person:
    """A stranger with every ordinary scope."""
    return Person(client, a_token("3", username="charlie"))


@pytest.fixture
def nobody(client: FlaskClient) -> Person:
    """The owner's name, but a token that opens nothing."""
    return Person(client, a_token("1", "upload:nothing"))


@pytest.fixture
def dana(client: FlaskClient) -> Visitor:
    """Puts files into the bucket and takes them out."""
    return a_visitor(client, "4", "bucket:read", "bucket:write")


@pytest.fixture
def passer_by(client: FlaskClient) -> Visitor:
    """At the bucket door without a token."""
    return Visitor(client, None)


@pytest.fixture
def anonymous(client: FlaskClient) -> Person:
    """Without a token."""
    return Person(client, None)
