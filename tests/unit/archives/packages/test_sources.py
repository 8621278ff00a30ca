"""``.dsc`` and ``.changes``: the files that they list, and what must agree."""

import hashlib
from collections.abc import Callable, Mapping

import pytest

from builders.debian import CONTROL, FILES, a_changes, a_dsc, clearsigned, listed
from builders.in_memory import Bytes
from filemanager.archives.packages.sources import read_changes, read_dsc
from filemanager.domain.repositories.package import DebChanges, DebSource, ListedFile
from unit.archives.packages.refused import CHANGES, DSC, why

ORIG, DEBIAN = FILES
KINDS = ("md5", "sha1", "sha256")
SUMS = [
    ListedFile(
        name=name,
        size_bytes=len(data),
        **{kind: hashlib.new(kind, data).hexdigest() for kind in KINDS},
    )
    for name, data in FILES.items()
]


def dsc(data: bytes, file_name: str = DSC) -> DebSource:
    return read_dsc(file_name, Bytes(data))


def changes(data: bytes) -> DebChanges:
    return read_changes(CHANGES, Bytes(data))


def without(field: str, document: bytes) -> bytes:
    """*document* with another name for a field."""
    return document.replace(f"{field}:".encode(), f"X-{field}:".encode())


@pytest.mark.parametrize("document", [a_dsc(), clearsigned(a_dsc())])
def test_a_source_package_is_what_its_dsc_says(document: bytes) -> None:
    found = dsc(document)

    assert (found.name, found.version, list(found.files)) == ("tiny", "1.0-1", SUMS)
    assert found.control.get("Format") == "3.0 (quilt)"


@pytest.mark.parametrize("document", [a_changes(), clearsigned(a_changes())])
def test_an_upload_is_what_its_changes_say(document: bytes) -> None:
    found = changes(document)

    assert (found.source, found.version, list(found.files)) == ("tiny", "1.0-1", SUMS)
    assert found.control.get("Distribution") == "bookworm"


def test_changes_of_another_version_than_their_source_name_it_too() -> None:
    found = changes(a_changes({"Source": "tiny (1.0-1)", "Version": "1.0-1+b1"}))

    assert (found.source, found.version) == ("tiny", "1.0-1+b1")


def test_a_checksum_that_is_not_there_is_none() -> None:
    (first, _) = dsc(without("Checksums-Sha1", without("Files", a_dsc()))).files

    assert (first.md5, first.sha1, first.sha256) == (None, None, SUMS[0].sha256)


def test_changes_may_have_md5_alone() -> None:
    document = without("Checksums-Sha1", without("Checksums-Sha256", a_changes()))

    assert [file.sha256 for file in changes(document).files] == [None, None]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Source": "Tiny"}, "'Tiny' is no name of a Debian package"),
        ({"Source": "tiny (1.0-1)"}, "'tiny (1.0-1)' is no name of a Debian package"),
        ({"Source": ""}, "it has no field 'Source'"),
        ({"Version": "1.0/2"}, "'1.0/2' is no version of a Debian package"),
        ({"Version": "\n 1.0-1"}, "its field 'Version' has more than one line"),
    ],
)
def test_fields_of_a_dsc_are_as_policy_has_them(fields: dict[str, str], expected: str) -> None:
    assert why(lambda: dsc(a_dsc(fields))) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Source": "Tiny"}, "'Tiny' is no name of a Debian package"),
        ({"Source": "tiny 1.0-1"}, "'' is no name of a Debian package"),
        ({"Source": "tiny (1.0-1) x"}, "'' is no name of a Debian package"),
        ({"Version": "1_0"}, "'1_0' is no version of a Debian package"),
    ],
)
def test_fields_of_changes_are_as_policy_has_them(fields: dict[str, str], expected: str) -> None:
    assert why(lambda: changes(a_changes(fields))) == expected


def test_each_file_of_a_source_has_a_sha256() -> None:
    assert why(lambda: dsc(without("Checksums-Sha256", a_dsc()))) == (
        "it has no field 'Checksums-Sha256'"
    )


def test_lists_are_not_left_out_altogether() -> None:
    fields = {"Source": "tiny", "Version": "1.0-1"}
    document = "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()

    assert why(lambda: dsc(document)) == "it lists no files"


SHA256 = hashlib.new("sha256", FILES[ORIG]).hexdigest()


