"""Records of rpms, read back by a parser of XML."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.package_values import SUMS, a_placed, an_rpm
from filemanager.domain.repositories.package import (
    SOURCE,
    Rpm,
    RpmChange,
    RpmEntry,
    RpmFile,
    RpmFileKind,
)
from filemanager.indexes.yum.documents import YumDocument, head, tail
from filemanager.indexes.yum.records import YumRecord, packed, record, unpacked

PLACED = a_placed("Packages/tiny-1.0-1.noarch.rpm")
RPM = "{http://linux.duke.edu/metadata/rpm}"
COMMON = "{http://linux.duke.edu/metadata/common}"
FILELISTS = "{http://linux.duke.edu/metadata/filelists}"
OTHER = "{http://linux.duke.edu/metadata/other}"

KINDS = (
    "provides",
    "requires",
    "conflicts",
    "obsoletes",
    "suggests",
    "enhances",
    "recommends",
    "supplements",
)

fit = st.characters(codec="utf-8", min_codepoint=0x20, exclude_characters="\ufffe\uffff")
hostile = st.text(st.one_of(st.sampled_from("&<>\"'\t\r\n]\x7f\x85é图\U0001f600"), fit))


def parsed(document: YumDocument, text: bytes) -> ET.Element:
    """The only package of a document."""
    (package,) = ET.fromstring(head(document, 1) + text + tail(document))
    return package


def primary_of(rpm: Rpm) -> ET.Element:
    return parsed(YumDocument.PRIMARY, record(rpm, PLACED).primary)


def text_of(package: ET.Element, path: str) -> str:
    found = package.find(path)
    assert found is not None, path
    return found.text or ""


def attributes_of(package: ET.Element, path: str) -> list[dict[str, str]]:
    return [found.attrib for found in package.findall(path)]


def test_a_primary_record_is_what_createrepo_c_writes() -> None:
    rpm = an_rpm(
        provides=(RpmEntry("tiny", "EQ", "0", "1.0", "1"),),
        requires=(RpmEntry("/bin/sh", is_pre=True),),
        files=(
            RpmFile("/etc/tiny", RpmFileKind.DIRECTORY),
            RpmFile("/usr/share/tiny", RpmFileKind.FILE),
        ),
    )

    assert record(rpm, PLACED).primary.decode() == (
        '<package type="rpm">\n'
        "<name>tiny</name>\n"
        "<arch>noarch</arch>\n"
        '<version epoch="0" ver="1.0" rel="1"/>\n'
        f'<checksum type="sha256" pkgid="YES">{SUMS.sha256}</checksum>\n'
        "<summary>A tiny package</summary>\n"
        "<description>Nothing in it.</description>\n"
        "<packager></packager>\n"
        "<url></url>\n"
        '<time file="1700000000" build="1700000000"/>\n'
        '<size package="1234" installed="10" archive="124"/>\n'
        '<location href="Packages/tiny-1.0-1.noarch.rpm"/>\n'
        "<format>\n"
        "<rpm:license>MIT</rpm:license>\n"
        "<rpm:vendor></rpm:vendor>\n"
        "<rpm:group>Unspecified</rpm:group>\n"
        "<rpm:buildhost>builder</rpm:buildhost>\n"
        "<rpm:sourcerpm>tiny-1.0-1.src.rpm</rpm:sourcerpm>\n"
        '<rpm:header-range start="4504" end="6164"/>\n'
        "<rpm:provides>\n"
        '<rpm:entry name="tiny" flags="EQ" epoch="0" ver="1.0" rel="1"/>\n'
        "</rpm:provides>\n"
        "<rpm:requires>\n"
        '<rpm:entry name="/bin/sh" pre="1"/>\n'
        "</rpm:requires>\n"
        '<file type="dir">/etc/tiny</file>\n'
        "</format>\n"
        "</package>\n"
    )


def test_every_kind_of_dependency_has_its_place() -> None:
    package = primary_of(an_rpm(**{kind: (RpmEntry(f"by-{kind}"),) for kind in KINDS}))

    form = package.find(f"{COMMON}format")
    assert form is not None
    found = [(part.tag, part[0].attrib) for part in form if len(part)]
    assert found == [(f"{RPM}{kind}", {"name": f"by-{kind}"}) for kind in KINDS]


def test_a_version_without_a_comparison_is_not_told() -> None:
    loose = RpmEntry("loose", None, "0", "1.0", "1")

    package = primary_of(an_rpm(conflicts=(loose, replace(loose, flags="LT", release=None))))

    assert attributes_of(package, f".//{RPM}conflicts/{RPM}entry") == [
        {"name": "loose"},
        {"name": "loose", "flags": "LT", "epoch": "0", "ver": "1.0"},
    ]


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("/etc/passwd", True),
        ("/usr/bin/tiny", True),
        ("/sbin/tiny", True),
        ("/opt/bin/tiny", True),
        ("/usr/lib/sendmail", True),
        ("/usr/lib/sendmail2", False),
        ("/etc", False),
        ("/usr/share/doc/etc/x", False),
        ("/usr/bin", False),
    ],
)
def test_primary_names_the_files_that_others_require(path: str, *, is_found: bool) -> None:
    package = primary_of(an_rpm(files=(RpmFile(path, RpmFileKind.FILE),)))

    assert len(package.findall(f".//{COMMON}file")) == is_found


def test_all_files_are_listed_with_their_kinds() -> None:
    files = tuple(RpmFile(f"/{kind}", kind) for kind in RpmFileKind)

    package = parsed(YumDocument.FILELISTS, record(an_rpm(files=files), PLACED).filelists)

    assert package.attrib == {"pkgid": SUMS.sha256, "name": "tiny", "arch": "noarch"}
    assert attributes_of(package, f"{FILELISTS}version") == [
        {"epoch": "0", "ver": "1.0", "rel": "1"}
    ]
    assert [(file.text, file.get("type")) for file in package.findall(f"{FILELISTS}file")] == [
        ("/file", None),
        ("/dir", "dir"),
        ("/ghost", "ghost"),
    ]


def test_changes_are_told_in_their_order() -> None:
    changes = (RpmChange("A <a@example.org> - 1", 5, "- old"), RpmChange("B", 6, "- new\n- two"))

    package = parsed(YumDocument.OTHER, record(an_rpm(changelog=changes), PLACED).other)

    assert package.attrib == {"pkgid": SUMS.sha256, "name": "tiny", "arch": "noarch"}
    assert [
        (change.get("author"), change.get("date"), change.text)
        for change in package.findall(f"{OTHER}changelog")
    ] == [("A <a@example.org> - 1", "5", "- old"), ("B", "6", "- new\n- two")]


def test_what_is_built_from_is_of_the_architecture_src() -> None:
    made = record(an_rpm(arch=SOURCE), PLACED)

    assert b"<arch>src</arch>" in made.primary
    assert b'arch="src"' in made.filelists
    assert b'arch="src"' in made.other


def test_an_epoch_is_told_as_it_is() -> None:
    package = primary_of(an_rpm(epoch="3"))

    assert attributes_of(package, f"{COMMON}version") == [{"epoch": "3", "ver": "1.0", "rel": "1"}]


def test_a_percent_sign_in_a_name_is_one_in_its_url() -> None:
    made = record(an_rpm(), a_placed("Packages/tiny-3%3a1.0-1.noarch.rpm"))

    assert b'href="Packages/tiny-3%253a1.0-1.noarch.rpm"' in made.primary


@given(hostile)
def test_whatever_a_header_holds_comes_back(text: str) -> None:
    rpm = an_rpm(
        name=text,
        description=text,
        requires=(RpmEntry(text, "EQ", "0", text or None, text or None),),
        files=(RpmFile(f"/etc/{text}", RpmFileKind.FILE),),
        changelog=(RpmChange(text, 1, text),),
    )

    made = record(rpm, PLACED)

    primary = parsed(YumDocument.PRIMARY, made.primary)
    assert text_of(primary, f"{COMMON}name") == text
    assert text_of(primary, f"{COMMON}description") == text
    assert attributes_of(primary, f".//{RPM}entry")[0].get("ver", "") == text
    assert text_of(primary, f".//{COMMON}file") == f"/etc/{text}"
    filelists = parsed(YumDocument.FILELISTS, made.filelists)
    assert (filelists.get("name"), text_of(filelists, f"{FILELISTS}file")) == (text, f"/etc/{text}")
    other = parsed(YumDocument.OTHER, made.other)
    assert attributes_of(other, f"{OTHER}changelog") == [{"author": text, "date": "1"}]
    assert text_of(other, f"{OTHER}changelog") == text


def test_characters_that_no_xml_holds_are_left_out() -> None:
    unfit = "\0\x01\x08\x0b\x0c\x0e\x1f\ud800\udfff\ufffe\uffff"

    package = primary_of(an_rpm(name=f"a{unfit}b", summary=unfit, url="\x7f\x85"))

    assert text_of(package, f"{COMMON}name") == "ab"
    assert text_of(package, f"{COMMON}summary") == ""
    assert text_of(package, f"{COMMON}url") == "\x7f\x85"


def test_three_pieces_are_kept_as_one() -> None:
    made = record(an_rpm(summary="\0"), PLACED)

    assert unpacked(packed(*made)) == made == YumRecord(*made)
