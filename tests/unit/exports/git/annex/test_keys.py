"""Keys of git-annex."""

import subprocess
from pathlib import Path

import pytest

from builders.editions import a_listed_item, a_pending_item, an_edition
from builders.packs import git
from filemanager.domain.ids import digest_of
from filemanager.exports.git.annex.keys import (
    extension_of,
    file_name_of,
    key_of,
    lower_directory_of,
    mixed_directory_of,
)

EXTENSIONS = {
    "a.tif": ".tif",
    "a.tar.gz": ".tar.gz",
    "a.b.c.d": ".c.d",
    "a.verylong": "",
    "a.long12.gz": ".gz",
    "a.1234.12345": "",
    "a.tar.x-y": ".tar",
    "a.x-y.gz": ".gz",
    "a.x y": "",
    "a..b": ".b",
    "a.b..c": ".c",
    "a.": "",
    "a": "",
    ".gitignore": "",
    ".zip": "",
    ".a.b": ".b",
    "..a.b": ".b",
    "...b": "",
    "d.e/f": "",
    "a.ü": ".ü",
    "a.üü": ".üü",
    "a.zip.üüü": "",
    "x.😀": ".😀",
}
URL = "https://files.example.org/s/iris/"


@pytest.mark.parametrize(("path", "extension"), EXTENSIONS.items())
def test_short_endings_are_extensions(path: str, extension: str) -> None:
    assert extension_of(path) == extension


def test_what_is_known_best_names_the_content() -> None:
    edition = an_edition()

    assert key_of(a_listed_item("a.tif", b"x"), edition) == (f"SHA256E-s1--{digest_of(b'x')}.tif")
    assert key_of(a_pending_item("a.tif", content=b"x", md5="0" * 32), edition) == (
        f"MD5E-s1--{'0' * 32}.tif"
    )
    assert key_of(a_pending_item("a,b~.tif", content=b"x"), edition) == (
        f"URL-s1--{URL}f/a%2Cb,126.tif"
    )


def test_a_long_url_is_cut_and_told_by_its_md5() -> None:
    long = a_pending_item("d" * 100, content=b"x")

    assert key_of(long, an_edition()) == (
        "URL-s1--https://files.example.org/s/iri-413d12d0640cdf56a1438b50b1e2b448"
    )


# As ``git annex examinekey`` tells them.
@pytest.mark.parametrize(
    ("key", "mixed", "lower", "file_name"),
    [
        ("URL-s5--http://a/b,,c", "2Z/84", "b54/0a2", "URL-s5--http&c%%a%b,,c"),
        (f"SHA256E-s1--{digest_of(b'x')}.tif", "24/fp", "843/0d1", None),
        ("MD5E-s2--2d711642b726b04401627ca9fbac32f5.ü", "VJ/Zj", "d7c/6d4", None),
        ("URL-s1--a&b%c:d", "gJ/jv", "970/4b3", "URL-s1--a&ab&sc&cd"),
    ],
)
def test_a_key_has_its_places(key: str, mixed: str, lower: str, file_name: str | None) -> None:
    assert mixed_directory_of(key) == mixed
    assert lower_directory_of(key) == lower
    assert file_name_of(key) == (file_name or key)


@pytest.mark.judges
def test_git_annex_has_the_same_extensions(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    subprocess.run(["git", "annex", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "d.e").mkdir()
    for path in EXTENSIONS:
        (tmp_path / path).write_bytes(b"x")

    command = ["git", "annex", "calckey", "--backend=SHA256E", "--batch"]
    sent = "".join(f"{path}\n" for path in EXTENSIONS).encode()
    told = subprocess.run(command, cwd=tmp_path, input=sent, check=True, capture_output=True)

    keys = [key_of(a_listed_item(path, b"x"), an_edition()) for path in EXTENSIONS]
    assert told.stdout.decode().splitlines() == keys
