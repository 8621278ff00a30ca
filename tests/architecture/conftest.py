"""The source of the package, and an application to walk through."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.papers import SECRET, a_token
from filemanager.db.engine.migrate import upgrade
from filemanager.factory import application as factory
from filemanager.settings.service import Settings
from people.person import Person
from people.pushers import door_settings

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def modules() -> Mapping[Path, ast.Module]:
    """Every module of the package, parsed; paths are relative to the project."""
    return {
        path.relative_to(PROJECT): ast.parse(path.read_text())
        for path in sorted((PROJECT / "filemanager").rglob("*.py"))
    }


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One for all: nothing here may change what it holds."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=data, jwt_secret=SecretStr(SECRET), jobs=False, **door_settings())
    upgrade(settings.database)
    return factory.create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def alice(client: FlaskClient) -> Person:
    return Person(client, a_token("1"))


@pytest.fixture
def bob(client: FlaskClient) -> Person:
    """Staff: everything, everywhere."""
    return Person(client, a_token("2", "upload:admin", username="bob"))
