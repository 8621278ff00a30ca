"""What an edition is called where names are narrow: in file names and identifiers."""

import re
from datetime import UTC

from filemanager.exports.listing import Edition

_MAX_STEM = 100
_WIDE = re.compile(r"[^A-Za-z0-9._-]+")


def stem_of(edition: Edition) -> str:
    """``<name>-v<number>`` or ``<name>-latest``, of letters, digits, ``.``, ``_`` and ``-``; it
    begins with a letter or digit.
    """
    name = _WIDE.sub("-", edition.described.name)[:_MAX_STEM].strip(".-_")
    version = "latest" if edition.number is None else f"v{edition.number}"
    return f"{name or 'package'}-{version}"


def day_of(edition: Edition) -> str:
    return edition.frozen_at.astimezone(UTC).date().isoformat()


def moment_of(edition: Edition) -> str:
    """In UTC to the second (RFC 3339)."""
    return edition.frozen_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def creators_of(edition: Edition) -> tuple[str, ...]:
    """None of an anonymous one."""
    return () if edition.is_anonymous else edition.described.creators


def one_line(text: str) -> str:
    """Without line breaks and other control characters, which end a header or spoil it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
