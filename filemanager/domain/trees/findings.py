"""Findings: what a check says about a path, and the readiness that follows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.trees.areas import Area


class Severity(StrEnum):
    FATAL = "fatal"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``area`` and ``path`` are None for the whole workspace; a directory's path ends in ``/``.

    A transient finding (``persistent`` False) is told in the answer to the request that ran the
    checks and by v2 until the next upload; the drop-in summary does not repeat it.
    """

    severity: Severity
    code: str
    message: str
    area: Area | None = None
    path: str | None = None
    persistent: bool = True


class Readiness(StrEnum):
    READY = "READY"
    READY_WITH_WARNINGS = "READY_WITH_WARNINGS"
    ERRORS = "ERRORS"


def readiness_of(findings: Iterable[Finding]) -> Readiness:
    """Judge by the findings on source files, their directories and the whole workspace.

    Findings on removed and ancillary files do not count, nor does ``info``.
    """
    return readiness_by({f.severity for f in findings if f.area in (None, Area.SOURCE)})


def readiness_by(severities: Collection[Severity]) -> Readiness:
    """Judge by the severities of the findings that count."""
    if Severity.FATAL in severities:
        return Readiness.ERRORS
    return Readiness.READY_WITH_WARNINGS if Severity.WARN in severities else Readiness.READY
