"""Packages of rpm: what the index needs, and the name of the file."""

from collections.abc import Mapping

import pytest

from builders.in_memory import Bytes
from builders.rpms import (
    LEAD,
    PAYLOAD,
    Cell,
    a_header,
    a_new_rpm,
    an_old_rpm,
    an_rpm,
    files_of,
    int16,
    int32,
    int64,
    strings,
    tags_of,
    translated,
    wrapped,
)
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.tags import SignatureTag, Tag
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.package import SOURCE, Rpm, RpmFile, RpmFileKind
from unit.archives.packages.refused import RPM, why


def rpm(data: bytes, file_name: str = RPM) -> Rpm:
    return read_rpm(file_name, Bytes(data))


def with_tags(more: Mapping[int, Cell]) -> bytes:
    return an_rpm({**tags_of(), **more})


def without(*tags: int) -> bytes:
    return an_rpm({tag: cell for tag, cell in tags_of().items() if tag not in tags})


def test_a_package_is_what_its_header_says() -> None:
    found = rpm(an_rpm())

    assert (found.name, found.epoch, found.version, found.release) == ("tiny", "0", "1.0", "1")
    assert (found.arch, found.source_rpm) == ("x86_64", "tiny-1.0-1.src.rpm")
    assert (found.summary, found.description) == (
        "A tiny package",
        "It does nothing.\nIt does it well.",
    )
    assert (found.vendor, found.license, found.group) == ("Example", "MIT", "Unspecified")
    assert (found.packager, found.url) == (
        "Ann Other <ann@example.org>",
        "https://example.org/tiny",
    )
    assert (found.build_host, found.built_at) == ("builder.example.org", 1_700_000_000)
    assert (found.installed_bytes, found.archive_bytes) == (42, 1234)


def test_the_main_header_is_where_it_says() -> None:
    data = an_rpm()

    found = rpm(data)

    assert data[found.header_start :].startswith(b"\x8e\xad\xe8\x01")
    assert found.header_start % 8 == 0
    assert data[found.header_end :].startswith(b"\x1f\x8b")


def test_files_are_directories_ghosts_or_files() -> None:
    files = files_of(
        ("/usr/bin/a&b", 0o100755, 0),
        ("/usr/share/é\n日", 0o120777, 2),
        ("/var/log/tiny", 0o100644, 1 << 6),
        ("/var/lib/tiny", 0o040755, 1 << 6),
    )

    assert rpm(with_tags(files)).files == (
        RpmFile("/usr/bin/a&b", RpmFileKind.FILE),
        RpmFile("/usr/share/é\n日", RpmFileKind.FILE),
        RpmFile("/var/log/tiny", RpmFileKind.GHOST),
        RpmFile("/var/lib/tiny", RpmFileKind.DIRECTORY),
    )


@pytest.mark.parametrize(
    "more",
    [
        {Tag.DIRECTORY_INDEXES: int32(0, 2)},
        {Tag.DIRECTORY_INDEXES: int32(0, 2**32 - 1)},
        {Tag.DIRECTORY_INDEXES: int32(0)},
        {Tag.DIRECTORY_NAMES: strings()},
        {Tag.BASE_NAMES: strings("tiny", "tiny", "tiny")},
    ],
)
def test_each_file_lies_in_a_directory_that_is_named(more: dict[int, Cell]) -> None:
    refusal = why(lambda: rpm(with_tags(more)))

    assert refusal == "its header has files in directories that it does not name"


@pytest.mark.parametrize(
    "more",
    [{Tag.FILE_MODES: int16(1)}, {Tag.FILE_FLAGS: int32()}, {Tag.FILE_FLAGS: int32(0, 0, 0)}],
)
def test_each_file_has_a_mode_and_flags(more: dict[int, Cell]) -> None:
    refusal = why(lambda: rpm(with_tags(more)))

    assert refusal == "its header has more paths than modes or flags of files, or fewer"


