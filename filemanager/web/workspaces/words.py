"""Words for the state of a workspace."""

from collections.abc import Collection
from dataclasses import dataclass

from filemanager.api.pages.texts import _, ngettext
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Readiness, Severity
from filemanager.domain.workspaces.workspace import Status, Workspace
from filemanager.sanitize.codes import Code


@dataclass(frozen=True, slots=True)
class Verdict:
    """``is_ready`` False: something is to be done before it is handed in."""

    text: str
    is_ready: bool


def verdict(
    workspace: Workspace, findings: Collection[Finding], advice: Collection[Finding]
) -> Verdict:
    """What persistent findings make of it, with how many they are; and whether files are missing.

    Nothing is refused for a missing file, but nobody means to hand in without it.
    """
    counting = [one for one in findings if one.counts and one.persistent]
    problems = sum(one.severity is Severity.FATAL for one in counting)
    remarks = sum(one.severity is Severity.WARN for one in counting)
    if not workspace.tree.count(Area.SOURCE):
        return Verdict(_("Empty: there are no files yet"), is_ready=False)
    if problems:
        text = ngettext("Not ready: %(n)d problem", "Not ready: %(n)d problems", problems)
        return Verdict(text % {"n": problems}, is_ready=False)
    if missing := sum(one.code == Code.MISSING_FILE for one in advice):
        text = ngettext(
            "Not whole: %(n)d file is missing", "Not whole: %(n)d files are missing", missing
        )
        return Verdict(text % {"n": missing}, is_ready=False)
    if remarks:
        text = ngettext("Ready, %(n)d remark", "Ready, %(n)d remarks", remarks)
        return Verdict(text % {"n": remarks}, is_ready=True)
    return Verdict(_("Ready"), is_ready=True)


def readiness_word(workspace: Workspace) -> str:
    """Without counting, as a list of many shows it."""
    if not workspace.tree.count(Area.SOURCE):
        return _("Empty")
    words = {
        Readiness.READY: _("Ready"),
        Readiness.READY_WITH_WARNINGS: _("Ready, with remarks"),
        Readiness.ERRORS: _("Not ready"),
    }
    return words[workspace.readiness]


def state_word(workspace: Workspace, *, is_locked: bool) -> str:
    if workspace.status is Status.RELEASED:
        return _("Released")
    return _("Locked") if is_locked else _("Open")


def title_of(workspace: Workspace) -> str:
    return workspace.name or _("Workspace %(number)d") % {"number": workspace.id}
