"""Passwords hashed by Argon2id."""

import pytest

from filemanager.signing.passwords import Argon2Passwords


@pytest.fixture(scope="module")
def hashes() -> Argon2Passwords:
    return Argon2Passwords()


def test_a_password_fits_its_hash_alone(hashes: Argon2Passwords) -> None:
    known = hashes.hashed("p\u00e4ss word")

    assert known.startswith("$argon2id$")
    assert hashes.fits(known, "p\u00e4ss word")
    assert not hashes.fits(known, "p\u00e4ss word ")
    assert known != hashes.hashed("p\u00e4ss word")


def test_nothing_fits_where_nothing_is_known(hashes: Argon2Passwords) -> None:
    assert not hashes.fits(None, "")
    assert not hashes.fits(None, "password")
    assert not hashes.fits("no hash", "password")
