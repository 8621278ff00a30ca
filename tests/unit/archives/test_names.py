import pytest

from filemanager.archives.names import escaped, judge
from filemanager.domain.intake.unpacking import MemberRefusal


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
    assert judge(name) == path


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
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


@pytest.mark.parametrize("name", ["x" * 256, "é" * 128, "d/" * 400 + "x", "\U0001d160" * 30])
def test_a_name_that_no_tree_can_hold_is_refused(name: str) -> None:
    assert judge(name) is MemberRefusal.UNUSABLE_NAME


def test_messages_hold_no_control_characters() -> None:
    assert escaped("a\x1b[31m\u202e.tex\n") == r"a\x1b[31m\u202e.tex\n"