@pytest.mark.parametrize(
    "line",
    [
        f"{SHA256} 23",
        f"{SHA256} 23 {ORIG} more",
        f"{SHA256} -1 {ORIG}",
        f"{SHA256} 0x17 {ORIG}",
        f"{SHA256} {'9' * 16} {ORIG}",
        f"{SHA256.upper()} 23 {ORIG}",
        f"{SHA256[1:]} 23 {ORIG}",
        f"{SHA256} 23 ../{ORIG}",
        f"{SHA256} 23 /etc/passwd",
        f"{SHA256} 23 .hidden.tar.xz",
        f"{SHA256} 23 a&b.tar.xz",
        f"{SHA256} 23 é.tar.xz",
    ],
)
def test_a_line_of_a_list_that_cannot_be_read_is_refused(line: str) -> None:
    refusal = why(lambda: dsc(a_dsc({"Checksums-Sha256": f"\n {line}"})))

    assert refusal == "a line of its field 'Checksums-Sha256' cannot be read"


def test_a_list_begins_behind_its_first_line() -> None:
    refusal = why(lambda: dsc(a_dsc({"Checksums-Sha256": f"{SHA256} 23 {ORIG}\n {SHA256} 1 b"})))

    assert refusal == "a line of its field 'Checksums-Sha256' cannot be read"


def test_a_list_is_not_empty() -> None:
    assert why(lambda: dsc(a_dsc({"Files": ""}))) == "its field 'Files' is empty"


def test_a_list_names_a_file_once() -> None:
    twice = listed("sha256", FILES) + listed("sha256", {ORIG: FILES[ORIG]})

    assert why(lambda: dsc(a_dsc({"Checksums-Sha256": twice}))) == (
        f"its field 'Checksums-Sha256' names '{ORIG}' twice"
    )


@pytest.mark.parametrize(
    "files",
    [
        {ORIG: FILES[ORIG]},
        {**FILES, "tiny_1.0.orig-doc.tar.gz": b"more"},
        {**FILES, ORIG: b"of another size"},
        {DEBIAN: FILES[DEBIAN], "other.tar.xz": FILES[ORIG]},
    ],
)
@pytest.mark.parametrize("field", ["Files", "Checksums-Sha1", "Checksums-Sha256"])
def test_lists_that_contradict_one_another_are_refused(
    field: str, files: Mapping[str, bytes]
) -> None:
    algorithm = "md5" if field == "Files" else field.removeprefix("Checksums-").lower()

    refusal = why(lambda: dsc(a_dsc({field: listed(algorithm, files)})))

    assert refusal == "its lists of files contradict one another"


@pytest.mark.parametrize("name", ["tiny_1.0-1_amd64.deb", "tiny_1.0-1.dsc", "tiny.git", "README"])
def test_a_source_consists_of_source_files(name: str) -> None:
    refusal = why(lambda: dsc(a_dsc(files={**FILES, name: b"x"})))

    assert refusal == f"it lists '{name}', which is no tarball, signature of one or diff"


def test_changes_list_whatever_was_built() -> None:
    names = ["tiny_1.0-1_amd64.deb", "tiny_1.0-1.dsc", "tiny_1.0-1_amd64.buildinfo"]

    found = changes(a_changes(files=dict.fromkeys(names, b"x")))

    assert [file.name for file in found.files] == names


def test_a_dsc_is_called_as_its_source_without_the_epoch() -> None:
    assert dsc(a_dsc({"Version": "2:1.0-1"})).version == "2:1.0-1"


@pytest.mark.parametrize("file_name", ["tiny_1.0-2.dsc", "Tiny_1.0-1.dsc", "tiny_2%3a1.0-1.dsc"])
def test_another_name_is_refused_with_both(file_name: str) -> None:
    refusal = why(lambda: dsc(a_dsc(), file_name))

    assert refusal == f"the .dsc of the source package that it describes is called '{DSC}'"


@pytest.mark.parametrize("read", [dsc, changes])
def test_a_document_is_bounded(read: Callable[[bytes], object]) -> None:
    assert why(lambda: read(bytes((4 << 20) + 1))) == "it has more than 4 MiB"


def test_a_control_file_is_no_dsc() -> None:
    text = "".join(f"{name}: {value}\n" for name, value in CONTROL.items())

    assert why(lambda: dsc(text.encode())) == "it has no field 'Source'"
