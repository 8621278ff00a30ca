"""Files of the rawstore, as values."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from builders.rows import NOW
from filemanager.domain.caller import Owner
from filemanager.domain.rawstore.stored_file import (
    FORM_LIFETIME,
    Findability,
    StoredFile,
    StoredFileState,
    Version,
)

ALICE = Owner("datahub:alice")
BOB = Owner("datahub:bob")


def a_version(data: bytes = b"text", **changed: Any) -> Version:
    made = Version(
        size_bytes=len(data),
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        media_type="text/plain",
        findability=Findability.PUBLISHED,
    )
    return replace(made, **changed)


def a_file(key: str, data: bytes = b"text", *, at: datetime = NOW, **changed: Any) -> StoredFile:
    """Authorised by Alice, and not seen yet."""
    made = StoredFile(
        bucket="rawstore",
        key=key,
        owner=ALICE,
        wanted=a_version(data),
        created_at=at,
        expires_at=at + FORM_LIFETIME,
    )
    return replace(made, **changed)


def a_settled_file(key: str, data: bytes = b"text", **changed: Any) -> StoredFile:
    made = a_file(key, data, **changed)
    return replace(made, held=made.wanted, state=StoredFileState.SETTLED, held_version="v1")
