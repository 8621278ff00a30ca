"""The files of an upload: names that differ by case only, and how long they are kept."""

import weakref

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.draft.pending import Pending, PendingFiles
from filemanager.sanitize.inspection import EMPTY_TREE


def _pending(path: str) -> Pending:
    return Pending(area=Area.SOURCE, path=TreePath(path), content=None)


def test_a_twin_is_another_path_in_other_case() -> None:
    files = PendingFiles()
    for path in ("a.tex", "A.tex", "b.tex"):
        files.put(_pending(path))

    assert files.twin(Area.SOURCE, "a.tex") == "A.tex"
    assert files.twin(Area.SOURCE, "A.TEX") == "a.tex"
    assert files.twin(Area.SOURCE, "b.tex") is None
    assert files.twin(Area.SOURCE, "c.tex") is None


def test_a_file_that_went_is_no_twin() -> None:
    files = PendingFiles()
    first, second = _pending("a.tex"), _pending("A.tex")
    files.put(first)
    files.put(second)

    files.take(first)
    remaining = files.twin(Area.SOURCE, "a.tex")
    files.put(first)
    files.take(second)

    assert remaining == "A.tex"
    assert files.twin(Area.SOURCE, "A.tex") == "a.tex"
    assert files.twin(Area.SOURCE, "a.tex") is None


def test_the_last_of_equal_names_leaves_nothing() -> None:
    files = PendingFiles()
    twins = [_pending("a.tex"), _pending("A.tex")]
    for file in twins:
        files.put(file)

    for file in twins:
        files.take(file)

    assert files.twin(Area.SOURCE, "a.tex") is None
    assert files.twin(Area.SOURCE, "A.tex") is None


def test_an_overlay_goes_at_once_with_its_last_user() -> None:
    overlay = Overlay(EMPTY_TREE)
    seen = weakref.ref(overlay)

    del overlay

    assert seen() is None
