"""Names and readers of sources, and who may read one."""

from dataclasses import replace

import pytest

from builders.rows import LATER
from builders.source_values import BUCKET, DIRECTORY, a_source
from filemanager.domain.caller import Owner
from filemanager.domain.errors import Malformed
from filemanager.domain.sources.source import (
    MAX_READERS,
    Credentials,
    SourceKind,
    readers_from,
    source_name_from,
)

ALICE = Owner("issuer:alice")


@pytest.mark.parametrize("name", ["a", "0", "lab.x_y-z", "a" * 63])
def test_names_that_are_taken(name: str) -> None:
    assert source_name_from(name) == name


@pytest.mark.parametrize("name", ["", "A", ".a", "-a", "a/b", "a" * 64, "a\n", "\u00e4", ".."])
def test_names_that_are_not(name: str) -> None:
    with pytest.raises(Malformed):
        source_name_from(name)


@pytest.mark.parametrize("reader", ["", "alice", "issuer:", ":alice", "**"])
def test_a_reader_is_an_owner_or_everybody(reader: str) -> None:
    assert readers_from(["*", ALICE]) == {"*", ALICE}
    with pytest.raises(Malformed):
        readers_from([reader])


def test_readers_are_not_without_end() -> None:
    with pytest.raises(Malformed):
        readers_from([f"issuer:{number}" for number in range(MAX_READERS + 1)])


@pytest.mark.parametrize(
    ("readers", "is_open"), [((), False), ((ALICE,), True), (("*",), True), (("i:b",), False)]
)
def test_who_reads_is_what_the_row_says(readers: tuple[str, ...], is_open: bool) -> None:
    source = a_source(readers=frozenset(readers))

    assert source.may_be_read_by(ALICE) == is_open
    assert not replace(source, removed_at=LATER).may_be_read_by(ALICE)


def test_no_secret_is_in_what_is_written_of_a_value() -> None:
    credentials = Credentials(access_key="AKOPEN", secret_key="SKSHUT", session_token="TKSHUT")
    source = a_source(sealed=b"SEALED")

    assert "SHUT" not in repr(credentials)
    assert "AKOPEN" not in str(credentials)
    assert "SEALED" not in repr(source)


def test_a_source_without_credentials_says_so() -> None:
    assert a_source(sealed=b"x").has_credentials
    assert not a_source(sealed=b"").has_credentials
    assert not a_source().has_credentials
    assert a_source(place=BUCKET).kind is SourceKind.S3
    assert a_source(place=DIRECTORY).kind is SourceKind.DIRECTORY
