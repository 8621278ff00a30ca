"""Secrets that stand in a path, and names that stand in its place where anybody may know them."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from filemanager.domain.errors import Malformed
from filemanager.domain.ids import Digest

_SLUG = re.compile(r"[a-z0-9-][a-z0-9.-]{1,62}[a-z0-9-]")


@dataclass(frozen=True, slots=True)
class NewSecret:
    """256 random bits as they stand in a path, and what is kept of them."""

    text: str = field(repr=False)
    digest: Digest


def new_secret() -> NewSecret:
    text = secrets.token_urlsafe(32)
    return NewSecret(text, secret_digest(text))


def secret_digest(text: str) -> Digest:
    return Digest(hashlib.sha256(text.encode()).hexdigest())


def signature(key: bytes, *words: str) -> str:
    """HMAC-SHA-256, in hex. No word but the last may hold a line feed, so that no two lists are
    signed alike.
    """
    return hmac.new(key, "\n".join(words).encode(), hashlib.sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Without telling by the time it takes how much of the two is."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def slug_from(text: str) -> str:
    """Raise ``Malformed`` for what cannot be the name in a link."""
    if not _SLUG.fullmatch(text):
        raise Malformed(
            "The name in a link has 3 to 64 of a-z, 0-9, '.' and '-', and neither begins nor ends"
            " with a dot."
        )
    return text


def random_slug() -> str:
    """128 bits that nobody guesses."""
    return secrets.token_hex(16)
