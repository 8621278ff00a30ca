"""Texts of packages: what is taken, what is charged, and what is kept."""

import pytest

from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.data_package import DataPackageNotFound, ItemNotFound
from filemanager.domain.packages.errors import NotAText, PackageFull, TextTooLarge
from filemanager.domain.quotas import MIN_CHARGE_BYTES, QuotaExceeded, owner_subject
from filemanager.domain.trees.errors import PathInTheWay, PathRefused
from worlds.packages import CURATOR, STRANGER, Study
from worlds.stored import ALICE, World


def test_a_text_is_an_item_with_its_digests(study: Study) -> None:
    package = study.create()

    after = study.text(package.id, "docs/README.md", b"# Hello\n")

    (item,) = study.items(study.edition(package.id))
    assert (item.path, item.size_bytes, item.media_type) == ("docs/README.md", 8, "text/markdown")
    assert (item.sha256, item.md5) == (digest_of(b"# Hello\n"), "1edc8f6cc3d0fd3cead973db09320ca4")
    assert (after.items, after.size_bytes, after.text_bytes, after.revision) == (1, 8, 8, 1)


def test_a_text_over_another_has_its_place(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a.txt", b"first")
    study.text(package.id, "b.txt", b"other")

    after = study.text(package.id, "a.txt", b"second one")

    first, other = study.items(study.edition(package.id))
    assert (first.position, first.size_bytes, other.position) == (0, 10, 1)
    assert (after.items, after.size_bytes) == (2, 15)


@pytest.mark.parametrize(
    ("path", "data"),
    [("a.exe", b"text"), ("a.txt", b"\xff\xfe"), ("a.TIFF", b""), ("noextension", b"\x80")],
)
def test_what_is_no_text_is_refused(study: Study, path: str, data: bytes) -> None:
    package = study.create()

    with pytest.raises(NotAText):
        study.text(package.id, path, data)

    assert study.paths(package.id) == []


@pytest.mark.parametrize("path", ["a.pdf", "b.ipynb", "c.parquet", "Makefile", ".hidden", "d.CSV"])
def test_names_of_the_list_are_taken(study: Study, path: str) -> None:
    package = study.create()
    data = b"\xff" if path.endswith(("pdf", "ipynb", "parquet")) else b"text"

    study.text(package.id, path, data)

    assert study.paths(package.id) == [path]


def test_a_text_of_five_mebibytes_is_too_large(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a.txt", b"a" * ((5 << 20) - 1))

    with pytest.raises(TextTooLarge):
        study.text(package.id, "b.txt", b"a" * (5 << 20))


@pytest.mark.parametrize("path", ["../a.txt", "/a.txt", "a//b.txt", "a\n.txt", "a/./b.txt"])
def test_paths_that_lead_elsewhere_are_refused(study: Study, path: str) -> None:
    package = study.create()

    with pytest.raises(PathRefused):
        study.text(package.id, path)


def test_no_item_is_a_directory_of_another(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a/b", b"")

    for path in ("a", "a/b/c"):
        with pytest.raises(PathInTheWay):
            study.text(package.id, path, b"")


def test_texts_count_for_their_owner(study: Study, world: World) -> None:
    package = study.create()
    study.text(package.id, "a.txt", b"a" * 5000)
    study.text(package.id, "a.txt", b"b")

    with world.database.read() as tx:
        used = tx.quotas.usage(owner_subject(CURATOR.owner)).used_bytes
    assert used == 5000 + MIN_CHARGE_BYTES
    assert world.problems() == []


def test_an_owner_without_room_puts_no_text(world: World) -> None:
    study = Study(world, PackageLimits(owner_bytes=MIN_CHARGE_BYTES))
    package = study.create()
    study.text(package.id, "a.txt")

    with pytest.raises(QuotaExceeded):
        study.text(package.id, "b.txt")

    assert study.paths(package.id) == ["a.txt"]


def test_a_full_package_takes_no_more(world: World) -> None:
    study = Study(world, PackageLimits(items=1, text_bytes=10))
    package = study.create()
    study.text(package.id, "a.txt", b"0123456789")

    with pytest.raises(PackageFull, match="1 items"):
        study.text(package.id, "b.txt", b"")
    with pytest.raises(PackageFull, match="10 bytes"):
        study.text(package.id, "a.txt", b"0123456789a")
    study.text(package.id, "a.txt", b"0")


def test_nobody_else_sees_or_fills_a_package(study: Study) -> None:
    package = study.create()

    with pytest.raises(DataPackageNotFound):
        study.text(package.id, "a.txt", caller=STRANGER)
    with pytest.raises(DataPackageNotFound):
        study.keeper.get(STRANGER, package.id)
    with pytest.raises(InsufficientScope):
        study.keeper.get(ALICE, package.id)


def test_texts_are_kept_for_as_long_as_a_version_has_them(study: Study, world: World) -> None:
    package = study.create()
    study.text(package.id, "a.txt", b"frozen")
    study.frozen(package.id)
    study.text(package.id, "a.txt", b"between")
    study.text(package.id, "a.txt", b"living")

    world.sweep_twice()

    assert len(world.digests()) == 2
    assert world.problems() == []


def test_nothing_is_left_of_a_deleted_package(study: Study, world: World) -> None:
    package = study.create()
    study.text(package.id, "a/b.txt")
    study.frozen(package.id)

    study.keeper.delete(CURATOR, package.id)
    world.sweep_twice()

    assert world.digests() == set()
    assert world.problems() == []
    with world.database.read() as tx:
        assert tx.quotas.usage(owner_subject(CURATOR.owner)).used_bytes == 0
        assert tx.rows.count("package_items") == tx.rows.count("package_folders") == 0
        assert tx.rows.count("pins") == tx.rows.count("package_directories") == 0
    with pytest.raises(DataPackageNotFound):
        study.get(package.id)


def test_a_folder_goes_with_what_is_in_it(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a/b/c.txt")

    with study.world.database.read() as tx, pytest.raises(ItemNotFound):
        tx.packages.level(study.edition(package.id), "b", None, 10)
