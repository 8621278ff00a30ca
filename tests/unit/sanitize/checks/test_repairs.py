"""Repairs, byte for byte: line ends, PostScript headers and previews, DOS EPS."""

import struct
from pathlib import Path

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.domain.blobs.blob import CHUNK_BYTES, Content
from filemanager.domain.trees.areas import Area
from filemanager.sanitize.checks.dented_headers import repaired_header
from filemanager.sanitize.checks.dos_eps import without_tiff
from filemanager.sanitize.checks.line_ends import repaired_line_ends
from filemanager.sanitize.checks.previews import Preview, announced, stripped
from unit.sanitize.fakes import Desk


def _data(content: Content | None) -> bytes:
    assert content is not None
    with content.open() as file:
        return file.read()


@pytest.mark.parametrize(
    ("before", "after", "trailers"),
    [
        (b"a\n", b"a\n", ""),
        (b"a\r\nb\r\n", b"a\nb\n", ""),
        (b"a\r\nb\rc\r\n", b"a\nb\rc\n", ""),
        (b"a\rb\r", b"a\nb\n", ""),
        (b"a\r\n\x1a\x04", b"a\n", "trailing ^Z trailing ^D "),
        (b"Z\x04", b"Z", "trailing ^D "),
        (b"a\n\x04x", b"a\n", "trailing ^D "),
        (b"a\n\xff", b"a\n", "trailing =FF "),
        (b"a\n\xff\x1a", b"a\n", "trailing ^Z trailing =FF "),
        (b"a\n\r\n\x1a\r\n", b"a\n\n", "trailing ^Z "),
        (b"\x04", b"", "trailing ^D "),
        (b"x", b"x", ""),
    ],
)
def test_line_ends_are_repaired(before: bytes, after: bytes, trailers: str) -> None:
    ends = repaired_line_ends(Bytes(before), MemoryScratch())

    assert _data(ends.content) == after
    assert ends.trailers == trailers
    assert ends.ends_with_newline == after.endswith(b"\n")


@pytest.mark.parametrize("shift", range(4))
def test_line_ends_at_the_border_of_a_chunk_are_whole(shift: int) -> None:
    before = b"x" * (CHUNK_BYTES - shift) + b"\r\n\x1a"
    scratch = MemoryScratch()

    ends = repaired_line_ends(Bytes(before), scratch)

    assert _data(ends.content) == b"x" * (CHUNK_BYTES - shift) + b"\n"
    assert scratch.longest_write <= CHUNK_BYTES + 2


def test_a_good_text_is_not_written_again() -> None:
    scratch = MemoryScratch()

    repaired_line_ends(Bytes(b"a\nb\n"), scratch)

    assert not scratch.finished


def test_the_originals_pair_comes_out_byte_for_byte(fixtures: Path) -> None:
    folder = fixtures / "originals" / "test_files_upload"
    before = (folder / "BeforeUnMACify.eps").read_bytes()

    ends = repaired_line_ends(Bytes(before), MemoryScratch())

    assert _data(ends.content) == (folder / "AfterUnMACify.eps").read_bytes()


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        (b"%!PS\nx\n", None, 0),
        (b"%%\x04%!PS\nx\n", b"%!PS\nx\n", 1),
        (b"%%!PS\nx\n", b"%!PS\nx\n", 1),
        (b"%!PS-Adobe-3.0\nx\n", b"%!PS-Adobe-3.0\nx\n", 1),
        (b"junk%!PS-Adobe-3.0\nx\n", b"%!PS-Adobe-3.0\nx\n", 1),
        (b"\x04%!PS-Adobe-3.0\n", b"%!PS-Adobe-3.0\n", 2),
        (b"one\ntwo\n%%!PS\nx\n", b"%!PS\nx\n", 2),
        (b"one\n%!PS\nx\n", None, 0),
        (b"no header\n" * 20, None, 0),
        (b"x\n" * 12 + b"%%!\n", None, 0),
        (b"", None, 0),
    ],
)
def test_headers_are_repaired(before: bytes, after: bytes | None, parts: int) -> None:
    header = repaired_header(Bytes(before), MemoryScratch())

    assert (header.content and _data(header.content)) == after
    assert len(header.parts) == parts


