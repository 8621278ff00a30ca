"""Lines of ignore files mean what they mean to git."""

from pathlib import Path

import pytest

from filemanager.client.errors import ClientError
from filemanager.client.folders.ignoring import IGNORE_FILES, Rules, rules_of


@pytest.mark.parametrize(
    ("lines", "path", "verdict"),
    [
        # A name is looked for in every folder, a path from the file's own.
        (["*.log"], "a/b/x.log", True),
        (["*.log"], "x.log.tex", None),
        (["a/b"], "a/b", True),
        (["a/b"], "c/a/b", None),
        (["/x"], "a/x", None),
        (["**/x"], "a/b/x", True),
        (["a/**/x"], "a/x", True),
        (["a/*/x"], "a/b/c/x", None),
        # A closing slash means folders alone.
        (["build/"], "a/build/", True),
        (["build/"], "a/build", None),
        (["build"], "build/", True),
        # What lies below is not the folder itself, so that it can be brought back.
        (["a/**"], "a/", None),
        (["a/**"], "a/b", True),
        (["a/*"], "a/", None),
        (["**/"], "a/b/", True),
        (["**/"], "a/b", None),
        (["a/**/"], "a/", None),
        (["a/**/"], "a/b/", True),
        # The last line that speaks of a path decides.
        (["*", "!*/", "!*.tex"], "a/", False),
        (["*", "!*/", "!*.tex"], "a/b.tex", False),
        (["*", "!*/", "!*.tex"], "a/b.log", True),
        (["*.log", "!keep.log"], "keep.log", False),
        (["!keep.log", "*.log"], "keep.log", True),
        (["x", "!a"], "a/x", True),
        # Comments, escapes, blanks, brackets.
        (["#a", "", "   "], "#a", None),
        ([r"\#a"], "#a", True),
        ([r"\!a"], "!a", True),
        (["a  \r"], "a", True),
        (["a\\ "], "a ", True),
        (["[ab].tex"], "b.tex", True),
        (["[!ab].tex"], "b.tex", None),
        # What git cannot read, it passes over.
        (["!", "/", "[z-a]", "[a", "a\\"], "a", None),
    ],
)
def test_the_last_line_that_speaks_of_a_path_decides(
    lines: list[str], path: str, verdict: bool | None
) -> None:
    assert Rules("", lines).verdict(path) is verdict


def test_lines_speak_of_paths_below_their_own_folder() -> None:
    rules = Rules("fig/", ["/x", "y/z"])

    assert [rules.verdict(path) for path in ("fig/x", "fig/y/z", "fig/a/x")] == [True, True, None]


def test_our_file_is_read_after_that_of_git(tmp_path: Path) -> None:
    for name, text in zip(IGNORE_FILES, ("*.log\n*.aux\n", "\ufeff!keep.log\n"), strict=True):
        (tmp_path / name).write_text(text)

    rules = rules_of(tmp_path, "")

    assert [rules.verdict(path) for path in ("keep.log", "x.aux", "x.tex")] == [False, True, None]


def test_links_folders_and_what_is_not_there_have_no_lines(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("*\n")
    (tmp_path / ".gitignore").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".filemanagerignore").mkdir()

    assert rules_of(tmp_path, "").verdict("a") is None


def test_a_file_that_is_no_list_of_patterns_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(bytes((1 << 20) + 1))

    with pytest.raises(ClientError, match="is larger than 1 MiB"):
        rules_of(tmp_path, "")
