"""What is known and not read: said in words of its own."""

import pytest

from filemanager.domain.trees.findings import Severity
from filemanager.sanitize.check import Profile
from filemanager.sanitize.hints import hint_on
from filemanager.sanitize.kinds.binary import wide_encoding
from filemanager.sanitize.registry import ARXIV, GENERIC
from unit.sanitize.archives import TEX
from unit.sanitize.fakes import Desk

REST = b"\x01\x02words\n"

ARCHIVES = {
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + REST, "7z"),
    "b": (b"\x04\x22\x4d\x18" + REST, "lz4"),
    "a.lz": (b"LZIP" + REST, "lzip"),
    "a.lzh": (b"\x20\x30-lh5-" + REST, "LHA"),
    "a.ace": (b"1234567**ACE**" + REST, "ACE"),
    "a.cpio": (b"070701" + REST, "cpio"),
    "a.cab": (b"MSCF" + REST, "Cabinet"),
}
PARTS = {
    "a.z01": REST,
    "a.r00": REST,
    "a.part01.rar": b"Rar!\x1a\x07\0" + REST,
    "a.7z.001": b"7z\xbc\xaf\x27\x1c" + REST,
    "a.7z.002": REST,
    "a.tar.gz.001": REST,
    "a.001": b"Rar!\x1a\x07\0" + REST,
    "a": b"PK\x07\x08PK\x03\x04" + REST,
}
EMPTY = {
    "a.zip": b"PK\x05\x06" + bytes(18),
    "b.zip": b"PK\x05\x06" + bytes(16) + b"\x02\0hi",
    "a.tar": bytes(10240),
}

both_profiles = pytest.mark.parametrize("profile", [ARXIV, GENERIC], ids=lambda one: one.name)


def _said(profile: Profile, name: str, data: bytes) -> list[tuple[str, str, str]]:
    tree = Desk(profile=profile).upload(name, data)
    codes = {"unread_archive", "split_archive", "empty_archive", "utf16_text"}
    return [(one.code, one.severity, one.message) for one in tree.findings if one.code in codes]


@both_profiles
@pytest.mark.parametrize(("name", "made"), ARCHIVES.items(), ids=ARCHIVES)
def test_an_archive_that_is_not_read_is_named(
    profile: Profile, name: str, made: tuple[bytes, str]
) -> None:
    severity = Severity.WARN if profile is ARXIV else Severity.INFO

    said = _said(profile, name, made[0])

    assert said == [
        ("unread_archive", severity, f"'{name}' is a {made[1]} archive, which is not read here.")
    ]


@both_profiles
@pytest.mark.parametrize(("name", "data"), PARTS.items(), ids=PARTS)
def test_one_part_of_several_is_named(profile: Profile, name: str, data: bytes) -> None:
    assert [code for code, _, _ in _said(profile, name, data)] == ["split_archive"]


@both_profiles
@pytest.mark.parametrize(("name", "data"), EMPTY.items(), ids=EMPTY)
def test_an_empty_archive_is_named(profile: Profile, name: str, data: bytes) -> None:
    assert [code for code, _, _ in _said(profile, name, data)] == ["empty_archive"]


@both_profiles
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("run.001", b"1 2 3\n"),
        ("a.tar", bytes(500)),
        ("a.dat", bytes(1024)),
        ("a.zip", b"PK\x05\x06" + bytes(17)),
        ("a.tex", TEX),
        ("a.txt", b"7z is an archive\n"),
    ],
)
def test_nothing_else_is(profile: Profile, name: str, data: bytes) -> None:
    assert _said(profile, name, data) == []


def test_rar_keeps_the_words_of_the_original() -> None:
    tree = Desk().upload("a.rar", b"Rar!\x1a\x07\0" + REST)

    assert tree.codes("a.rar") == ["rar_not_supported"]
    assert [code for code, _, _ in _said(GENERIC, "a.rar", b"Rar!\x1a\x07\0")] == ["unread_archive"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["main.tex", "a.sty", "a.html", "words"])
def test_a_wide_text_is_named(encoding: str, name: str) -> None:
    data = TEX.decode().encode(encoding)

    said = _said(ARXIV, name, data)

    word = "UTF-32" if encoding == "utf-32" else "UTF-16"
    text = f"'{name}' is a text in the encoding {word}, which is not read here."
    assert said == [("utf16_text", "warn", text)]


@pytest.mark.parametrize("data", [b"", b"a\0b", b"\0\0\0\0\0\0\0\0", b"\x01\0\x02\0\x03\0\x04\0"])
def test_numbers_are_no_wide_text(data: bytes) -> None:
    assert wide_encoding(data) is None


def test_what_can_be_done_is_said_apart() -> None:
    assert hint_on("unread_archive") == "Please pack the files again as .zip or .tar.gz."
    assert hint_on("processed_directory") is None
