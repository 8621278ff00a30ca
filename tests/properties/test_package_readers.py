"""Packages with whatever names and texts there are, and damaged ones."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from builders.debian import (
    COMPRESSORS,
    CONTROL,
    DATA,
    VERSION,
    a_changes,
    a_deb,
    a_dsc,
    a_paragraph,
    an_ar,
    clearsigned,
    control_archive,
)
from builders.in_memory import Bytes
from builders.rpms import (
    REQUIRES,
    a_header,
    an_old_rpm,
    an_rpm,
    files_of,
    log,
    stated,
    strings,
    tags_of,
    translated,
    wrapped,
)
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.sources import read_changes, read_dsc
from filemanager.archives.packages.tags import Tag
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.names import is_debian_version
from filemanager.domain.repositories.versions import debian_order, rpm_order
from random_examples import examples
from unit.archives.packages.refused import CHANGES, DSC, RPM, deb

PRINTABLE = st.characters(
    exclude_categories=("Cs", "Cc"),
    exclude_characters="\ufffe\uffff",
    include_characters="\t&<>\"'",
)
LINES = st.text(PRINTABLE, max_size=60)
TEXTS = st.text(st.one_of(PRINTABLE, st.sampled_from("\n\r\t")), max_size=120)
FIELD_NAMES = st.from_regex(r"X-[!-9;-~]{1,20}", fullmatch=True)
SEGMENTS = st.text(PRINTABLE, min_size=1, max_size=20).filter(lambda text: "/" not in text)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
EDITS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=4)
ENDINGS = st.sampled_from(list(COMPRESSORS))
VERSIONS = st.text("0019ab~^+.-:", max_size=8)


def edited(data: bytes, edits: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for position, value in edits:
        changed[position % len(changed)] = value
    return bytes(changed)


def read_or_refuse(read: Callable[[bytes], object], data: bytes) -> None:
    """Whatever else is raised fails the test."""
    with suppress(PackageRefused):
        read(data)


def rpm(data: bytes) -> object:
    return read_rpm(RPM, Bytes(data))


def dsc(data: bytes) -> object:
    return read_dsc(DSC, Bytes(data))


def changes(data: bytes) -> object:
    return read_changes(CHANGES, Bytes(data))


@given(st.dictionaries(FIELD_NAMES, LINES, max_size=5), ENDINGS)
def test_every_field_of_a_deb_is_found_as_it_stands(fields: dict[str, str], ending: str) -> None:
    fields = {name.lower(): value.strip(" \t") for name, value in fields.items()}

    found = deb(a_deb(fields, ending)).control

    assert dict(found) == {**CONTROL, **fields}


@given(LINES.filter(lambda line: line.strip(" \t")))
def test_every_further_line_of_a_field_is_found_as_it_stands(line: str) -> None:
    found = deb(a_deb({"X-Text": f"first\n {line}\n\t{line}"})).control

    assert found.get("X-Text") == f"first\n {line}\n\t{line}"


@given(st.lists(PATHS, min_size=1, max_size=8, unique=True), TEXTS, LINES)
def test_every_text_of_an_rpm_is_found_as_it_stands(paths: list[str], text: str, line: str) -> None:
    cells = {
        **tags_of(),
        **files_of(*((path, 0o100644, 0) for path in paths)),
        **stated(REQUIRES, (f"n{line}", 0, "")),
        **log((1, f"n{line}".rstrip(), text)),
        Tag.DESCRIPTION: translated(text),
    }

    found = read_rpm(RPM, Bytes(an_rpm(cells)))

    assert [file.path for file in found.files] == paths
    assert [entry.name for entry in found.requires] == [f"n{line}"]
    assert found.description == text
    assert [(change.author, change.text) for change in found.changelog] == [
        (f"n{line}".rstrip(), text)
    ]


@given(st.binary(max_size=60).filter(lambda raw: 0 not in raw))
def test_bytes_of_any_kind_become_text_or_are_refused(raw: bytes) -> None:
    read_or_refuse(rpm, an_rpm({**tags_of(), Tag.VENDOR: strings(raw)}))


@examples(300)
@given(ENDINGS, EDITS)
def test_a_damaged_deb_is_read_or_refused(ending: str, edits: list[tuple[int, int]]) -> None:
    read_or_refuse(deb, edited(a_deb(ending=ending), edits))


@examples(300)
@given(EDITS)
def test_a_damaged_control_file_is_read_or_refused(edits: list[tuple[int, int]]) -> None:
    control = edited(a_paragraph(CONTROL), edits)

    read_or_refuse(deb, an_ar(VERSION, control_archive(control), DATA))


@examples(300)
@given(st.sampled_from([a_dsc(), a_changes(), clearsigned(a_dsc())]), EDITS)
def test_a_damaged_list_is_read_or_refused(document: bytes, edits: list[tuple[int, int]]) -> None:
    damaged = edited(document, edits)

    read_or_refuse(dsc, damaged)
    read_or_refuse(changes, damaged)


@examples(500)
@given(st.sampled_from([an_rpm(), an_old_rpm(), wrapped(a_header(tags_of()), {})]), EDITS)
def test_a_damaged_rpm_is_read_or_refused(data: bytes, edits: list[tuple[int, int]]) -> None:
    """Most edits meet the index, where offsets, counts and types are."""
    read_or_refuse(rpm, edited(data, [(at % 1200, value) for at, value in edits]))


@given(st.binary(max_size=400), st.sampled_from([b"", b"!<arch>\n", b"\xed\xab\xee\xdb", b"A: "]))
def test_random_bytes_are_read_or_refused(data: bytes, front: bytes) -> None:
    for read in (deb, rpm, dsc, changes):
        read_or_refuse(read, front + data)


@given(st.lists(VERSIONS))
def test_keys_of_whatever_versions_can_be_sorted(versions: list[str]) -> None:
    for order in (debian_order, lambda version: rpm_order("", version, version)):
        assert sorted(map(order, versions)) == sorted(map(order, reversed(versions)))


@given(VERSIONS.filter(is_debian_version))
def test_no_revision_is_the_revision_0(version: str) -> None:
    same = version if "-" in version else f"{version}-0"

    assert debian_order(same) == debian_order(version)


@given(st.sampled_from(list(tags_of())))
def test_a_header_that_lacks_a_tag_is_read_or_refused(tag: int) -> None:
    cells = {other: cell for other, cell in tags_of().items() if other != tag}

    read_or_refuse(rpm, an_rpm(cells))
