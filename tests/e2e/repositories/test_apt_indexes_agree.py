"""Stanzas of packages beside those of apt-ftparchive and reprepro: equal for equal files."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from builders.in_memory import Bytes, MemoryScratch
from e2e.repositories.building import build_deb, build_source, run
from filemanager.archives.packages.deb import read_deb
from filemanager.archives.packages.sources import read_dsc
from filemanager.domain.repositories.package import Checksums, Placed
from filemanager.indexes.apt.stanzas import binary, source
from unit.archives.reading import a_budget

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

CONTROLS = {
    "plain": """\
Package: tiny
Version: 1.0-1
Architecture: amd64
Maintainer: Ann <ann@example.org>
Installed-Size: 12
Depends: libc6 (>= 2.36), tiny-data (= 1.0-1) | other
Recommends: more
Section: misc
Priority: optional
Homepage: https://example.org/?a=b&c=d
Description: a tiny package
 It has a longer story,
 .
   with lines that stand in:
   * <a> & b
""",
    "with an epoch, for all": """\
Package: lib+tiny.x-dev
Source: tiny (2.0)
Version: 3:2.0~rc1+dfsg-0.1
Architecture: all
Maintainer: Jürgen Ŝanĝo 图 <j@example.org>
Section: libdevel
Priority: extra
Multi-Arch: foreign
Provides: tiny-dev (= 2.0), other-dev
Breaks: tiny (<< 1.0)
Description: développement « rapide »
""",
    "with fields of its own": """\
Package: odd
Version: 1
Architecture: arm64
Maintainer: Ann <ann@example.org>
Section: misc
Priority: optional
x-lower-case: kept
X-Empty-First:
 then a line
 and another
Tag: role::program,
 works-with::text
Description: odd
""",
}

SOURCES = {
    "native": (
        """\
Source: tinysrc
Section: misc
Priority: optional
Maintainer: Jürgen <j@example.org>
Standards-Version: 4.6.2
Build-Depends: debhelper-compat (= 13)
Vcs-Git: https://example.org/?a=b&c=d

Package: tinysrc
Architecture: any
Description: one

Package: tinysrc-doc
Architecture: all
Section: doc
Description: another
""",
        "1:1.0",
        "3.0 (native)",
    ),
    "of the old format": (
        """\
Source: oldsrc
Section: misc
Priority: optional
Maintainer: Ann <ann@example.org>
Standards-Version: 4.6.2

Package: oldsrc
Architecture: all
Description: one
""",
        "1.0",
        "1.0",
    ),
}

LISTS = {"files", "checksums-sha1", "checksums-sha256"}
"""Of files, in no order."""

Fields = Mapping[str, str | frozenset[str]]


def fields_in(stanza: str) -> Fields:
    found: dict[str, str] = {}
    for line in stanza.splitlines():
        if line.startswith((" ", "\t")):
            found[list(found)[-1]] += f"\n{line}"
        else:
            name, _, value = line.partition(":")
            assert name.lower() not in found, name
            found[name.lower()] = value.strip()
    return {
        name: frozenset(value.split("\n")) - {""} if name in LISTS else value
        for name, value in found.items()
    }


def stanzas_in(index: str) -> list[Fields]:
    return [fields_in(stanza) for stanza in index.split("\n\n") if stanza.strip()]


def without(fields: Fields, names: Iterable[str]) -> Fields:
    return {name: value for name, value in fields.items() if name not in set(names)}


def placed(path: Path, at: str) -> Placed:
    data = path.read_bytes()
    sums = (hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256"))
    return Placed(at, len(data), Checksums(*sums))


def our_stanza(deb: Path, at: str) -> Fields:
    budget = a_budget()
    with budget.turn:
        found = read_deb(deb.name, Bytes(deb.read_bytes()), budget, MemoryScratch())
    (stanza,) = stanzas_in(binary(found, placed(deb, at)).decode())
    return stanza


def our_source(dsc: Path, directory: str) -> Fields:
    found = read_dsc(dsc.name, Bytes(dsc.read_bytes()))
    told = source(found, placed(dsc, f"{directory}/{dsc.name}"), directory)
    (stanza,) = stanzas_in(told.decode())
    return stanza


def reprepro(directory: Path, *arguments: str) -> None:
    base = directory / "reprepro"
    (base / "conf").mkdir(parents=True)
    (base / "conf" / "distributions").write_text(
        "Codename: bookworm\nComponents: main\nArchitectures: amd64 arm64 source\n"
    )
    run(directory, "reprepro", "--silent", "-b", str(base), *arguments)


def published(directory: Path, index: str) -> Fields:
    path = directory / "reprepro" / "dists" / "bookworm" / "main" / f"{index}.gz"
    (found,) = stanzas_in(gzip.decompress(path.read_bytes()).decode())
    return found


@pytest.mark.parametrize("compression", ["gzip", "xz", "zstd"])
@pytest.mark.parametrize("kind", CONTROLS)
def test_binary_packages_are_told_as_apt_ftparchive_tells_them(
    kind: str, compression: str, tmp_path: Path
) -> None:
    deb = build_deb(tmp_path, CONTROLS[kind], compression)

    (theirs,) = stanzas_in(run(tmp_path, "apt-ftparchive", "packages", "."))

    # apt-ftparchive has one more digest.
    assert our_stanza(deb, f"./{deb.name}") == without(theirs, ["sha512"])


@pytest.mark.parametrize("kind", CONTROLS)
def test_binary_packages_are_told_as_reprepro_tells_them(kind: str, tmp_path: Path) -> None:
    deb = build_deb(tmp_path, CONTROLS[kind])
    reprepro(tmp_path, "includedeb", "bookworm", str(deb))

    arch = "arm64" if "arm64" in deb.name else "amd64"
    theirs = published(tmp_path, f"binary-{arch}/Packages")

    assert our_stanza(deb, str(theirs["filename"])) == theirs


@pytest.mark.parametrize("kind", SOURCES)
def test_source_packages_are_told_as_apt_ftparchive_tells_them(kind: str, tmp_path: Path) -> None:
    dsc = build_source(tmp_path / "pool", *SOURCES[kind])

    (theirs,) = stanzas_in(run(tmp_path, "apt-ftparchive", "sources", "pool"))

    assert our_source(dsc, "pool") == without(theirs, ["checksums-sha512"])


@pytest.mark.parametrize("kind", SOURCES)
def test_source_packages_are_told_as_reprepro_tells_them(kind: str, tmp_path: Path) -> None:
    dsc = build_source(tmp_path, *SOURCES[kind])
    reprepro(tmp_path, "includedsc", "bookworm", str(dsc))

    theirs = published(tmp_path, "source/Sources")

    # reprepro has a place in an archive's order for every source.
    ours = our_source(dsc, str(theirs["directory"]))
    assert ours == without(theirs, ["section", "priority"])
