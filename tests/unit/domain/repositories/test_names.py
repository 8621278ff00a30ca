"""Which names are taken, and what files are called."""

import pytest

from filemanager.domain.repositories.names import (
    PackageFileKind,
    deb_file_names,
    dsc_file_name,
    is_debian_architecture,
    is_debian_name,
    is_debian_version,
    is_file_name,
    is_rpm_architecture,
    is_rpm_file_name,
    is_rpm_name,
    is_rpm_version,
    is_source_file,
    kind_of,
    rpm_file_names,
)


@pytest.mark.parametrize("name", ["tiny", "2to3", "0ad", "g++", "libstdc++6", "a.b-c", "lib.x"])
def test_a_debian_name_is_taken(name: str) -> None:
    assert is_debian_name(name)


@pytest.mark.parametrize(
    "name", ["", "a", "Tiny", "tinY", "-tiny", "+tiny", "ti_ny", "ti ny", "../evil", "tiny\n", "é2"]
)
def test_anything_else_is_no_debian_name(name: str) -> None:
    assert not is_debian_name(name)


@pytest.mark.parametrize(
    "version",
    ["0", "1.0", "1.0-1", "1:1.0-1", "1:2:3-1", "1.0~rc1", "1.0+b1-1~bpo12+1", "1-2-3",
     "2147483647:1"],
)  # fmt: skip
def test_a_debian_version_is_taken(version: str) -> None:
    assert is_debian_version(version)


@pytest.mark.parametrize(
    "version",
    ["", "v1.0", "-1", "1.0-", "1_0", "1.0/2", "1.0 2", "a:1", ":1", "1:", "1.0-1:2", "-1:1",
     "1.0\n", "2147483648:1", "99999999999:1", "1.0-1é", "..", "1.0&2"],
)  # fmt: skip
def test_anything_else_is_no_debian_version(version: str) -> None:
    assert not is_debian_version(version)


@pytest.mark.parametrize("arch", ["amd64", "arm64", "all", "kfreebsd-amd64", "x32"])
def test_an_architecture_of_debian_is_taken(arch: str) -> None:
    assert is_debian_architecture(arch)


@pytest.mark.parametrize(
    "arch", ["", "source", "any", "AMD64", "x86_64", "amd64 i386", "-a", "a/b"]
)
def test_anything_else_is_no_architecture_of_a_binary_package(arch: str) -> None:
    assert not is_debian_architecture(arch)


@pytest.mark.parametrize("name", ["tiny", "MySQL-server", "libstdc++", "python3.11", "a_b"])
def test_a_name_of_an_rpm_is_taken(name: str) -> None:
    assert is_rpm_name(name)


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "../a", "a&b", "é", "a\n", "a%b"])
def test_anything_else_is_no_name_of_an_rpm(name: str) -> None:
    assert not is_rpm_name(name)


@pytest.mark.parametrize("version", ["1", "1.0", "1.0~rc1", "1.0^git1", "1_0", "1.el9", "a"])
def test_a_version_of_an_rpm_is_taken(version: str) -> None:
    assert is_rpm_version(version)


@pytest.mark.parametrize("version", ["", "1-1", "1:1", "1/1", "1 1", "1&", "1\n"])
def test_anything_else_is_no_version_of_an_rpm(version: str) -> None:
    assert not is_rpm_version(version)


def test_a_source_is_no_architecture_of_a_binary_rpm() -> None:
    found = [
        arch for arch in ("x86_64", "aarch64", "noarch", "src", "i686") if is_rpm_architecture(arch)
    ]

    assert found == ["x86_64", "aarch64", "noarch"]


@pytest.mark.parametrize("ending", ["x86_64.rpm", "aarch64.rpm", "noarch.rpm", "src.rpm"])
def test_a_file_of_an_rpm_says_what_it_is_for(ending: str) -> None:
    assert is_rpm_file_name(f"tiny-1.0-1.{ending}")


@pytest.mark.parametrize("ending", ["i686.rpm", "nosrc.rpm", "rpm", ".rpm", "x86_64", "X86_64.rpm"])
def test_another_file_is_of_no_rpm_that_is_taken(ending: str) -> None:
    assert not is_rpm_file_name(f"tiny-1.0-1.{ending}")


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("a_1_all.deb", PackageFileKind.DEB),
        ("a-dbgsym_1_amd64.ddeb", PackageFileKind.DDEB),
        ("a_1_amd64.udeb", PackageFileKind.UDEB),
        ("a_1.dsc", PackageFileKind.DSC),
        ("a_1_amd64.changes", PackageFileKind.CHANGES),
        ("a_1_amd64.buildinfo", PackageFileKind.BUILDINFO),
        ("a-1-1.noarch.rpm", PackageFileKind.RPM),
        ("a_1.orig.tar.xz", PackageFileKind.SOURCE),
        ("a_1.orig.tar.xz.asc", PackageFileKind.SOURCE),
        ("a_1-1.diff.gz", PackageFileKind.SOURCE),
        ("a_1.source file", None),
        ("a.deb.txt", None),
        ("a.DEB", None),
        ("deb", None),
        ("", None),
    ],
)
def test_a_name_tells_what_a_file_is(file_name: str, kind: PackageFileKind | None) -> None:
    assert kind_of(file_name) is kind


@pytest.mark.parametrize("ending", ["gz", "xz", "bz2", "zst"])
def test_a_tarball_and_its_signature_are_source_files(ending: str) -> None:
    assert is_source_file(f"a_1.tar.{ending}")
    assert is_source_file(f"a_1.tar.{ending}.asc")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.lzma", "a.asc", "a.diff.xz", "a.gz", "a.git"])
def test_anything_else_is_no_source_file(name: str) -> None:
    assert not is_source_file(name)


@pytest.mark.parametrize("name", ["a_1.dsc", "a_1%3a2_all.deb", "A-1^2~3+4.rpm", "a" * 255])
def test_one_segment_is_a_file_name(name: str) -> None:
    assert is_file_name(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "a\n", "a&b", "é.deb", "-a", "a" * 256]
)
def test_anything_else_is_no_file_name(name: str) -> None:
    assert not is_file_name(name)


def test_an_epoch_is_left_out_of_a_file_name_or_written_as_apt_does() -> None:
    assert deb_file_names("a", "1:2-3", "all") == ("a_2-3_all.deb", "a_1%3a2-3_all.deb")
    assert deb_file_names("a", "2-3", "all") == ("a_2-3_all.deb",)
    assert deb_file_names("a", "1:2:3", "all") == ("a_2%3a3_all.deb", "a_1%3a2%3a3_all.deb")
    assert dsc_file_name("a", "1:2-3") == "a_2-3.dsc"
    assert rpm_file_names("a", "1:2-3", "src") == ("a-2-3.src.rpm", "a-1%3a2-3.src.rpm")
