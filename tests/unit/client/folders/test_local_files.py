"""The files of a directory, as they are to be sent."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from filemanager.client.errors import ClientError, FileChanged
from filemanager.client.folders.choosing import Choice
from filemanager.client.folders.local_files import LocalFile, Slice, read_folder

SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"


def found(directory: Path) -> Sequence[LocalFile]:
    return read_folder(directory, Choice(), lambda _: None).files


def test_files_are_found_by_path_with_their_digests(tmp_path: Path) -> None:
    (tmp_path / "fig").mkdir()
    (tmp_path / "fig" / "a").write_bytes(b"hello")
    (tmp_path / "empty").write_bytes(b"")
    read: list[int] = []

    files = read_folder(tmp_path, Choice(), read.append).files

    assert [(one.path, one.size_bytes) for one in files] == [("empty", 0), ("fig/a", 5)]
    assert files[1].sha256 == SHA256
    assert sum(read) == 5


def test_names_are_sent_composed(tmp_path: Path) -> None:
    (tmp_path / "e\u0301.tex").write_bytes(b"")

    assert [one.path for one in found(tmp_path)] == ["\u00e9.tex"]


def test_two_names_that_look_alike_are_refused(tmp_path: Path) -> None:
    for name in ("e\u0301.tex", "\u00e9.tex"):
        (tmp_path / name).write_bytes(b"")

    with pytest.raises(ClientError, match="Two files are called"):
        found(tmp_path)


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.tex")).write_bytes(b"")

    with pytest.raises(ClientError, match=r"The name of '\\xff\.tex' is not UTF-8"):
        found(tmp_path)


def test_a_file_that_was_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello")
    (file,) = found(tmp_path)
    file.ensure_same()

    (tmp_path / "a").write_bytes(b"hello, you")

    with pytest.raises(FileChanged, match="Push again"):
        file.ensure_same()


def test_a_slice_is_read_to_its_end_and_counted() -> None:
    counted: list[int] = []
    body = Slice(io.BytesIO(b"0123456789"), 2, 9, counted.append)

    blocks = [body.read(4), body.read(4), body.read(4)]

    assert (len(body), blocks) == (7, [b"2345", b"678", b""])
    assert sum(counted) == 7


def test_a_slice_of_a_file_that_became_shorter_does_not_end_early(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"01234")
    with (tmp_path / "a").open("rb") as stream:
        body = Slice(stream, 2, 9, lambda _: None)

        with pytest.raises(FileChanged):
            body.read()
