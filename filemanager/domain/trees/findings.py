"""Findings: what a check says about a path, and the readiness that follows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.trees.areas import Area

LEFT_OUT = "members_left_out"
"""The code of what archives held that was not taken."""


class Severity(StrEnum):
    FATAL = "fatal"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``area`` and ``path`` are None for the whole workspace; a directory's path ends in ``/``.

    A transient finding (``persistent`` False) is told in the answer to the request that ran the
    checks and by v2 until the next upload; the drop-in summary does not repeat it. One that
    ``awaits`` a public path ends when a file is there.
    """

    severity: Severity
    code: str
    message: str
    area: Area | None = None
    path: str | None = None
    persistent: bool = True
    awaits: str | None = None

    @property
    def counts(self) -> bool:
        """Whether readiness depends on it.

        Findings on removed and ancillary files do not count, but that a member was left out does,
        wherever its archive lay.
        """
        if self.area is Area.ANCILLARY:
            return self.code == LEFT_OUT
        return self.area is not Area.REMOVED


class Readiness(StrEnum):
    READY = "READY"
    READY_WITH_WARNINGS = "READY_WITH_WARNINGS"
    ERRORS = "ERRORS"


def readiness_of(findings: Iterable[Finding]) -> Readiness:
    """Judge by the findings that count; ``info`` never does."""
    return readiness_by({finding.severity for finding in findings if finding.counts})


def severities_of(findings: Iterable[Finding]) -> frozenset[Severity]:
    """Of the persistent ones that count."""
    return frozenset(one.severity for one in findings if one.persistent and one.counts)


def readiness_by(severities: Collection[Severity]) -> Readiness:
    """Judge by the severities of the findings that count."""
    if Severity.FATAL in severities:
        return Readiness.ERRORS
    return Readiness.READY_WITH_WARNINGS if Severity.WARN in severities else Readiness.READY
