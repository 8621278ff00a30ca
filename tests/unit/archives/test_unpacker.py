import gzip
import io
import zipfile

import pytest

from filemanager.archives.faults import Fault
from filemanager.domain.intake.unpacking import ArchiveRefused
from unit.archives.reading import files, unpack
from unit.archives.tar.tar_bytes import END, header, member, padded, with_checksum


def a_zip(comment: bytes = b"", **members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.comment = comment
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P",
        b"PK",
        b"%PDF-1.5\n%%EOF\n",
        b"\\documentclass{article}\n" * 100,
        bytes(10_240),
        b"\xc5\xd0\xd3\xc6" + bytes(600),
        b"<svg/>" + b"PK\x05\x06" + bytes(17),
    ],
)
def test_other_files_are_no_archives(data: bytes) -> None:
    assert unpack(data) is None


def test_a_header_with_a_wrong_checksum_is_refused_as_no_tar() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(header()[:148] + b"0000000\0" + header()[156:])

    assert refused.value.reason == Fault.BAD_CHECKSUM
    assert not refused.value.is_recognised


def test_the_same_inside_a_gzip_is_refused_too() -> None:
    with pytest.raises(ArchiveRefused, match="checksum"):
        unpack(gzip.compress(header()[:148] + b"0000000\0" + header()[156:]))


@pytest.mark.parametrize(
    "front",
    [
        b"#!/bin/sh\n",
        b"%PDF-1.5\n",
        member() + END,
        gzip.compress(b"text", mtime=0),
        b"\x1f\x9d\x90",
    ],
)
def test_a_zip_behind_something_else_is_ambiguous(front: bytes) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(front + a_zip(a=b"x"))

    assert refused.value.reason == Fault.AMBIGUOUS


def test_a_tar_whose_zeros_are_the_comment_of_a_zip_is_ambiguous() -> None:
    body = a_zip(a=b"x")
    tail = 512 - len(body) + len(END)
    inner = body[:-2] + tail.to_bytes(2, "little")

    with pytest.raises(ArchiveRefused) as refused:
        unpack(header(size=len(inner)) + padded(inner) + END)

    assert refused.value.reason == Fault.AMBIGUOUS


def test_a_tar_that_ends_with_a_zip_as_its_last_member_is_a_tar() -> None:
    inner = a_zip(a=b"x")

    assert files(unpack(member(b"inner.zip", inner) + END)) == {"inner.zip": inner}


def test_a_header_that_begins_like_a_zip_is_ambiguous() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        unpack(with_checksum(header(b"PK\x03\x04")) + END)

    assert refused.value.reason == Fault.AMBIGUOUS
