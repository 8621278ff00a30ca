"""The ``Release`` file: what a repository is, and the digests of its indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from operator import attrgetter

from filemanager.domain.repositories.published import Sums

_DIGESTS = {"MD5Sum": "md5", "SHA1": "sha1", "SHA256": "sha256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """``signed_by`` are fingerprints of keys: from now on clients take no others here."""

    origin: str
    label: str
    suite: str
    codename: str
    description: str
    architectures: Sequence[str]
    components: Sequence[str]
    dated: datetime
    version: str = ""
    valid_until: datetime | None = None
    signed_by: Sequence[str] = ()


def release(of: Release, indexes: Mapping[str, Sums]) -> bytes:
    """*indexes* by their paths below the Release file; they are listed in the order of paths.

    A field of nothing is left out.
    """
    lines = [f"{name}: {value}" for name, value in _fields(of).items() if value]
    for field, digest in _DIGESTS.items():
        sum_of = attrgetter(digest)
        lines.append(f"{field}:")
        lines += [f" {sum_of(sums)} {sums.size_bytes} {path}" for path, sums in _sorted(indexes)]
    return "".join(f"{line}\n" for line in lines).encode()


def _fields(of: Release) -> Mapping[str, str]:
    return {
        "Origin": of.origin,
        "Label": of.label,
        "Suite": of.suite,
        "Version": of.version,
        "Codename": of.codename,
        "Date": _date(of.dated),
        "Valid-Until": _date(of.valid_until) if of.valid_until else "",
        "Signed-By": ", ".join(of.signed_by),
        "Acquire-By-Hash": "yes",
        # Packages for all architectures are in the index of each one.
        "No-Support-for-Architecture-all": "Packages",
        "Architectures": " ".join(of.architectures),
        "Components": " ".join(of.components),
        "Description": of.description,
    }


def _date(at: datetime) -> str:
    """RFC 2822, but for the zone: older apts know UTC by this name alone."""
    return format_datetime(at.astimezone(UTC), usegmt=True).replace("GMT", "UTC")


def _sorted(indexes: Mapping[str, Sums]) -> Sequence[tuple[str, Sums]]:
    return sorted(indexes.items())
