"""Findings for people: by severity, each with its place and with what can be done about it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from filemanager.api.pages.texts import Said, _, said
from filemanager.domain.trees.areas import Area, public_path
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.sanitize.codes import RESTORABLE, Code
from filemanager.sanitize.hints import hint_on
from filemanager.web.checked import message_of

MOST_SHOWN = 500
"""Of each severity; how many more there are is told."""

_LINES = re.compile(r"\bin line ([0-9]{1,9})\b")
_MISSING = re.compile(r"'([^']{1,200})', named in line")
_MOST_LINES = 10


class Act(StrEnum):
    """What a finding offers: a link to a form, or a form of its own."""

    UPLOAD = "upload"
    BRING_BACK = "bring_back"
    CHECK = "check"
    DELETE = "delete"
    RENAME = "rename"
    UNDO = "undo"


_ACTS = {
    Code.NOT_CHECKED: Act.CHECK,
    Code.POSSIBLE_BACKUP_FILE: Act.DELETE,
    Code.UNMACIFIED: Act.UNDO,
    Code.NAMES_DIFFER_BY_CASE: Act.RENAME,
    Code.RESERVED_NAME: Act.RENAME,
    Code.FILENAME_ILLEGAL_CHARACTERS: Act.RENAME,
    Code.FILENAME_LEADING_HYPHEN: Act.RENAME,
    Code.FIXED_EXTENSION: Act.RENAME,
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """``page`` None: it is of no file that there is; ``act`` None: reading is all.

    What is to be checked again says so itself, and has no hint.
    """

    message: Said
    hint: Said | None
    path: str | None
    page: str | None
    lines: Sequence[int]
    act: Act | None
    act_words: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    severity: Severity
    title: str
    findings: Sequence[ShownFinding]
    more: int


def grouped(workspace_id: int, findings: Sequence[Finding]) -> Iterator[FindingGroup]:
    """The worst first, and of each severity what is missing: nothing else is mended before."""
    titles = {
        Severity.FATAL: _("Problems"),
        Severity.WARN: _("Remarks"),
        Severity.INFO: _("For your information"),
    }
    for severity, title in titles.items():
        found = [one for one in findings if one.severity is severity]
        found.sort(key=lambda one: one.awaits is None and one.code != Code.MISSING_FILE)
        if found:
            shown = [_shown(workspace_id, one) for one in found[:MOST_SHOWN]]
            yield FindingGroup(severity, title, shown, max(0, len(found) - MOST_SHOWN))


def page_of(workspace_id: int, path: str) -> str:
    """The page of the file at a public path, percent-encoded."""
    return f"/w/{workspace_id}/f/{quote(path)}"


def lines_of(finding: Finding) -> Sequence[int]:
    """The lines that it names: a message is all that is kept of it."""
    return [int(one) for one in _LINES.findall(finding.message)[:_MOST_LINES]]


def _shown(workspace_id: int, finding: Finding) -> ShownFinding:
    path = None if finding.path is None else public_path(finding.area, finding.path)
    is_file = path is not None and finding.area is not Area.REMOVED and not path.endswith("/")
    act, words = _act(finding, path)
    hint = hint_on(finding.code)
    return ShownFinding(
        message=message_of(finding),
        hint=None if act is Act.CHECK or hint is None else said(hint),
        path=path,
        page=page_of(workspace_id, path) if path is not None and is_file else None,
        lines=lines_of(finding) if is_file else (),
        act=act,
        act_words=words,
    )


def _act(finding: Finding, path: str | None) -> tuple[Act | None, str]:
    wanted = finding.awaits or _missing(finding)
    if wanted is not None:
        return Act.UPLOAD, _("Upload %(path)s") % {"path": wanted}
    if finding.area is Area.REMOVED and finding.code in RESTORABLE:
        return Act.BRING_BACK, _("Bring back %(path)s") % {"path": path}
    act = _ACTS.get(Code(finding.code)) if finding.code in set(Code) else None
    if act is None or (path is None and act is not Act.CHECK) or finding.area is Area.REMOVED:
        return None, ""
    words = {
        Act.CHECK: _("Check again"),
        Act.DELETE: _("Delete %(path)s"),
        Act.RENAME: _("Rename %(path)s"),
        Act.UNDO: _("Undo the change of %(path)s"),
    }
    return act, words[act] % {"path": path}


def _missing(finding: Finding) -> str | None:
    if finding.code != Code.MISSING_FILE:
        return None
    found = _MISSING.match(finding.message)
    return found[1] if found else None
