"""Moving data packages to another database and store."""

from collections.abc import Iterator
from pathlib import Path

from filemanager.domain.ids import digest_of
from worlds.packages import CURATOR, Study
from worlds.stored import World
from worlds.transfers import bring, export


def test_packages_and_versions_are_the_same_in_the_other_place(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = Study(world), Study(next(worlds))
    here.connect()
    here.object("a/b.tif", b"image")
    package = here.create()
    here.point(package.id, "a/b.tif")
    here.text(package.id, "c.txt")
    version = here.frozen(package.id, is_partial=True)

    export(here.world, tmp_path / "export")
    bring(tmp_path / "export", there.world)

    assert there.edition(package.id, 1) == version
    assert list(there.items(version)) == list(here.items(version))
    assert there.world.problems() == []


def test_work_goes_on_in_the_other_place(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    here, there = Study(world), Study(next(worlds))
    here.connect()
    for study in (here, there):
        study.object("a.tif", b"image")
    package = here.create()
    here.point(package.id, "a.tif")

    export(here.world, tmp_path / "export")
    bring(tmp_path / "export", there.world)
    there.work()
    there.text(package.id, "b.txt", b"text")

    known = {"a.tif": digest_of(b"image"), "b.txt": digest_of(b"text")}
    assert there.known(there.frozen(package.id)) == known
    there.keeper.delete(CURATOR, package.id)
    assert there.world.problems() == []
