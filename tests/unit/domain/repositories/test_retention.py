"""Which versions stay where a repository keeps the latest alone."""

from collections.abc import Sequence

import pytest

from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.repository import PackageId
from filemanager.domain.repositories.retention import PackageVersion, outdated


def versions(*told: str, name: str = "tiny", arch: str = "amd64") -> list[PackageVersion]:
    return [
        PackageVersion(PackageId(number), name, version, arch)
        for number, version in enumerate(told, 1)
    ]


@pytest.mark.parametrize(
    ("base", "told", "keep", "gone"),
    [
        (Base.DEB, ("1.10-1", "1.9-1", "1.11~rc1-1"), 1, ["1.10-1", "1.9-1"]),
        (Base.DEB, ("2.0-1", "1:1.0-1"), 1, ["2.0-1"]),
        (Base.DEB, ("1.0-1", "1.0-2"), 2, []),
        (Base.DEB, ("1.0-1", "0:1.0-1"), 1, ["1.0-1"]),
        (Base.RPM, ("1.9-1", "1.10-1", "1.10~rc1-1"), 1, ["1.9-1", "1.10~rc1-1"]),
        (Base.RPM, ("9-1", "1:1-1"), 1, ["9-1"]),
        (Base.RPM, ("1-10", "1-9"), 1, ["1-9"]),
    ],
)
def test_the_latest_by_the_order_of_the_packages_stay(
    base: Base, told: Sequence[str], keep: int, gone: Sequence[str]
) -> None:
    known = versions(*told)

    found = outdated(base, known, keep)

    assert [one.version for one in known if one.id in found] == list(gone)


def test_each_name_and_architecture_is_kept_by_itself() -> None:
    known = [
        *versions("1.0", "2.0"),
        *versions("1.0", arch="arm64"),
        *versions("1.0", name="other"),
    ]

    assert outdated(Base.DEB, known, 1) == [1]
