"""How much is asked of a tree to find free names: about as much as there is to be named."""

from builders.in_memory import Bytes
from filemanager.domain.trees.areas import Area
from filemanager.sanitize.check import Sibling
from filemanager.sanitize.draft.draft import Draft
from filemanager.sanitize.draft.naming import Naming
from filemanager.sanitize.draft.overlay import Overlay
from filemanager.sanitize.draft.pending import Pending
from unit.sanitize.tree import FakeTree


class CountingPlaces:
    """Answers from an overlay, and counts the questions."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self.questions = 0

    def find(self, area: Area, path: str) -> Sibling | None:
        self.questions += 1
        return self._overlay.find(area, path)

    def is_directory(self, area: Area, path: str) -> bool:
        self.questions += 1
        return self._overlay.is_directory(area, path)


def questions_for(paths: list[str]) -> int:
    """What is asked while files are placed at *paths*."""
    draft = Draft(FakeTree())
    counting = CountingPlaces(draft.overlay)
    draft.overlay.naming = Naming(counting, draft.overlay.pending)
    for number, path in enumerate(paths):
        content = Bytes(b"%d" % number)
        newcomer = Pending(
            area=Area.SOURCE,
            path=draft.overlay.free_path(Area.SOURCE, "x"),
            content=content,
            as_sent=path,
        )
        draft.place(newcomer, Area.SOURCE, path)
    return counting.questions


def nested(depth: int) -> list[str]:
    """Each is a file, and the directory of the next."""
    return ["/".join("a" * (level + 1)) for level in range(depth)]


def test_files_in_one_another_ask_as_much_each_however_deep_they_are() -> None:
    short, long = questions_for(nested(80)), questions_for(nested(160))

    assert long <= 2.2 * short


def test_files_in_directories_that_are_files_ask_as_much_each_however_many_there_are() -> None:
    def beside(count: int) -> list[str]:
        return [path for n in range(count) for path in (f"d{n}", f"d{n}/a")]

    few, many = questions_for(beside(200)), questions_for(beside(400))

    assert many <= 2.2 * few


def test_files_of_one_directory_that_is_a_file_ask_as_much_each() -> None:
    few, many = (questions_for(["d", *(f"d/{n}" for n in range(c))]) for c in (200, 400))

    assert many <= 2.2 * few
