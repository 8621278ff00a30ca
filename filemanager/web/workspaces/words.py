"""Words for the state of a workspace."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from filemanager.api.pages.texts import _, ngettext
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Readiness, Severity
from filemanager.domain.workspaces.workspace import Status, Workspace


class Judgement(StrEnum):
    """What stands on top of a workspace, and beside it in the list. ``UNKNOWN``: not every file was
    looked at yet.
    """

    EMPTY = "empty"
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"
    NOT_WHOLE = "not_whole"
    READY_WITH_REMARKS = "ready_with_remarks"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``is_ready`` False: something is to be done before it is handed in."""

    text: str
    is_ready: bool


def judge(workspace: Workspace, missing: int | None) -> Judgement:
    """By persistent findings, then by how many files are missing; None: that is not known yet.

    Nothing is refused for a missing file, but nobody means to hand in without it.
    """
    if not workspace.tree.count(Area.SOURCE):
        return Judgement.EMPTY
    if workspace.readiness is Readiness.ERRORS:
        return Judgement.NOT_READY
    if missing is None:
        return Judgement.UNKNOWN
    if missing:
        return Judgement.NOT_WHOLE
    is_perfect = workspace.readiness is Readiness.READY
    return Judgement.READY if is_perfect else Judgement.READY_WITH_REMARKS


def verdict(workspace: Workspace, findings: Collection[Finding], missing: int | None) -> Verdict:
    """With how many there are of what counts."""
    judgement = judge(workspace, missing)
    counting = Counter(one.severity for one in findings if one.counts and one.persistent)
    problems, remarks = counting[Severity.FATAL], counting[Severity.WARN]
    match judgement:
        case Judgement.EMPTY:
            text = _("Empty: there are no files yet")
        case Judgement.NOT_READY:
            text = ngettext("Not ready: %(n)d problem", "Not ready: %(n)d problems", problems)
            text %= {"n": problems}
        case Judgement.NOT_WHOLE:
            count = missing or 0
            text = ngettext(
                "Not whole: %(n)d file is missing", "Not whole: %(n)d files are missing", count
            )
            text %= {"n": count}
        case Judgement.READY_WITH_REMARKS:
            text = ngettext("Ready, %(n)d remark", "Ready, %(n)d remarks", remarks)
            text %= {"n": remarks}
        case _:
            text = judgement_word(judgement)
    return Verdict(text, judgement in (Judgement.READY, Judgement.READY_WITH_REMARKS))


def judgement_word(judgement: Judgement) -> str:
    """Without counting, as a list of many shows it."""
    words = {
        Judgement.EMPTY: _("Empty"),
        Judgement.NOT_READY: _("Not ready"),
        Judgement.UNKNOWN: _("Not looked at in full yet"),
        Judgement.NOT_WHOLE: _("Not whole"),
        Judgement.READY_WITH_REMARKS: _("Ready, with remarks"),
        Judgement.READY: _("Ready"),
    }
    return words[judgement]


def state_word(workspace: Workspace, *, is_locked: bool) -> str:
    if workspace.status is Status.RELEASED:
        return _("Released")
    return _("Locked") if is_locked else _("Open")


def title_of(workspace: Workspace) -> str:
    return workspace.name or _("Workspace %(number)d") % {"number": workspace.id}