def test_paths_are_bounded_together() -> None:
    """A directory has its name once, however many files are in it."""
    count = 40_000
    files: dict[int, Cell] = {
        Tag.BASE_NAMES: strings(*["a"] * count),
        Tag.DIRECTORY_NAMES: strings("/" + "d" * 1000 + "/"),
        Tag.DIRECTORY_INDEXES: int32(*[0] * count),
    }

    assert why(lambda: rpm(with_tags(files))) == "its paths have more than 33554432 characters"


def test_a_package_may_have_no_files() -> None:
    none = without(*(tag for tag in files_of(("/a", 0, 0))))

    assert rpm(none).files == ()


def test_sizes_of_4_gib_and_more_have_tags_of_their_own() -> None:
    data = an_rpm(
        {**tags_of(), Tag.LONG_SIZE: int64(1 << 33)},
        {SignatureTag.LONG_ARCHIVE_SIZE: int64(1 << 34)},
    )

    found = rpm(data)

    assert (found.installed_bytes, found.archive_bytes) == (1 << 33, 1 << 34)


def test_sizes_that_are_not_there_are_zero() -> None:
    cells = {tag: cell for tag, cell in tags_of().items() if tag != Tag.SIZE}

    found = rpm(wrapped(a_header(cells), {}))

    assert (found.installed_bytes, found.archive_bytes) == (0, 0)


def test_the_size_of_the_archive_may_be_in_the_main_header() -> None:
    main = a_header({**tags_of(), Tag.ARCHIVE_SIZE: int32(99)})

    assert rpm(wrapped(main, {})).archive_bytes == 99


@pytest.mark.parametrize("data", [an_rpm()[:-1], an_rpm() + b"x"])
def test_a_package_that_is_cut_off_is_refused(data: bytes) -> None:
    refusal = why(lambda: rpm(data))

    assert refusal == f"it has {len(data)} bytes and speaks of {len(an_rpm())}"


def test_a_large_package_says_its_length_with_another_tag() -> None:
    main = a_header(tags_of())
    length = len(main) + len(PAYLOAD)

    assert rpm(wrapped(main, {SignatureTag.LONG_SIZE: int64(length)})).name == "tiny"
    assert "speaks of" in why(lambda: rpm(wrapped(main, {SignatureTag.LONG_SIZE: int64(1 << 33)})))


def test_an_end_anywhere_in_front_of_the_payload_is_refused() -> None:
    whole = an_rpm()

    for length in range(rpm(whole).header_end):
        with pytest.raises(PackageRefused):
            rpm(whole[:length])


@pytest.mark.parametrize(
    "data", [b"", b"junk text\n" * 100, b"\xed\xab\xee\xdb", LEAD, LEAD + bytes(99)]
)
def test_anything_else_is_no_rpm(data: bytes) -> None:
    assert why(lambda: rpm(data)) in ("it is no rpm", "no header is where one should begin")


def test_the_format_3_is_read() -> None:
    found = rpm(an_old_rpm())

    assert [file.path for file in found.files] == ["/usr/bin/tiny", "/usr/share/tiny"]
    assert (found.source_rpm, found.installed_bytes) == ("tiny-1.0-1.src.rpm", 42)


def test_the_format_6_is_refused_by_name() -> None:
    assert why(lambda: rpm(a_new_rpm())) == (
        "it is in version 6 of rpm's format, of which 3 and 4 are taken"
    )


@pytest.mark.parametrize("form", [3, 4])
def test_a_format_that_is_named_may_be_an_older_one(form: int) -> None:
    assert rpm(with_tags({Tag.FORMAT: int32(form)})).name == "tiny"


def test_a_package_that_others_are_built_from_is_a_source() -> None:
    cells = {tag: cell for tag, cell in tags_of().items() if tag != Tag.SOURCE_RPM}
    data = an_rpm({**cells, Tag.SOURCE_PACKAGE: int32(1)})

    found = rpm(data, "tiny-1.0-1.src.rpm")

    assert (found.arch, found.source_rpm) == (SOURCE, "")
    assert why(lambda: rpm(data)) == (
        "the file of the package that it holds is called 'tiny-1.0-1.src.rpm'"
    )


