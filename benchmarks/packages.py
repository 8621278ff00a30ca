"""Packages that are told apart by a number, and the repositories that they are for."""

import gzip
import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass

from builders.rpms import an_rpm, tags_of
from filemanager.domain.repositories.address import Address
from filemanager.domain.repositories.package import Base


@dataclass(frozen=True, slots=True)
class Family:
    """``build`` makes the file of a number, all of one size; ``directory`` is where it lies in the
    tree of ``address``.
    """

    word: str
    address: Address
    arch: str
    directory: str
    file: Callable[[int], str]
    build: Callable[[int], bytes]


def name_of(number: int) -> str:
    return f"bench{number:07}"


def _deb_file(number: int) -> str:
    return f"{name_of(number)}_1.0-1_amd64.deb"


def _rpm_file(number: int) -> str:
    return f"{name_of(number)}-1.0-1.x86_64.rpm"


def _rpm(number: int) -> bytes:
    return an_rpm(tags_of(name_of(number)))


def _deb(number: int) -> bytes:
    control = (
        f"Package: {name_of(number)}\nVersion: 1.0-1\nArchitecture: amd64\n"
        "Maintainer: Team <team@example.org>\nSection: misc\nPriority: optional\n"
        f"Description: package {number:07}\n"
    ).encode()
    members = (
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", _tar({"./control": control})),
        ("data.tar.gz", _tar({})),
    )
    return b"!<arch>\n" + b"".join(
        b"%-16s%-12d%-6d%-6d%-8s%-10d`\n%s%s"
        % (name.encode(), 0, 0, 0, b"100644", len(data), data, b"\n" * (len(data) % 2))
        for name, data in members
    )


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    # Without a time: a package that is built again must be the same.
    return gzip.compress(out.getvalue(), mtime=0)


APT = Family(
    "apt",
    Address("live", "1.0", "debian", "bookworm", Base.DEB),
    "amd64",
    "pool/bookworm/main/b/bench",
    _deb_file,
    _deb,
)
YUM = Family(
    "dnf",
    Address("live", "1.0", "el", "9", Base.RPM),
    "x86_64",
    "x86_64/Packages",
    _rpm_file,
    _rpm,
)
