"""Identifiers. Parsed at the border, trusted inside."""

import base64
import hashlib
import re
import secrets
from typing import NewType

from filemanager.domain.errors import Malformed

Digest = NewType("Digest", str)
"""A SHA-256 as 64 lower-case hex digits."""

Checksum = NewType("Checksum", str)
"""16 bytes as URL-safe base64 with padding, 24 characters, as the drop-in API shows them."""

WorkspaceId = NewType("WorkspaceId", int)
TreeId = NewType("TreeId", int)
GuestId = NewType("GuestId", int)
Revision = NewType("Revision", int)

MAX_ID = 2**63 - 1

Plain = int | str | bool | None
"""What every database holds, and JSON writes."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_RANDOM_ID = re.compile(r"[0-9a-f]{32}")


def parse_digest(text: str) -> Digest:
    """Raise ``Malformed`` for anything but 64 hex digits; upper case is taken."""
    if not _DIGEST.fullmatch(text.lower()):
        raise Malformed(f"'{text[:80]}' is not a SHA-256 in hex.")
    return Digest(text.lower())


def random_id() -> str:
    """32 hex digits that nobody guesses, and that were never used."""
    return secrets.token_hex(16)


def is_random_id(text: str) -> bool:
    return _RANDOM_ID.fullmatch(text) is not None


def digest_of(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest())


def checksum_from(found: bytes) -> Checksum:
    """Write 16 bytes the way the drop-in API does."""
    return Checksum(base64.urlsafe_b64encode(found).decode("ascii"))
