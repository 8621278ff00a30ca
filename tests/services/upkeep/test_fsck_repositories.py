"""What fsck finds in repositories, and what it does not take for a problem."""

from collections.abc import Iterator

import pytest
from sqlalchemy import ColumnElement, Table, delete, func, select, update

from builders.debian import FILES, a_deb, a_dsc
from builders.rpms import an_rpm
from filemanager.db.repositories.tables import files, indexes, packages, pages
from filemanager.db.trees.tables import entries, trees
from filemanager.services.repositories.planning import Habit
from worlds.keeping import Keeper
from worlds.repositories import ADMIN, EL7, FOCAL, PUBLISHER, Depot
from worlds.stored import World

TINY = "tiny_1.0-1_amd64.deb"


def a_named(name: str) -> dict[str, bytes]:
    return {f"{name}_1.0-1_amd64.deb": a_deb({"Package": name})}


@pytest.fixture
def keeper(world: World) -> Keeper:
    """Several publications, one of them a snapshot, with indexes as xz; a yum repository too."""
    habit = Habit(arches=("amd64", "arm64"), is_xz=True)
    keeper = Keeper(Depot(world, habit=habit))
    keeper.publish({TINY: a_deb(), "tiny_1.0-1.dsc": a_dsc(), **FILES})
    keeper.snapshots.create(PUBLISHER, FOCAL, "stable")
    keeper.publish(a_named("other"))
    keeper.removal.remove(ADMIN, FOCAL, keeper.package("other").id)
    keeper.publish(a_named("third"))
    keeper.publish({"tiny-1.0-1.x86_64.rpm": an_rpm()}, EL7)
    return keeper


def codes(world: World) -> set[str]:
    return {problem.code for problem in world.problems()}


def test_sound_repositories_are_clean(keeper: Keeper) -> None:
    world = keeper.depot.world
    keeper.depot.push(a_named("waiting"))

    checked, problems = world.fsck(deep=True)

    assert problems == []
    assert checked.repositories == 2


def test_what_was_pruned_is_no_problem(keeper: Keeper) -> None:
    world = keeper.depot.world

    world.sweep_twice()

    assert world.problems() == []
    assert keeper.depot.read("@stable/live/2.8/ubuntu/dists/focal/Release")


def oldest(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    first = select(func.min(table.c.id)).where(*conditions)
    return table.c.id == first.scalar_subquery()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (update(pages).where(oldest(pages)).values(body=b"\0\0\0\xff\xff"), "repository_index"),
        (update(pages).where(oldest(pages)).values(crc32=1), "repository_index"),
        (delete(pages).where(oldest(pages)), "repository_index"),
        (update(indexes).where(oldest(indexes)).values(sha256="0" * 64), "repository_index"),
        (
            update(indexes).where(oldest(indexes, indexes.c.form == "xz")).values(sha256="0" * 64),
            "repository_index",
        ),
        (delete(files).where(oldest(files)), "repository_file"),
        (update(files).where(oldest(files)).values(size_bytes=1), "repository_file"),
        (update(packages).where(oldest(packages)).values(since=7), "repository_file"),
        (
            delete(entries).where(oldest(entries, entries.c.path.like("pool/%"))),
            "repository_file",
        ),
        (update(trees).values(kept_bytes=trees.c.kept_bytes + 1), "tree_total"),
    ],
)
def test_what_does_not_fit_together_is_found(keeper: Keeper, damage: object, code: str) -> None:
    world = keeper.depot.world

    world.tamper(damage)  # type: ignore[arg-type]  # statements of several kinds

    assert code in codes(world)


def test_what_is_wrong_is_told_with_its_publication(keeper: Keeper) -> None:
    world = keeper.depot.world
    world.tamper(update(indexes).where(oldest(indexes)).values(md5="0" * 32))

    (problem,) = world.problems()

    assert problem.subject.startswith(f"@1/{FOCAL}: dists/focal/main/")


def test_each_publication_is_looked_at_however_many(worlds: Iterator[World]) -> None:
    keeper = Keeper(Depot(next(worlds)))
    for number in range(30):
        keeper.publish(a_named(f"p{number}"))
    world = keeper.depot.world
    wrong = pages.c.since == 17
    world.tamper(update(pages).where(wrong).values(size_bytes=pages.c.size_bytes + 1))

    found = {problem.subject.partition("/")[0] for problem in world.problems()}

    assert found == {"@17"}
