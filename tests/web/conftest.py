"""An application on SQLite and a directory, and people with browsers."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from builders.applications import an_application
from builders.papers import SECRET, a_token
from builders.some_settings import some_settings
from filemanager.settings.service import Settings
from people.person import Person
from people.surfers import Surfer, a_surfer

HOST = "fooserver.localdomain"


@pytest.fixture
def special() -> dict[str, Any]:
    """Settings that are not the default; tests parametrise it."""
    return {}


@pytest.fixture
def settings(tmp_path: Path, special: dict[str, Any]) -> Settings:
    return some_settings(**{"data_dir": tmp_path, "jwt_secret": SECRET, "jobs": False, **special})


@pytest.fixture
def app(settings: Settings, migrated_file: Path) -> Flask:
    shutil.copy(migrated_file, settings.data_dir / "filemanager.db")
    return an_application(settings)


@pytest.fixture
def surfer(app: Flask) -> Surfer:
    """Alice's browser before she signed in."""
    return a_surfer(app)


@pytest.fixture
def alice(surfer: Surfer) -> Surfer:
    """Signed in."""
    assert surfer.sign_in(a_token("1")).status_code == 303
    return surfer


@pytest.fixture
def mallory(app: Flask) -> Surfer:
    """A stranger with every ordinary scope, signed in."""
    made = a_surfer(app)
    made.sign_in(a_token("3", username="mallory"))
    return made


@pytest.fixture
def api(app: Flask) -> Person:
    """Alice as a program, with her token."""
    return Person(app.test_client(), a_token("1"))
