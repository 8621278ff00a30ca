"""An application on SQLite and a directory, and people who ask it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.papers import SECRET, a_token
from filemanager.db.engine.migrate import upgrade
from filemanager.factory import application as factory
from filemanager.settings.service import Settings
from people.person import Person
from people.visitors import Visitor, a_visitor

HOST = "fooserver.localdomain"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with its tables: migrating takes longer than most tests."""
    made = tmp_path_factory.mktemp("migrated") / "filemanager.db"
    upgrade(f"sqlite:///{made}")
    return made


@pytest.fixture
def special() -> dict[str, Any]:
    """Settings that are not the default; tests parametrise it."""
    return {}


@pytest.fixture
def settings(tmp_path: Path, special: dict[str, Any]) -> Settings:
    given = {"data_dir": tmp_path, "jwt_secret": SecretStr(SECRET), "allowed_hosts": f"*, {HOST}"}
    return Settings(**{**given, "jobs": False, "threads": 100, **special})


@pytest.fixture
def app(settings: Settings, migrated: Path) -> Flask:
    shutil.copy(migrated, settings.data_dir / "filemanager.db")
    made = factory.create_app(settings)
    made.config["SERVER_NAME"] = HOST
    return made


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
