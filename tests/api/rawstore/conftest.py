"""The rawstore door on a directory, and people with tokens of its own auth server."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from people.depositors import Depositor, datahub_token, door_settings


@pytest.fixture
def special() -> dict[str, Any]:
    return door_settings()


@pytest.fixture
def ann(client: FlaskClient) -> Depositor:
    """Ten megabytes of public and one of private files."""
    return Depositor(client, "alice", datahub_token("alice"))


@pytest.fixture
def mallory(client: FlaskClient) -> Depositor:
    """A stranger with a good token."""
    return Depositor(client, "mallory", datahub_token("mallory"))


@pytest.fixture
def passer_by(client: FlaskClient) -> Depositor:
    """Without a token."""
    return Depositor(client, "alice", None)
