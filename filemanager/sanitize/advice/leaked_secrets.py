"""Keys and tokens in texts, known by their form. What they are is never kept, only where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Secret:
    """``line`` counts from 1."""

    kind: str
    line: int


_KINDS = {
    "pem": "private key",
    "aws": "AWS access key id",
    "github": "GitHub token",
    "gitlab": "GitLab token",
    "slack": "Slack token",
    "jwt": "JSON Web Token",
}
_STARTS = (
    b"PRIVATE KEY",
    *(b"AKIA", b"ASIA"),
    *(b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
    b"glpat-",
    b"xox",
    b"eyJ",
)
"""A text without any of these holds none, and finding that out costs next to nothing."""

# A token begins where no character of a token stands before, so that a run is read once.
_SECRET = re.compile(
    rb"(?P<pem>-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)"
    rb"|(?<![A-Za-z0-9_-])(?:"
    rb"(?P<aws>(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9_-]))"
    rb"|(?P<github>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})"
    rb"|(?P<gitlab>glpat-[A-Za-z0-9_-]{20,255})"
    rb"|(?P<slack>xox[abeoprs]-[A-Za-z0-9-]{10,255})"
    rb"|(?P<jwt>eyJ[A-Za-z0-9_-]{8,8192}+\.eyJ[A-Za-z0-9_-]{8,8192}+\.[A-Za-z0-9_-]{10,8192}+)"
    rb")"
)


def secrets_in(text: bytes) -> Iterator[Secret]:
    """In the order of the text; linear in its size."""
    if not any(start in text for start in _STARTS):
        return
    line, seen = 1, 0
    for found in _SECRET.finditer(text):
        line += text.count(b"\n", seen, found.start())
        seen = found.start()
        yield Secret(_KINDS[found.lastgroup or ""], line)
