"""A repository with packages, and those who read, fill and look after it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from builders.debian import a_deb
from builders.papers import a_token
from filemanager.api.http.context import EXTENSION
from filemanager.api.repositories.door import RepositoriesDoor
from people.keepers import Caretaker
from people.pushers import Pusher, basic

FOCAL = "live/2.8/ubuntu/focal"


@pytest.fixture
def no_pause(client: FlaskClient) -> None:
    """Who waits for a publication is told in vain at once."""
    door = client.application.extensions[EXTENSION].doors[RepositoriesDoor]
    door.waiting._pause = lambda _seconds: None


@pytest.fixture
def admin(client: FlaskClient) -> Caretaker:
    return Caretaker(client, a_token("9", "repository:admin"), FOCAL)


@pytest.fixture
def publisher(client: FlaskClient) -> Caretaker:
    """Comes with a password, and fills what it also reads."""
    return Caretaker(client, basic(), FOCAL)


@pytest.fixture
def visitor(client: FlaskClient) -> Caretaker:
    """Without a token."""
    return Caretaker(client, None, FOCAL)


@pytest.fixture
def stranger(client: FlaskClient) -> Caretaker:
    """A good token, that opens other repositories."""
    return Caretaker(client, a_token("5", "repository:admin:release"), FOCAL)


@pytest.fixture
def filled(rws: Pusher, publish: Callable[[], None]) -> None:
    """Two publications: ``tiny``, then ``other`` beside it."""
    for name in ("tiny", "other"):
        deb = a_deb({"Package": name})
        assert rws.push(FOCAL, {f"{name}_1.0-1_amd64.deb": deb}, "tools").status_code == 201
        publish()
