"""Packages as readers find them."""

from dataclasses import replace
from typing import Any

from filemanager.domain.repositories.package import (
    Checksums,
    Control,
    Deb,
    DebSource,
    ListedFile,
    Placed,
    Rpm,
)

SUMS = Checksums("a" * 32, "b" * 40, "c" * 64)


def a_placed(path: str, size_bytes: int = 1234, checksums: Checksums = SUMS) -> Placed:
    return Placed(path, size_bytes, checksums)


def a_deb(*fields: tuple[str, str], name: str = "tiny") -> Deb:
    """The fields stand behind those that every package has."""
    control = Control((("Package", name), ("Version", "1.0"), ("Architecture", "all"), *fields))
    return Deb(control=control, name=name, version="1.0", arch="all")


def a_listed(name: str, **changed: Any) -> ListedFile:
    made = ListedFile(name=name, size_bytes=5, md5="d" * 32, sha1="e" * 40, sha256="f" * 64)
    return replace(made, **changed)


def a_dsc(*fields: tuple[str, str], files: tuple[ListedFile, ...] = ()) -> DebSource:
    control = Control((("Format", "3.0 (native)"), ("Source", "tiny"), ("Version", "1.0"), *fields))
    return DebSource(control=control, name="tiny", version="1.0", files=files)


def an_rpm(**changed: Any) -> Rpm:
    made = Rpm(
        name="tiny",
        epoch="0",
        version="1.0",
        release="1",
        arch="noarch",
        summary="A tiny package",
        description="Nothing in it.",
        packager="",
        url="",
        license="MIT",
        vendor="",
        group="Unspecified",
        build_host="builder",
        source_rpm="tiny-1.0-1.src.rpm",
        built_at=1_700_000_000,
        installed_bytes=10,
        archive_bytes=124,
        header_start=4504,
        header_end=6164,
    )
    return replace(made, **changed)
