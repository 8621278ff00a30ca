"""What is no text: never taken for one, never rewritten."""

import pickle
import zlib

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.check import Profile
from filemanager.sanitize.kinds.binary import is_text
from filemanager.sanitize.kinds.guessing import guessed
from filemanager.sanitize.registry import PROFILES
from unit.sanitize.fakes import Desk, a_file

WORDS = b"\\documentclass{article}\r\n\\begin{document}\r<html>\n\\bye\r\n\x04"
FAR = b"x" * 100_000 + b"\n" + WORDS

BINARIES = {
    "a NUL": b"\\begin{a}\n" + WORDS + b"\0\r",
    "a NUL far in": FAR + b"\0",
    "SQLite": b"SQLite format 3\0" + WORDS,
    "pickle 2": pickle.dumps(WORDS.decode("latin-1"), 2),
    "pickle 3": pickle.dumps(WORDS, 3),
    "pickle 4": b"\x80\x04\x95" + WORDS,
    "pickle 5": b"\x80\x05\x95" + WORDS,
    "UTF-16, little end first": "\ufeff\\documentclass{a}\r\n".encode("utf-16-le") + WORDS,
    "UTF-16, big end first": "\ufeff\\documentclass{a}\r\n".encode("utf-16-be") + WORDS,
    "UTF-16 without a mark": "\\documentclass{a}\r\n".encode("utf-16-le"),
    "UTF-32": "\ufeff\\bye\r\n".encode("utf-32-be"),
    "old tar": b"main.tex".ljust(512, b"\0") + WORDS,
    "cpio, new": b"070701" + WORDS,
    "cpio, odc": b"070707" + WORDS,
    "lz4": b"\x04\x22\x4d\x18\x64\x40\xa7" + WORDS,
    "zstd": b"\x28\xb5\x2f\xfd\x24" + WORDS,
    "7z": b"7z\xbc\xaf\x27\x1c" + WORDS,
    "ar": b"!<arch>\n" + WORDS,
    "ELF": b"\x7fELF\x02\x01" + WORDS,
    "HDF5": b"\x89HDF\r\n\x1a\n" + WORDS,
    "NumPy": b"\x93NUMPY\x01" + WORDS,
    "class file": b"\xca\xfe\xba\xbe" + WORDS,
    "DjVu": b"AT&TFORM" + WORDS,
    "Parquet": b"PAR1" + WORDS,
    "RIFF": b"RIFF\x01\x02\x03\x04WAVE" + WORDS,
    "Ogg": b"OggS" + WORDS,
    "a font": b"wOF2" + WORDS,
    "PPM": b"P6\n1 1\n255\n" + WORDS,
    "HEIF": b"\x01\x01\x01\x18ftypheic" + WORDS,
    "a bare deflated stream": zlib.compress(bytes(range(1, 256)) * 9)[2:].replace(b"\0", b"") * 9,
}
TEXTS = {
    "LaTeX": b"\\documentclass{a}\n",
    "Latin-1": "\\documentclass{\u00e4\u00f6\u00fc}\n".encode("latin-1"),
    "Mac Roman": b"\\documentclass{\x8a\x9a}\r",
    "a form feed": b"\\documentclass{a}\n\x0c",
    "few controls": b"\\documentclass{a}\n\x1a\x04",
    "ISO-2022": b"\x1b$B%F\x1b(B" * 50,
    "nothing": b"",
}

all_profiles = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


@pytest.mark.parametrize("data", BINARIES.values(), ids=BINARIES)
def test_bytes_are_no_text(data: bytes) -> None:
    assert not is_text(Bytes(data), MemoryScratch())


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS)
def test_a_text_of_any_encoding_in_bytes_is_one(data: bytes) -> None:
    assert is_text(Bytes(data), MemoryScratch())


@all_profiles
@pytest.mark.parametrize("name", ["a", "a.tex", "a.html", "a.eps", "a.ps", "a.txt", "a.pfb"])
@pytest.mark.parametrize("data", BINARIES.values(), ids=BINARIES)
def test_what_is_no_text_is_kept_to_the_byte(profile: Profile, name: str, data: bytes) -> None:
    for is_ancillary in (False, True):
        desk = Desk(profile=profile)

        desk.upload(name, data, ancillary=is_ancillary)

        (entry,) = desk.tree.entries.values()
        assert desk.contents[entry.digest].head(len(data) + 1) == data
        assert entry.kind is FileKind.FAILED


def test_binary_postscript_is_postscript_and_kept() -> None:
    desk, data = Desk(), b"%!PS-Adobe-3.0\r\n%%BeginPreview\r\n%%EndPreview\r\n\0\r\x04"

    desk.upload("a.ps", data)

    assert desk.data("a.ps") == data
    assert desk.tree.files() == {"a.ps": FileKind.POSTSCRIPT}


def test_a_font_is_one_with_any_bytes() -> None:
    data = b"\x80\x01\x10\x0f\0\0%!PS-AdobeFont-1.0: A\n\0"

    assert guessed(a_file("a.pfb", data)) is FileKind.PS_FONT
