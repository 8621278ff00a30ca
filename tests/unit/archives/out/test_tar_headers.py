"""Tar headers, parsed by tarfile and inflated by zlib."""

import io
import tarfile
import zlib

import pytest

from filemanager.archives.out.tar_headers import TarHeader, directory_header, file_header
from filemanager.domain.blobs.gzip_member import END


def parsed(header: TarHeader) -> tarfile.TarInfo:
    """What tarfile makes of the header, with bodies of no more than it needs."""
    with tarfile.open(fileobj=io.BytesIO(header.tar + bytes(1024))) as tar:
        member = tar.next()
    assert member is not None
    return member


NAMES = [
    "./main.tex",
    "./" + "n" * 98,
    "./" + "d" * 50 + "/" + "n" * 60,
    "./" + "p" * 153 + "/" + "n" * 100,
    "./" + "p" * 154 + "/" + "n" * 100,
    "./" + "p" * 20 + "/" + "n" * 101,
    "./" + "n" * 99,
    "./naïve.tex",
    "./" + "ü" * 70 + "/" + "é" * 40,
    "./" + "文" * 85 + "/" + "字" * 85,
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_comes_back(name: str) -> None:
    assert parsed(file_header(name, 0)).name == name


@pytest.mark.parametrize("name", NAMES)
def test_the_deflated_form_is_the_same_header(name: str) -> None:
    header = file_header(name, 12345)

    assert zlib.decompressobj(-15).decompress(header.deflated + END) == header.tar


@pytest.mark.parametrize("name", NAMES)
def test_the_deflated_length_follows_from_the_name_alone(name: str) -> None:
    lengths = {len(file_header(name, size).deflated) for size in (0, 7, 511, 8**11 - 1)}

    assert len(lengths) == 1


@pytest.mark.parametrize(
    "name",
    [
        "./naïve.tex",
        "./" + "ü" * 49,
        "./" + "d" * 50 + "/" + "n" * 60,
        "./" + "p" * 153 + "/" + "n" * 99,
        "./" + "ü" * 70 + "/" + "é" * 40,
    ],
)
def test_readers_that_know_no_pax_see_names_of_up_to_255_bytes(name: str) -> None:
    last = file_header(name, 0).tar[-512:]

    fields = (last[345:500].rstrip(b"\0"), last[:100].rstrip(b"\0"))

    assert b"/".join(filter(None, fields)) == name.encode()


def test_a_last_segment_that_no_field_holds_is_cut_there_and_whole_in_pax() -> None:
    header = file_header("./d/" + "n" * 101, 0)

    assert header.tar[-512:][:100] == b"./d/" + b"n" * 96
    assert parsed(header).name == "./d/" + "n" * 101


def test_a_cut_name_field_is_cut_between_characters() -> None:
    last = file_header("./" + "文" * 200, 0).tar[-512:]

    assert last[:100].rstrip(b"\0").decode() == "./" + "文" * 32


@pytest.mark.parametrize("size", [8**11 - 1, 8**11, 1 << 40])
def test_sizes_of_8_gib_and_more_are_told_by_pax(size: int) -> None:
    header = file_header("./large.bin", size)

    assert parsed(header).size == size
    assert (len(header.tar) > 512) == (size >= 8**11)


def test_a_pax_record_counts_its_own_digits() -> None:
    for length in range(80, 120):
        name = "./" + "é" + "n" * length

        assert parsed(file_header(name, 0)).name == name


def test_a_directory_header_is_one_block() -> None:
    header = directory_header("./")

    assert len(header.tar) == 512
    assert parsed(header).isdir()
    assert parsed(header).mode == 0o755