def test_lines_before_a_header_are_kept_beside_it() -> None:
    desk = Desk()

    tree = desk.upload("a.ps", b"one\ntwo\n%%!PS\nshow\n")

    assert desk.data("a.ps") == b"%!PS\nshow\n"
    assert desk.data("a.ps.cleaned") == b"one\ntwo\n"
    assert tree.source_format == "tex"


def test_what_is_kept_beside_a_long_name_gets_a_name_that_fits() -> None:
    tree = Desk().upload(f"{'x' * 250}.ps", b"one\n%%!PS\nshow\n")

    assert max(len(path) for path in tree.paths()) <= 255
    assert len(tree.paths()) == 2


def test_a_postscript_name_without_a_header_is_told_of() -> None:
    tree = Desk().upload("a.eps", b"nothing\n")

    text = "File 'a.eps' did not have proper Postscript header, repaired to 'b'%!\\n''."
    assert ("warn", "a.eps", text) in tree.said()


@pytest.mark.parametrize(
    ("preview", "before", "after", "lines"),
    [
        (Preview.PREVIEW, b"a\n%%BeginPreview\nx\n%%EndPreview: y\nb\n", b"a\nb\n", (2, 4)),
        (Preview.PREVIEW, b"a\n %%BeginPreview\n%%EndPreview\n", None, None),
        (Preview.PHOTOSHOP, b"%BeginPhotoshop: 9\n%EndPhotoshop\nb", b"b", (1, 2)),
        (Preview.THUMBNAIL, b"a\n% Thumbnail Thumbnail\nx\n%%EndData x\nb\n", b"a\nb\n", (2, 4)),
        (
            Preview.PREVIEW,
            b"%%BeginPreview\n%%EndPreview\nb\n%%BeginPreview\n%%EndPreview\nc\n",
            b"b\nc\n",
            (4, 5),
        ),
    ],
)
def test_previews_are_stripped(
    preview: Preview, before: bytes, after: bytes | None, lines: tuple[int, int] | None
) -> None:
    result = stripped(Bytes(before), MemoryScratch(), preview)

    assert (result and _data(result.content)) == after
    assert (result and (result.first_line, result.last_line)) == lines


def test_a_preview_without_an_end_is_left_and_told_of() -> None:
    desk, data = Desk(), b"%!PS\n%%BeginPreview\nx\n"

    tree = desk.upload("a.ps", data)

    assert desk.data("a.ps") == data
    text = "Unnecessary Preview removed from 'a.ps' from line 2 a.ps had unpaired"
    assert ("warn", "a.ps", f"{text} b'^%%EndPreview'") in tree.said()


def test_a_large_preview_is_stripped_in_pieces() -> None:
    hexes = b"%" + b"0" * 77 + b"\n"
    before = b"%!PS\n%%BeginPreview\n" + hexes * 40_000 + b"%%EndPreview\nshow\n"
    scratch = MemoryScratch()

    result = stripped(Bytes(before), scratch, Preview.PREVIEW)

    assert result is not None
    assert _data(result.content) == b"%!PS\nshow\n"
    assert result.last_line == 40_003
    assert scratch.longest_write <= CHUNK_BYTES


def test_every_kind_of_preview_is_announced_once_in_order() -> None:
    data = b"BeginPhotoshop\nThumbnail:\nBeginPhotoshop\nBeginPreview\n"

    found = announced(Bytes(data), MemoryScratch())

    assert found == (Preview.PHOTOSHOP, Preview.THUMBNAIL, Preview.PREVIEW)


def test_two_kinds_of_previews_go_one_after_the_other() -> None:
    desk = Desk()

    tree = desk.upload(
        "a.ps",
        b"%!PS\n%BeginPhotoshop\n%EndPhotoshop\n%%BeginPreview\n%%EndPreview\nThumbnail: no\n"
        b"%%EndData\nshow\n",
    )

    assert desk.data("a.ps") == b"%!PS\nshow\n"
    assert tree.codes("a.ps") == ["postscript_preview_stripped"] * 3


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\nshow\n"
TIFF = b"II*\0" + b"t" * 40


