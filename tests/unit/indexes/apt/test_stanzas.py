"""Stanzas of binary and source packages."""

from hashlib import md5

import pytest

from builders.package_values import SUMS, a_deb, a_dsc, a_listed, a_placed
from filemanager.indexes.apt.stanzas import binary, moved, source

DEB = a_placed("pool/bookworm/main/t/tiny/tiny_1.0_all.deb")
DSC = a_placed("pool/bookworm/main/t/tiny/tiny_1.0.dsc")


def test_a_binary_package_is_its_control_and_its_file() -> None:
    deb = a_deb(("Depends", "libc6 (>= 2.36)"), ("Description", "tiny\n A long\n .\n story."))

    assert binary(deb, DEB).decode() == (
        "Package: tiny\n"
        "Version: 1.0\n"
        "Architecture: all\n"
        "Depends: libc6 (>= 2.36)\n"
        "Description: tiny\n"
        " A long\n"
        " .\n"
        " story.\n"
        "Filename: pool/bookworm/main/t/tiny/tiny_1.0_all.deb\n"
        "Size: 1234\n"
        f"MD5sum: {SUMS.md5}\n"
        f"SHA1: {SUMS.sha1}\n"
        f"SHA256: {SUMS.sha256}\n"
        "\n"
    )


@pytest.mark.parametrize(
    "field",
    ["Filename", "size", "MD5Sum", "sha1", "SHA256", "SHA512", "Checksum-FileSize", "FileTime"],
)
def test_a_package_has_no_say_in_what_its_file_is(field: str) -> None:
    assert binary(a_deb((field, "0" * 128)), DEB) == binary(a_deb(), DEB)


def test_a_package_does_not_pass_itself_off_as_installed() -> None:
    assert binary(a_deb(("Status", "install ok installed")), DEB) == binary(a_deb(), DEB)


def test_fields_keep_their_spelling_and_their_characters() -> None:
    deb = a_deb(("X-Custom", "a & b < c"), ("Maintainer", "Jürgen Ŝanĝo <j@example.org>"))

    stanza = binary(deb, DEB).decode()

    assert "\nX-Custom: a & b < c\nMaintainer: Jürgen Ŝanĝo <j@example.org>\n" in stanza


def test_no_line_ends_in_a_blank() -> None:
    stanza = binary(a_deb(("Enhances", ""), ("Conffiles", "\n /etc/tiny 0123")), DEB).decode()

    assert "\nEnhances:\nConffiles:\n /etc/tiny 0123\nFilename: " in stanza


def test_a_source_package_lists_its_dsc_before_its_files() -> None:
    dsc = a_dsc(
        ("Binary", "tiny"),
        ("Files", "\n of no matter"),
        ("Checksums-Sha256", "\n of no matter"),
        files=(a_listed("tiny_1.0.tar.xz"), a_listed("tiny_1.0.tar.xz.asc", sha1=None)),
    )

    assert source(dsc, DSC, "pool/bookworm/main/t/tiny").decode() == (
        "Package: tiny\n"
        "Format: 3.0 (native)\n"
        "Version: 1.0\n"
        "Binary: tiny\n"
        "Directory: pool/bookworm/main/t/tiny\n"
        "Files:\n"
        f" {SUMS.md5} 1234 tiny_1.0.dsc\n"
        f" {'d' * 32} 5 tiny_1.0.tar.xz\n"
        f" {'d' * 32} 5 tiny_1.0.tar.xz.asc\n"
        "Checksums-Sha1:\n"
        f" {SUMS.sha1} 1234 tiny_1.0.dsc\n"
        f" {'e' * 40} 5 tiny_1.0.tar.xz\n"
        "Checksums-Sha256:\n"
        f" {SUMS.sha256} 1234 tiny_1.0.dsc\n"
        f" {'f' * 64} 5 tiny_1.0.tar.xz\n"
        f" {'f' * 64} 5 tiny_1.0.tar.xz.asc\n"
        "\n"
    )


@pytest.mark.parametrize(
    "field", ["Package", "Directory", "Checksums-Sha512", "checksums-md5", "FileTime", "Status"]
)
def test_a_dsc_has_no_say_in_what_nobody_compared(field: str) -> None:
    told = a_dsc((field, md5(field.encode(), usedforsecurity=False).hexdigest()))

    assert source(told, DSC, "pool") == source(a_dsc(), DSC, "pool")


ELSEWHERE = "pool/trixie/main/t/tiny"


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("Directory", "pool/of/its/own"),),
        (("Description", "tiny\n Filename: pool/x/y.deb\n Directory: z"),),
        (("X-Path", r"C:\1\g<1>"),),
    ],
)
def test_a_binary_package_moves_by_its_file_alone(fields: tuple[tuple[str, str], ...]) -> None:
    deb = a_deb(*fields)
    there = binary(deb, a_placed(f"{ELSEWHERE}/tiny_1.0_all.deb"))

    assert moved(binary(deb, DEB), ELSEWHERE, is_source=False) == there != binary(deb, DEB)


@pytest.mark.parametrize(
    "fields", [(), (("Filename", "x"),), (("Package-List", "\n Directory: x"),)]
)
def test_a_source_package_moves_by_its_directory_alone(fields: tuple[tuple[str, str], ...]) -> None:
    dsc = a_dsc(*fields, files=(a_listed("tiny_1.0.tar.xz"),))
    here = source(dsc, DSC, "pool/bookworm/main/t/tiny")

    there = source(dsc, a_placed(f"{ELSEWHERE}/tiny_1.0.dsc"), ELSEWHERE)

    assert moved(here, ELSEWHERE, is_source=True) == there != here
