"""Moving and deleting items, and whole directories of them."""

import pytest

from filemanager.domain.errors import ResourceChanged
from filemanager.domain.packages.data_package import DataPackage, ItemNotFound
from filemanager.domain.packages.errors import NotAText
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.trees.errors import PathInTheWay, PathRefused, PlaceTaken
from worlds.packages import CURATOR, Study


@pytest.fixture
def package(study: Study) -> DataPackage:
    """A text, and pointers in a directory."""
    for key in ("d/a.tif", "d/e/b.tif"):
        study.object(key)
    made = study.create()
    study.add(made.id, "")
    study.text(made.id, "readme.md")
    return made


def test_an_item_is_moved_with_all_that_is_known_of_it(study: Study, package: DataPackage) -> None:
    before = study.edition(package.id)
    (old, *_) = study.items(before)

    study.editor.move(CURATOR, package.id, ("d/a.tif", "c.TIF"))

    (new, *_) = study.items(study.edition(package.id))
    assert (old.path, new.path, new.behind) == ("d/a.tif", "c.TIF", old.behind)
    assert study.paths(package.id) == ["c.TIF", "d/e/b.tif", "readme.md"]


def test_a_directory_is_moved_with_all_below_it(study: Study, package: DataPackage) -> None:
    study.editor.move(CURATOR, package.id, ("d/", "x/y/"))

    assert study.paths(package.id) == ["readme.md", "x/y/a.tif", "x/y/e/b.tif"]
    assert study.get(package.id).folders == 3


def test_a_directory_is_moved_into_itself(study: Study, package: DataPackage) -> None:
    study.editor.move(CURATOR, package.id, ("d/", "d/e/"))

    assert study.paths(package.id) == ["d/e/a.tif", "d/e/e/b.tif", "readme.md"]


@pytest.mark.parametrize(
    ("source", "target", "refusal"),
    [
        ("none", "other", ItemNotFound),
        ("none/", "other/", ItemNotFound),
        ("d", "other", ItemNotFound),
        ("d/a.tif", "d/e/b.tif", PlaceTaken),
        ("d/a.tif", "d/e", PathInTheWay),
        ("d/a.tif", "../a", PathRefused),
        ("readme.md", "readme.exe", NotAText),
    ],
)
def test_what_cannot_be_moved_stays(
    study: Study, package: DataPackage, source: str, target: str, refusal: type[Exception]
) -> None:
    before = study.paths(package.id)

    with pytest.raises(refusal):
        study.editor.move(CURATOR, package.id, (source, target))

    assert study.paths(package.id) == before


def test_items_and_directories_are_deleted(study: Study, package: DataPackage) -> None:
    study.editor.delete(CURATOR, package.id, "readme.md")
    after = study.editor.delete(CURATOR, package.id, "d/")

    assert (after.items, after.folders, after.size_bytes) == (0, 0, 0)
    with pytest.raises(ItemNotFound):
        study.editor.delete(CURATOR, package.id, "d/")


def test_a_change_of_another_state_is_refused(study: Study, package: DataPackage) -> None:
    (item, *_) = study.items(study.edition(package.id))
    revision = {str(study.get(package.id).revision)}

    for path in ("d/a.tif", "d/"):
        with pytest.raises(ResourceChanged):
            study.editor.delete(
                CURATOR, package.id, path, Preconditions(if_match=frozenset({"other"}))
            )
    study.editor.delete(CURATOR, package.id, "d/a.tif", Preconditions(if_match=item.state.tags))
    with pytest.raises(ResourceChanged):
        study.editor.delete(CURATOR, package.id, "d/", Preconditions(if_match=frozenset(revision)))
