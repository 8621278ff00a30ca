"""Digests whose state can be saved."""

import hashlib

import pytest

from filemanager.domain.packages.hashing import Hashing
from filemanager.storage.hashing import (
    HashlibHashing,
    LibcryptoHashing,
    hashing_of_this_machine,
)

DATA = bytes(range(256)) * 1000


@pytest.fixture(params=["hashlib", "libcrypto"])
def hashing(request: pytest.FixtureRequest) -> Hashing:
    return HashlibHashing() if request.param == "hashlib" else hashing_of_this_machine()


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 4096, len(DATA)])
def test_digests_are_those_of_hashlib(hashing: Hashing, size: int) -> None:
    data = DATA[:size]
    hashes = hashing.begin(None)

    for start in range(0, size, 1000):
        hashes.update(data[start : start + 1000])

    assert hashes.position == size
    assert hashes.digests() == (
        hashlib.sha256(data).hexdigest(),
        hashlib.md5(data, usedforsecurity=False).hexdigest(),
    )


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 100, len(DATA)])
def test_a_saved_state_goes_on_to_the_same_digest(cut: int) -> None:
    hashing = hashing_of_this_machine()
    assert isinstance(hashing, LibcryptoHashing)
    begun = hashing.begin(None)
    begun.update(DATA[:cut])

    saved = begun.saved()
    begun.update(b"something else")
    resumed = hashing.begin(saved)
    resumed.update(DATA[cut:])

    assert resumed.position == len(DATA)
    assert resumed.digests()[0] == hashlib.sha256(DATA).hexdigest()


def test_hashlib_tells_no_state() -> None:
    begun = HashlibHashing().begin(None)
    begun.update(b"a")

    assert begun.saved() is None
