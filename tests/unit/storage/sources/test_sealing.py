"""Credentials under keys: what opens them, and what does not."""

from dataclasses import replace

import pytest

from builders.source_values import a_source
from filemanager.domain.sources.errors import CredentialsLocked, NoSourceKeys
from filemanager.domain.sources.source import Credentials, SourceId
from filemanager.storage.sources.sealing import AesSeals, SealingKey

OLD = SealingKey("old", b"o" * 32)
NEW = SealingKey("new", b"n" * 32)
CREDENTIALS = Credentials(access_key="AK", secret_key="S\u00fcK", session_token=None)
SEALED = AesSeals([OLD]).seal(SourceId(1), CREDENTIALS)


def test_what_is_sealed_is_opened_by_the_same_key_and_says_nothing_else() -> None:
    assert AesSeals([NEW, OLD]).open(a_source(sealed=SEALED)) == CREDENTIALS
    assert b"AK" not in SEALED
    assert AesSeals([OLD]).seal(SourceId(1), CREDENTIALS) != SEALED
    assert "oooo" not in repr(OLD)


def test_a_source_without_credentials_is_opened_without_a_key() -> None:
    assert AesSeals([]).open(a_source()) is None


@pytest.mark.parametrize(
    "sealed",
    [
        b"", b"old:", b"old:" + b"x" * 60, SEALED[:-1], SEALED[:10], b"new" + SEALED[3:],
        SEALED[:-1] + bytes([SEALED[-1] ^ 1]),
    ],
    ids=["none", "name", "noise", "end", "beginning", "key", "bit"],  # else by a nonce
)  # fmt: skip
def test_what_was_tampered_with_is_not_opened(sealed: bytes) -> None:
    with pytest.raises(CredentialsLocked):
        AesSeals([NEW, OLD]).open(a_source(sealed=sealed))


def test_what_belongs_to_another_source_is_not_opened() -> None:
    with pytest.raises(CredentialsLocked):
        AesSeals([OLD]).open(a_source(id=SourceId(2), sealed=SEALED))


@pytest.mark.parametrize("keys", [[], [NEW], [SealingKey("old", b"x" * 32)]])
def test_without_its_key_nothing_is_opened(keys: list[SealingKey]) -> None:
    with pytest.raises(CredentialsLocked):
        AesSeals(keys).open(a_source(sealed=SEALED))


def test_without_keys_nothing_is_sealed() -> None:
    with pytest.raises(NoSourceKeys):
        AesSeals([]).seal(SourceId(1), CREDENTIALS)


def test_the_first_key_seals_anew_what_any_of_them_opens() -> None:
    source = a_source(sealed=SEALED)

    sealed = AesSeals([NEW, OLD]).sealed_anew(source)

    assert sealed
    assert AesSeals([NEW]).open(replace(source, sealed=sealed)) == CREDENTIALS
    assert AesSeals([NEW]).sealed_anew(replace(source, sealed=sealed)) == sealed
    for nothing in (None, b""):
        assert AesSeals([NEW]).sealed_anew(a_source(sealed=nothing)) == nothing
    with pytest.raises(CredentialsLocked):
        AesSeals([NEW]).sealed_anew(source)