def test_an_old_source_says_so_in_its_lead_alone() -> None:
    data = bytearray(without(Tag.SOURCE_RPM))
    data[7] = 1

    found = rpm(bytes(data), "tiny-1.0-1.src.rpm")

    assert (found.arch, found.source_rpm) == (SOURCE, "")


def test_a_package_that_names_its_source_is_none_whatever_its_lead_says() -> None:
    data = bytearray(an_rpm())
    data[7] = 1

    assert rpm(bytes(data)).arch == "x86_64"


def test_a_binary_package_is_no_source_to_clients_even_if_it_names_none() -> None:
    assert rpm(without(Tag.SOURCE_RPM)).source_rpm == "(none)"


@pytest.mark.parametrize("arch", ["x86_64", "aarch64", "noarch"])
def test_packages_for_some_architectures_are_taken(arch: str) -> None:
    assert rpm(an_rpm(tags_of(arch=arch)), f"tiny-1.0-1.{arch}.rpm").arch == arch


@pytest.mark.parametrize("arch", ["i686", "ppc64le", "src", "nosrc", "source", "", "../x86_64"])
def test_packages_for_others_are_refused(arch: str) -> None:
    refusal = why(lambda: rpm(an_rpm(tags_of(arch=arch))))

    assert refusal == f"rpms for '{arch}' are not taken"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (tags_of(name="a&b"), "'a&b' is no name that an rpm here may have"),
        (tags_of(name="../evil"), "'../evil' is no name that an rpm here may have"),
        (tags_of(name=""), "'' is no name that an rpm here may have"),
        (tags_of(version="1-2"), "'1-2' is no version or release of an rpm"),
        (tags_of(release="1/2"), "'1/2' is no version or release of an rpm"),
        (tags_of(release=""), "'' is no version or release of an rpm"),
    ],
)
def test_names_and_versions_fit_into_a_file_name(tags: dict[int, Cell], expected: str) -> None:
    assert why(lambda: rpm(an_rpm(tags))) == expected


@pytest.mark.parametrize("tag", [Tag.NAME, Tag.VERSION, Tag.RELEASE, Tag.ARCH])
def test_what_names_a_package_must_be_there(tag: Tag) -> None:
    assert "''" in why(lambda: rpm(without(tag)))


@pytest.mark.parametrize("file_name", [RPM, "tiny-3%3a1.0-1.x86_64.rpm"])
def test_an_epoch_is_left_out_of_a_name_or_written_in_it(file_name: str) -> None:
    found = rpm(with_tags({Tag.EPOCH: int32(3)}), file_name)

    assert (found.epoch, found.full_version) == ("3", "3:1.0-1")


@pytest.mark.parametrize(
    "file_name",
    ["Tiny-1.0-1.x86_64.rpm", "tiny-1.0-2.x86_64.rpm", "tiny-1.0-1.noarch.rpm", "tiny.rpm",
     "tiny-1.0-1.src.rpm", "tiny-3%3a1.0-1.x86_64.rpm"],
)  # fmt: skip
def test_another_name_is_refused_with_both(file_name: str) -> None:
    with pytest.raises(PackageRefused) as refusal:
        rpm(an_rpm(), file_name)

    assert refusal.value.file == file_name
    assert refusal.value.why == f"the file of the package that it holds is called '{RPM}'"


@pytest.mark.parametrize("tag", [Tag.SUMMARY, Tag.DESCRIPTION, Tag.URL, Tag.VENDOR])
def test_text_that_no_index_can_hold_is_refused(tag: Tag) -> None:
    refusal = why(lambda: rpm(with_tags({tag: translated("bell\x07")})))

    assert refusal == "its header holds a character that no index can"
