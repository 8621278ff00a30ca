"""What fsck finds in data packages, and what it does not take for a problem."""

import pytest
from sqlalchemy import ColumnElement, Table, func, select, update

from filemanager.db.packages.tables import data_packages, package_items, package_versions
from filemanager.db.trees.tables import trees
from worlds.packages import CURATOR, Study
from worlds.stored import World


@pytest.fixture
def study(world: World) -> Study:
    """A package with a partial version, one that was deleted, and history of both."""
    study = Study(world)
    study.connect()
    study.object("a/b.tif")
    for _ in range(2):
        package = study.create()
        study.point(package.id, "a/b.tif")
        study.text(package.id, "c.txt", b"old")
        study.frozen(package.id, is_partial=True)
        study.text(package.id, "c.txt", b"new")
    study.keeper.delete(CURATOR, package.id)
    study.work()
    return study


def test_sound_packages_are_clean(study: Study) -> None:
    checked, problems = study.world.fsck(deep=True)

    assert problems == []
    assert checked.packages == 2


def test_what_was_pruned_is_no_problem(study: Study, world: World) -> None:
    world.sweep_twice()

    assert world.problems() == []
    (package,) = study.keeper.page(CURATOR, 0, 10)
    assert [item.path for item in study.items(study.edition(package.id, 1))] == [
        "a/b.tif",
        "c.txt",
    ]


@pytest.mark.parametrize(
    ("table", "column", "code"),
    [
        (data_packages, data_packages.c["items"], "package_total"),
        (data_packages, data_packages.c.folders, "package_total"),
        (data_packages, data_packages.c.text_bytes, "package_total"),
        (trees, trees.c.kept_bytes, "package_total"),
        (package_versions, package_versions.c.pending, "package_version"),
        (package_items, package_items.c.size_bytes, "package_total"),
    ],
)
def test_what_does_not_agree_is_told(
    study: Study, world: World, table: Table, column: ColumnElement[int], code: str
) -> None:
    del study
    (key,) = table.primary_key
    first = select(func.min(key)).scalar_subquery()
    changed = 0 if column is package_versions.c.pending else column + 1
    world.tamper(update(table).where(key == first).values({column: changed}))

    assert code in {problem.code for problem in world.problems()}
