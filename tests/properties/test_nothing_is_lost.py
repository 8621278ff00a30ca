"""Whatever is sent is there afterwards: in the tree, among the removed, or as what was in it."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.ids import digest_of
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Alteration
from filemanager.sanitize.check import Profile
from filemanager.sanitize.registry import PROFILES
from unit.sanitize.archives import TEX, a_tar, a_zip
from unit.sanitize.fakes import Desk

Files = list[tuple[str, bytes]]

STEMS = ["a", "main", "a b", "-a", "con", "core", "é", "x~", "DATA", "d/a", "anc/a", "top/in/a"]
ENDINGS = ["", ".tex", ".eps", ".ps", ".html", ".PDF", ".bib", ".bbl", ".db", ".py", ".dat", ".log"]
NAMES = st.builds(str.__add__, st.sampled_from(STEMS), st.sampled_from(ENDINGS))
PIECES = st.sampled_from(
    [
        *(
            b"\\documentclass{article}",
            b"\\begin{document}",
            b"\\bye",
            b"<html>",
            b"%!PS-Adobe-3.0",
        ),
        *(
            b"%%BeginPreview\n",
            b"%%EndPreview\n",
            b"%%BeginBinary: 3\n",
            b"%%EndBinary\n",
            b"%PDF-",
        ),
        *(b"Thumbnail:", b"%%EndData\r", b"\x04%!", b"%!TeX", b"\xef\xbb\xbf", b"\xff\xfe", b"%"),
        *(
            b"\r\n",
            b"\r",
            b"\n",
            b"\x1a",
            b"\x04",
            b"\xff",
            b"words",
            b"@article{a,",
            b"begin 644 a",
        ),
        *(b"SQLite format 3\0", b"\x80\x04\x95", b"\x04\x22\x4d\x18", b"070701", b"\0", b"\0\r\n"),
    ]
)
MIXED = st.lists(PIECES, min_size=1, max_size=8).map(b"".join)
DATA = MIXED | st.binary(min_size=1, max_size=60)
PLAIN = st.lists(st.tuples(NAMES, DATA), min_size=1, max_size=6, unique_by=lambda one: one[0])
ARCHIVE = st.tuples(st.sampled_from(["b.tar", "d/b.zip"]), PLAIN)

all_profiles = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def packed(name: str, files: Files) -> bytes:
    return a_zip(dict(files)) if name.endswith(".zip") else a_tar(files)


def upload(profile: Profile, files: Files) -> Desk:
    desk = Desk(profile=profile, unpacker=ArchiveUnpacker())
    desk.upload("x.tar", a_tar(files))
    return desk


def kept(desk: Desk) -> set[str]:
    """Living files, and removed ones of which it is said why."""
    return {
        entry.digest
        for entry in desk.tree.entries.values()
        if entry.area is not Area.REMOVED or (entry.reason and entry.code)
    }


def rewritten(desk: Desk) -> set[str]:
    assert desk.last is not None
    made = desk.last.change.altered
    return {str(one.before_digest) for one in made if one.alteration is Alteration.REWRITTEN}


@all_profiles
@settings(max_examples=300)
@given(PLAIN, st.none() | ARCHIVE)
def test_every_file_sent_is_somewhere(
    profile: Profile, files: Files, archive: tuple[str, Files] | None
) -> None:
    inner = archive[1] if archive else []
    sent = [*files, *([(archive[0], packed(archive[0], inner))] if archive else [])]

    desk = upload(profile, sent)

    there, before = kept(desk), rewritten(desk)
    is_kept_whole = bool(archive) and digest_of(sent[-1][1]) in there
    for name, data in [*files, *([] if is_kept_whole else inner)]:
        assert digest_of(data) in there | (set() if b"\0" in data else before), name
    assert not desk.tree.findings or all(one.message for one in desk.tree.findings)


@all_profiles
@settings(max_examples=300)
@given(
    NAMES, st.lists(PIECES, max_size=6).map(b"".join), st.lists(PIECES, max_size=6).map(b"".join)
)
def test_no_byte_of_a_file_with_a_nul_changes(
    profile: Profile, name: str, before: bytes, behind: bytes
) -> None:
    data = before + b"\0" + behind

    desk = upload(profile, [("main0.tex", TEX), (name, data)])

    assert digest_of(data) in kept(desk)
    assert digest_of(data) not in rewritten(desk)


@settings(max_examples=100)
@given(tiff_first=st.booleans(), lines=MIXED)
def test_of_a_dos_eps_the_preview_alone_is_cut(*, tiff_first: bool, lines: bytes) -> None:
    text, tiff = b"%!PS-Adobe-3.0 EPSF\r" + lines, b"II*\0" + b"\r\n" * 9
    offsets = (32 + len(tiff), 32) if tiff_first else (32, 32 + len(text))
    sizes = struct.pack("<iiiiii", offsets[0], len(text), 0, 0, offsets[1], len(tiff))
    data = b"\xc5\xd0\xd3\xc6" + sizes + b"\xff\xff\0\0"
    data += tiff + text if tiff_first else text + tiff

    desk = upload(PROFILES["arxiv"], [("main0.tex", TEX), ("a.eps", data)])

    assert desk.data("a.eps") == text
    assert desk.data("a.eps.original", Area.REMOVED) == data
