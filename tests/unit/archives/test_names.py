import pytest

from filemanager.archives.names import Place, judge
from filemanager.domain.intake.unpacking import MemberRefusal, PathChange


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a.tex", "a.tex"),
        ("./a.tex", "a.tex"),
        ("././d/a.tex", "d/a.tex"),
        ("d//a.tex", "d/a.tex"),
        ("d/./a.tex", "d/a.tex"),
        ("d/", "d"),
        ("./", ""),
        ("/", ""),
        ("//", ""),
        ("..a", "..a"),
        ("a..", "a.."),
        ("...", "..."),
        ("C:\\x\\y.tex", "C:\\x\\y.tex"),
        ("a\\b.tex", "a\\b.tex"),
        ("naïve é.tex", "naïve é.tex"),
        ("tab\there", "tab\there"),
    ],
)
def test_a_name_that_stays_inside_is_a_path(name: str, path: str) -> None:
    assert judge(name) == Place(path)


@pytest.mark.parametrize("name", ["/d/a.tex", "///d/a.tex", "/./d//a.tex"])
def test_a_leading_slash_is_dropped_and_told(name: str) -> None:
    assert judge(name) == Place("d/a.tex", name, (PathChange.ROOT_DROPPED,))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("fig\\a.png", "fig/a.png"),
        ("fig\\", "fig"),
        ("fig\\b/a.png", "fig/b/a.png"),
        (".\\fig\\a.png", "fig/a.png"),
        ("C:\\fig\\a.png", "C:\\fig\\a.png"),
    ],
)
def test_backslashes_split_where_windows_wrote_them(name: str, path: str) -> None:
    assert judge(name, is_split_by_backslashes=True) == Place(path)


def test_a_leading_backslash_of_windows_is_dropped_and_told() -> None:
    place = judge("\\fig\\a.png", is_split_by_backslashes=True)

    assert place == Place("fig/a.png", "\\fig\\a.png", (PathChange.ROOT_DROPPED,))


@pytest.mark.parametrize("name", ["\\\\server\\share\\a", "fig\\..\\..\\a", "C:/a", "C:\\..\\a"])
def test_windows_names_that_leave_are_refused_as_well(name: str) -> None:
    place = judge(name, is_split_by_backslashes=True)

    assert place is MemberRefusal.LEAVES_THE_ARCHIVE


@pytest.mark.parametrize(
    "name",
    [
        "//server/share",
        "\\\\server\\share",
        "\\x",
        "C:/x",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "a\\..\\x",
        "..\\x",
        "C:\\..\\x",
        "a\\../x",
    ],
)
def test_a_name_that_leaves_the_archive_is_refused(name: str) -> None:
    assert judge(name) is MemberRefusal.LEAVES_THE_ARCHIVE


@pytest.mark.parametrize(
    "name", ["x" * 256, "é" * 128, "論" * 90 + ".tar.gz", "d/" + "y" * 300, "\U0001d160" * 30]
)
def test_a_name_that_is_too_long_is_shortened_and_told(name: str) -> None:
    place = judge(name)

    assert isinstance(place, Place)
    assert (place.sent_as, place.changes) == (name, (PathChange.SHORTENED,))
    assert len(place.path.rpartition("/")[2].encode()) <= 255


def test_a_shortened_name_keeps_its_ending_and_is_its_own() -> None:
    names = [f"{'論' * 90}{number}.tar.gz" for number in range(3)]

    paths = {place.path for name in names if isinstance(place := judge(name), Place)}

    assert len(paths) == 3
    assert all(path.startswith("論論論") and path.endswith(".tar.gz") for path in paths)


def test_a_long_directory_stays_one() -> None:
    places = [judge(f"/{'d' * 300}/{name}") for name in ("a", "b", "")]

    assert [one.changes for one in places if isinstance(one, Place)] == [
        (PathChange.ROOT_DROPPED, PathChange.SHORTENED)
    ] * 3
    assert len({one.path.split("/")[0] for one in places if isinstance(one, Place)}) == 1


@pytest.mark.parametrize(
    "name", ["d/" * 400 + "x", "\U0001f600/" * 349 + "\U0001f600" * 2 + "/x" * 9]
)
def test_a_path_that_no_tree_can_hold_is_refused(name: str) -> None:
    assert judge(name) is MemberRefusal.UNUSABLE_NAME
