"""Names of editions."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.editions import an_edition
from filemanager.domain.packages.data_package import Description
from filemanager.exports.naming import moment_of, stem_of


@pytest.mark.parametrize(
    ("name", "number", "stem"),
    [
        ("Iris", 2, "Iris-v2"),
        ('My Iris: "leaves" / 2', 1, "My-Iris-leaves-2-v1"),
        ("../../etc", 1, "etc-v1"),
        ("界", 1, "package-v1"),
        ("Iris", None, "Iris-latest"),
        ("a" * 300, 1, "a" * 100 + "-v1"),
    ],
)  # fmt: skip
def test_a_name_is_made_narrow(name: str, number: int | None, stem: str) -> None:
    assert stem_of(an_edition(described=Description(name=name), number=number)) == stem


@given(st.text())
def test_no_name_is_a_path_or_an_option(name: str) -> None:
    stem = stem_of(an_edition(described=Description(name=name)))

    assert stem[0].isalnum()
    assert stem.isascii()
    assert "/" not in stem


def test_moments_are_in_utc() -> None:
    at = datetime(2026, 3, 4, 1, 0, 0, 999, timezone(timedelta(hours=2)))

    assert moment_of(an_edition(frozen_at=at)) == "2026-03-03T23:00:00Z"
