"""Worlds on SQLite and memory, each new and empty."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from worlds.stored import World, new_world


@pytest.fixture
def worlds(tmp_path: Path, migrated_file: Path) -> Iterator[Iterator[World]]:
    """As many as are asked for."""
    with ExitStack() as stack:
        yield (
            stack.enter_context(new_world(tmp_path / str(number), migrated_file))
            for number in count()
        )


@pytest.fixture
def world(worlds: Iterator[World]) -> World:
    return next(worlds)
