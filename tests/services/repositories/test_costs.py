"""One more package costs the same whatever is there: statements, objects, and bytes of pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from builders.debian import a_deb
from builders.rpms import an_rpm, tags_of
from worlds.questions import questions
from worlds.repositories import EL7, FOCAL, Depot
from worlds.stored import World

Files = Callable[[int], dict[str, bytes]]


def debs(number: int) -> dict[str, bytes]:
    name = f"p{number:05}"
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


def rpms(number: int) -> dict[str, bytes]:
    name = f"p{number:05}"
    return {f"{name}-1.0-1.x86_64.rpm": an_rpm(tags_of(name))}


def filled(world: World, count: int, files: Files, path: str) -> Depot:
    depot = Depot(world)
    many = {name: data for number in range(count) for name, data in files(number).items()}
    depot.push(many, path)
    depot.publish()
    return depot


@contextmanager
def rows_written(table: str) -> Iterator[list[int]]:
    """How many rows each insert into *table* has."""
    counts: list[int] = []

    def note(*arguments: object) -> None:
        statement, parameters, _, is_many = arguments[2:6]
        if str(statement).startswith(f"INSERT INTO {table} "):
            assert isinstance(parameters, list | tuple)
            counts.append(len(parameters) if is_many else 1)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counts
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("files", "path"), [(debs, FOCAL), (rpms, EL7)])
def test_one_more_package_asks_the_same_of_the_database(
    worlds: Iterator[World], files: Files, path: str
) -> None:
    asked = []
    for count in (5, 600):
        depot = filled(next(worlds), count, files, path)
        with questions() as statements:
            depot.push(files(99_999), path)
            depot.publish()
        asked.append(len(statements))

    assert asked[0] == asked[1]


@pytest.mark.parametrize(("files", "path", "pages"), [(debs, FOCAL, 2), (rpms, EL7, 3 + 3)])
def test_one_more_package_writes_the_pages_that_it_is_in_alone(
    world: World, files: Files, path: str, pages: int
) -> None:
    depot = filled(world, 600, files, path)

    with rows_written("repository_pages") as written:
        depot.push(files(300) | files(99_999), path)
        depot.publish()

    # At most one in two, where its name begins a page; and what a document of yum opens with.
    assert sum(written) <= pages


@pytest.mark.parametrize(("files", "path"), [(debs, FOCAL), (rpms, EL7)])
def test_a_push_and_its_publication_put_two_objects(world: World, files: Files, path: str) -> None:
    depot = filled(world, 3, files, path)
    before = len(list(world.objects.listing()))

    depot.push(files(99_999), path)
    depot.publish()

    assert len(list(world.objects.listing())) - before == 2