def a_dos_eps(*, tiff_first: bool, mark: bytes = b"\xc5\xd0\xd3\xc6", size: int = 40) -> bytes:
    parts = (TIFF, POSTSCRIPT) if tiff_first else (POSTSCRIPT, TIFF)
    start = 30 + (len(TIFF) if tiff_first else 0)
    tiff = 30 if tiff_first else 30 + len(POSTSCRIPT)
    header = mark + struct.pack("<iiiiii", start, len(POSTSCRIPT), 0, 0, tiff, size) + b"\xff\xff"
    return header + b"".join(parts)


def test_a_leading_tiff_goes() -> None:
    desk = Desk()

    tree = desk.upload("a.eps", a_dos_eps(tiff_first=True))

    assert desk.data("a.eps") == POSTSCRIPT
    assert tree.codes("a.eps") == ["leading_tiff_preview_stripped"]
    assert tree.files() == {"a.eps": "DOS_EPS"}


def test_a_trailing_tiff_goes_and_the_original_is_kept_aside() -> None:
    desk, data = Desk(), a_dos_eps(tiff_first=False)

    tree = desk.upload("a.eps", data)

    assert desk.data("a.eps") == POSTSCRIPT
    assert desk.data("a.eps.original", Area.REMOVED) == data
    assert "trailing_tiff_preview_stripped" in tree.codes("a.eps")
    assert tree.files() == {"a.eps": "DOS_EPS"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xc5\xd0\xd3\xc6",
        a_dos_eps(tiff_first=True, size=0),
        a_dos_eps(tiff_first=True).replace(b"%!PS", b"%!XX"),
        b"\xc5\xd0\xd3\xc6" + struct.pack("<iiiiii", -1, 5, 0, 0, 9, 9) + b"\xff\xff",
        b"\xc5\xd0\xd3\xc6" + struct.pack("<iiiiii", 2**31 - 1, 5, 0, 0, 9, 9) + b"\xff\xff",
    ],
)
def test_a_dos_eps_that_names_no_two_parts_is_left(data: bytes) -> None:
    assert without_tiff(Bytes(data), MemoryScratch()) is None


def test_a_leading_tiff_leaves_the_file_as_sent_aside() -> None:
    desk, data = Desk(), a_dos_eps(tiff_first=True)

    tree = desk.upload("a.eps", data)

    assert desk.data("a.eps.original", Area.REMOVED) == data
    assert tree.codes("a.eps.original") == []


def test_a_dos_eps_without_a_preview_is_kept_to_the_byte() -> None:
    desk, data = Desk(), a_dos_eps(tiff_first=False, size=0)

    tree = desk.upload("a.eps", data)

    assert desk.data("a.eps") == data
    assert tree.codes("a.eps") == ["strip_preview_failed"]


ANCILLARY = [
    ("notes.txt", b"one\n<html>\n"),
    ("magic.txt", b"words\n%PDF-1.4\n"),
    ("magic.db.txt", b"0 string %!PS-Adobe-3.0 PostScript\n"),
    ("run.sh", b"#!/bin/sh\ncat <<E\n<html>\nE\n"),
]


@pytest.mark.parametrize(("name", "data"), ANCILLARY)
def test_words_inside_ancillary_files_neither_rename_nor_change_them(
    name: str, data: bytes
) -> None:
    desk = Desk()

    desk.upload(name, data, ancillary=True)

    assert desk.data(name, Area.ANCILLARY) == data
    assert desk.tree.paths(Area.ANCILLARY) == [name]


@pytest.mark.parametrize(
    ("name", "data", "now"),
    [
        ("a.htm", b"x\n", "a.html"),
        ("a.PDF", b"%PDF-1.4", "a.pdf"),
        ("a.eps", b"%!PS\n", "a.ps"),
        ("page", b"<!DOCTYPE html>\n<html>\n", "page.html"),
    ],
)
def test_ancillary_files_that_begin_as_such_get_their_endings(
    name: str, data: bytes, now: str
) -> None:
    assert Desk().upload(name, data, ancillary=True).paths(Area.ANCILLARY) == [now]


def test_a_script_with_pages_in_its_strings_keeps_its_name() -> None:
    assert Desk().upload("run.sh", b"#!/bin/sh\ncat <<E\n<html>\nE\n").paths() == ["run.sh"]
