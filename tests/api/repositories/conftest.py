"""The repositories door with some repositories, people who fill it, and what publishes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.service import Settings
from people.pushers import Pusher, basic, door_settings


@pytest.fixture
def special() -> dict[str, Any]:
    return door_settings()


@pytest.fixture
def rws(client: FlaskClient) -> Pusher:
    """Reads and publishes everywhere."""
    return Pusher(client, basic())


@pytest.fixture
def reader(client: FlaskClient) -> Pusher:
    """A package manager, or a browser, without a password."""
    return Pusher(client, None)


@pytest.fixture
def publish(settings: Settings) -> Callable[[], None]:
    """Do all that is promised, as workers of another process would."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    worker = Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.SHORT, habits)

    def work() -> None:
        while worker.run_next():
            pass

    return work
