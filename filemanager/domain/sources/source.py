"""Sources: a bucket or a directory of somebody, who may read it, and what it is known to do."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from filemanager.domain.caller import Owner
from filemanager.domain.errors import Malformed

SourceId = NewType("SourceId", int)

EVERYBODY = "*"
"""The reader who is whoever asks."""

MAX_READERS = 200

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class SourceKind(StrEnum):
    S3 = "s3"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlace:
    """Where an S3 source lies. Keys are shown and added without *prefix*, which is no path: it is
    put before them as it is.

    *endpoint* is what we ask, *public_endpoint* what signed URLs name; both without a path.
    """

    bucket: str
    prefix: str
    endpoint: str
    public_endpoint: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPlace:
    """An absolute path, of the settings alone. Its objects are its files, below it at any depth."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a source is read with. Never in an answer, a log or an export."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a source was found to do when it was added; None: it could not be told."""

    versioning: bool | None = None
    conditional_get: bool | None = None
    signed_head: bool | None = None
    cors: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """``sealed`` are its encrypted credentials, bound to its id; None: it has none; empty: an
    export left them out, and they are to be told again. ``is_declared``: a file of settings has it.

    A removed source stays, for pointers name it; nobody may read it.
    """

    id: SourceId
    name: str
    place: BucketPlace | DirectoryPlace
    readers: frozenset[str]
    probe: Probe
    created_at: datetime
    sealed: bytes | None = field(default=None, repr=False)
    removed_at: datetime | None = None
    is_declared: bool = False

    @property
    def has_credentials(self) -> bool:
        return bool(self.sealed)

    @property
    def kind(self) -> SourceKind:
        return SourceKind.S3 if isinstance(self.place, BucketPlace) else SourceKind.DIRECTORY

    def may_be_read_by(self, owner: Owner) -> bool:
        return self.removed_at is None and bool(self.readers & {owner, EVERYBODY})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source as it is to be."""

    name: str
    place: BucketPlace | DirectoryPlace
    readers: frozenset[str] = frozenset()
    credentials: Credentials | None = None


def is_source_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def source_name_from(text: str) -> str:
    """Raise ``Malformed`` for what cannot be a source's name."""
    if not is_source_name(text):
        raise Malformed(
            "A source's name has 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter"
            " or digit."
        )
    return text


def readers_from(texts: Collection[str]) -> frozenset[str]:
    """Each is ``*`` or an owner (``issuer:subject``). Raises ``Malformed``."""
    if len(texts) > MAX_READERS:
        raise Malformed(f"A source has {MAX_READERS} readers at most; or '*', which is everybody.")
    for one in texts:
        if one != EVERYBODY and not all(one.partition(":")[::2]):
            raise Malformed(f"'{one[:200]}' is no reader: name owners as issuer:subject, or '*'.")
    return frozenset(texts)
