"""An application on SQLite and a directory, and people who ask it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders import SECRET, a_token
from filemanager import factory
from filemanager.config import Settings
from filemanager.db.migrate import upgrade
from people import Person


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, jwt_secret=SecretStr(SECRET), jobs=False)


@pytest.fixture
def app(settings: Settings) -> Flask:
    upgrade(settings.database)
    made = factory.create_app(settings)
    made.config["SERVER_NAME"] = "fooserver.localdomain"
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
