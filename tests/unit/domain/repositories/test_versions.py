"""Versions in the order of dpkg and of rpm."""

import random

import pytest

from filemanager.domain.repositories.package import Base
from filemanager.domain.repositories.versions import debian_order, rpm_order, version_order

DEBIAN = [
    "0~~", "0~~a", "0~", "0", "0a", "0a1", "0+", "0.~", "0.0", "0.a", "1.0~rc1", "1.0~rc1-1",
    "1.0", "1.0-0+b1", "1.0-1~", "1.0-1", "1.0-1a", "1.0-1+deb12u1", "1.0-1.1", "1.0-2", "1.0-10",
    "1.0a", "1.0+dfsg", "1.0.1", "1.2", "1.10", "1.09999999999999999999999", "1:0", "1:1.0",
    "2:0~", "10:0",
]  # fmt: skip
"""Each older than the one after it."""

RPM = [
    "1.0~~", "1.0~a", "1.0~rc1", "1.0~rc1^git", "1.0", "1.0^", "1.0^git1", "1.0^git2", "1.0a",
    "1.0.1~", "1.0.1", "1.0.2", "1.0.10", "1.1a", "1.1b", "1.1.z", "1.1.1", "1.2", "1.10", "2",
    "10", "99999999999999999999999",
]  # fmt: skip


def test_debian_versions_are_sorted_as_dpkg_sorts_them() -> None:
    shuffled = random.Random(1).sample(DEBIAN, len(DEBIAN))

    assert sorted(shuffled, key=debian_order) == DEBIAN


def test_versions_of_a_row_are_sorted_by_the_rules_of_its_packages() -> None:
    assert version_order(Base.DEB, "1:2.0-3") == debian_order("1:2.0-3")
    assert version_order(Base.RPM, "1:2.0-3") == rpm_order("1", "2.0", "3")


def test_rpm_versions_are_sorted_as_rpm_sorts_them() -> None:
    shuffled = random.Random(1).sample(RPM, len(RPM))

    assert sorted(shuffled, key=lambda version: rpm_order("", version, "")) == RPM


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.0", "1.00"), ("01.0-1", "1.0-01"), ("1.a", "1.a0")],
)
def test_debian_versions_that_are_the_same_have_one_key(one: str, other: str) -> None:
    assert debian_order(one) == debian_order(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "1..0"), ("1.0", "1_0"), ("1.0", "1.0."), ("1.0", "01.00"), ("", ".")],
)
def test_rpm_versions_that_are_the_same_have_one_key(one: str, other: str) -> None:
    assert rpm_order("", one, "1") == rpm_order("0", other, "01")


def test_an_epoch_comes_before_the_version_and_that_before_the_release() -> None:
    assert rpm_order("1", "1", "1") > rpm_order("0", "2", "2")
    assert rpm_order("0", "2", "1") > rpm_order("0", "1", "2")
    assert rpm_order("10", "1", "1") > rpm_order("9", "1", "1")


def test_a_number_may_be_longer_than_python_reads() -> None:
    long = "9" * 10_000

    assert debian_order(long) < debian_order(f"1{long}")
    assert rpm_order("", long, "") < rpm_order("", f"1{long}", "")
