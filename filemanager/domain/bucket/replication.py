"""Replica patterns, and the names that replicas get from them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

_FIXED = re.compile(r"[A-Za-z0-9]+")
_HEADER = re.compile(r"\$\{([A-Za-z][A-Za-z0-9-]+)\}")
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class ReplicaPattern:
    """Where replicas go: fixed segments, and those that a request header names."""

    segments: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, *, is_upper: bool) -> Self:
        """Read ``user/${Username}/${Topic}``; raises ``ValueError`` saying what is wrong."""
        segments = text.upper().split("/") if is_upper else text.split("/")
        wrong = [s for s in segments if not _FIXED.fullmatch(s) and not _HEADER.fullmatch(s)]
        if wrong:
            raise ValueError(
                f"the segment '{wrong[0][:40]}' is neither letters and digits nor ${{Header-Name}}"
            )
        pattern = cls(tuple(segments))
        if not pattern.headers:
            raise ValueError("no segment is a ${Header-Name}")
        if not _SECRET.isdisjoint(pattern.headers):
            raise ValueError("a segment would show what only the service may know")
        return pattern

    @property
    def headers(self) -> tuple[str, ...]:
        """The names in lower case, in the order of the segments."""
        found = (_HEADER.fullmatch(segment) for segment in self.segments)
        return tuple(match[1].lower() for match in found if match)

    def lacking(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Headers of which nothing usable was sent. *labels* are by names in lower case."""
        return tuple(name for name in self.headers if not safe_name(labels.get(name, "")))

    def directory(self, labels: Mapping[str, str]) -> str:
        """The directory for *labels*, of which none is lacking."""
        return "/".join(
            safe_name(labels[match[1].lower()]) if (match := _HEADER.fullmatch(s)) else s
            for s in self.segments
        )


def safe_name(text: str) -> str:
    """One segment of letters, digits, ``_``, ``.`` and ``-`` made of any text; maybe empty.

    Accents are taken off, separators and blanks become ``_``, dots and ``_`` at both ends go.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    joined = "_".join(plain.replace("/", " ").replace("\\", " ").split())
    return _UNSAFE.sub("", joined).strip("._")


@dataclass(frozen=True, slots=True)
class ReplicaName:
    """The names of a file's replicas in *directory*; a directory's carry no ending."""

    directory: str
    name: str
    is_directory: bool

    @classmethod
    def of(cls, directory: str, path: str, *, is_directory: bool) -> Self:
        """For the file at a relative *path*, whose own directories are kept."""
        cleaned = [safe_name(segment) for segment in path.split("/")]
        below = [segment for segment in cleaned[:-1] if segment]
        return cls("/".join([directory, *below]), cleaned[-1] or "file", is_directory)

    def numbered(self, at: datetime, number: int) -> str:
        ending = "" if self.is_directory else self._ending
        return f"{self.stamped(at)}{number}{ending}"

    def stamped(self, at: datetime) -> str:
        """What the names of a minute begin with."""
        return f"{self.directory}/{self._stem}.{at:%Y%m%d.%H%M}."

    @property
    def latest(self) -> str:
        if self.is_directory:
            return f"{self.directory}/{self.name}.latest"
        return f"{self.directory}/{self._stem}.latest{self._ending}"

    @property
    def _stem(self) -> str:
        return self.name[: len(self.name) - len(self._ending)]

    @property
    def _ending(self) -> str:
        """From the last dot on, unless the name begins with it."""
        return self.name[at:] if (at := self.name.rfind(".")) > 0 else ""
