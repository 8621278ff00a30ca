"""Worlds on SQLite and memory, each new and empty."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from worlds.stored import World, migrated_file, new_world


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_file(tmp_path_factory.mktemp("template"))


@pytest.fixture
def worlds(tmp_path: Path, template: Path) -> Iterator[Iterator[World]]:
    """As many as are asked for."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(new_world(tmp_path / str(number), template)) for number in count()
        )


@pytest.fixture
def world(worlds: Iterator[World]) -> World:
    return next(worlds)
