"""Digests whose state can be saved: by libcrypto's contexts, where there is such a library."""

import ctypes
import hashlib
import sys
from collections.abc import Iterator
from ctypes.util import find_library

from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.packages.hashing import Hashing, RunningHashes, SavedHashes

_SHA256_BYTES, _MD5_BYTES = 112, 92
"""``sizeof`` of ``SHA256_CTX`` and ``MD5_CTX`` (OpenSSL's sha.h and md5.h): structs of numbers,
without pointers, so that their bytes are all of the state.
"""

_NAMES = ("libcrypto.so.3", "libcrypto.so.1.1")


class HashlibHashing:
    """What is interrupted begins anew."""

    def begin(self, saved: SavedHashes | None) -> RunningHashes:
        del saved
        return _HashlibHashes()


class LibcryptoHashing:
    """Goes on where a process of the same library stopped."""

    def __init__(self, library: ctypes.CDLL, made_by: str) -> None:
        self._library = library
        self._made_by = made_by

    def begin(self, saved: SavedHashes | None) -> RunningHashes:
        sizes = () if saved is None else (len(saved.sha256), len(saved.md5))
        is_ours = saved is not None and saved.made_by == self._made_by
        if not is_ours or sizes != (_SHA256_BYTES, _MD5_BYTES):
            saved = None
        return _LibcryptoHashes(self._library, self._made_by, saved)


class _HashlibHashes:
    def __init__(self) -> None:
        self.position = 0
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False)

    def update(self, data: bytes) -> None:
        self._sha256.update(data)
        self._md5.update(data)
        self.position += len(data)

    def saved(self) -> SavedHashes | None:
        return None

    def digests(self) -> tuple[Digest, str]:
        return Digest(self._sha256.hexdigest()), self._md5.hexdigest()


class _LibcryptoHashes:
    def __init__(self, library: ctypes.CDLL, made_by: str, saved: SavedHashes | None) -> None:
        self._library = library
        self._made_by = made_by
        self.position = 0 if saved is None else saved.position
        self._sha256 = ctypes.create_string_buffer(_SHA256_BYTES)
        self._md5 = ctypes.create_string_buffer(_MD5_BYTES)
        if saved is None:
            library.SHA256_Init(self._sha256)
            library.MD5_Init(self._md5)
        else:
            self._sha256.raw, self._md5.raw = saved.sha256, saved.md5

    def update(self, data: bytes) -> None:
        size = ctypes.c_size_t(len(data))
        self._library.SHA256_Update(self._sha256, data, size)
        self._library.MD5_Update(self._md5, data, size)
        self.position += len(data)

    def saved(self) -> SavedHashes | None:
        return SavedHashes(
            position=self.position,
            made_by=self._made_by,
            sha256=self._sha256.raw,
            md5=self._md5.raw,
        )

    def digests(self) -> tuple[Digest, str]:
        sha256, md5 = ctypes.create_string_buffer(32), ctypes.create_string_buffer(16)
        self._library.SHA256_Final(sha256, self._sha256)
        self._library.MD5_Final(md5, self._md5)
        return Digest(sha256.raw.hex()), md5.raw.hex()


def hashing_of_this_machine() -> Hashing:
    """libcrypto's, where one is found that takes its own state up again; else Python's."""
    return next(_usable(), HashlibHashing())


def _usable() -> Iterator[LibcryptoHashing]:
    for library in _libraries():
        try:
            version = library.OpenSSL_version
            version.restype = ctypes.c_char_p
            told = version(0).decode("ascii", "replace")
            hashing = LibcryptoHashing(library, f"{told} {sys.byteorder}"[:200])
            if _goes_on(hashing):
                yield hashing
        except AttributeError:
            # A library without these functions.
            continue


def _libraries() -> Iterator[ctypes.CDLL]:
    for name in _names():
        try:
            yield ctypes.CDLL(name)
        except OSError:
            continue


def _names() -> Iterator[str]:
    yield from _NAMES
    # Programs are run to find it, so only where neither of these is of use.
    found = find_library("crypto")
    if found is not None:
        yield found


def _goes_on(hashing: LibcryptoHashing) -> bool:
    """Whether a state that is saved leads to the digest that hashlib has."""
    begun = hashing.begin(None)
    begun.update(b"a" * 100)
    resumed = hashing.begin(begun.saved())
    resumed.update(b"b" * 100)
    whole = b"a" * 100 + b"b" * 100
    md5 = hashlib.md5(whole, usedforsecurity=False).hexdigest()
    return resumed.digests() == (digest_of(whole), md5)
