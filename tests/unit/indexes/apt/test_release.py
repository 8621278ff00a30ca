"""The Release file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from filemanager.domain.repositories.published import Sums
from filemanager.indexes.apt.release import Release, release

MIDNIGHT = datetime(2026, 11, 5, 0, 0, 7, tzinfo=UTC)
PACKAGES = Sums(1234, "a" * 32, "b" * 40, "c" * 64)
SOURCES = Sums(0, "d" * 32, "e" * 40, "f" * 64)
PLAIN = Release(
    origin="Tarantool",
    label="tarantool.org",
    suite="bookworm",
    codename="bookworm",
    description="Tarantool DBMS and Tarantool modules",
    architectures=["amd64", "arm64"],
    components=["main"],
    dated=MIDNIGHT,
)


def test_a_release_says_what_it_is_and_lists_its_indexes_by_path() -> None:
    indexes = {"main/source/Sources": SOURCES, "main/binary-amd64/Packages": PACKAGES}

    assert release(PLAIN, indexes).decode() == (
        "Origin: Tarantool\n"
        "Label: tarantool.org\n"
        "Suite: bookworm\n"
        "Codename: bookworm\n"
        "Date: Thu, 05 Nov 2026 00:00:07 UTC\n"
        "Acquire-By-Hash: yes\n"
        "No-Support-for-Architecture-all: Packages\n"
        "Architectures: amd64 arm64\n"
        "Components: main\n"
        "Description: Tarantool DBMS and Tarantool modules\n"
        "MD5Sum:\n"
        f" {'a' * 32} 1234 main/binary-amd64/Packages\n"
        f" {'d' * 32} 0 main/source/Sources\n"
        "SHA1:\n"
        f" {'b' * 40} 1234 main/binary-amd64/Packages\n"
        f" {'e' * 40} 0 main/source/Sources\n"
        "SHA256:\n"
        f" {'c' * 64} 1234 main/binary-amd64/Packages\n"
        f" {'f' * 64} 0 main/source/Sources\n"
    )


def test_an_end_and_its_keys_are_told_where_there_are_any() -> None:
    ending = replace(
        PLAIN,
        version="12.1",
        valid_until=MIDNIGHT + timedelta(days=7),
        signed_by=["A" * 40, "B" * 40],
    )

    lines = release(ending, {}).decode().splitlines()

    assert lines[3:8] == [
        "Version: 12.1",
        "Codename: bookworm",
        "Date: Thu, 05 Nov 2026 00:00:07 UTC",
        "Valid-Until: Thu, 12 Nov 2026 00:00:07 UTC",
        f"Signed-By: {'A' * 40}, {'B' * 40}",
    ]


def test_times_are_told_in_utc() -> None:
    elsewhere = MIDNIGHT.astimezone(timezone(timedelta(hours=-3)))

    assert release(replace(PLAIN, dated=elsewhere), {}) == release(PLAIN, {})
