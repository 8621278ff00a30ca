"""What checks changed, in words, and how each is undone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from filemanager.api.pages.texts import Said, _, said
from filemanager.domain.trees.tree import Alteration, Altered
from filemanager.sanitize.codes import RESTORABLE
from filemanager.services.workspaces.edits import DELETED


@dataclass(frozen=True, slots=True)
class ShownChange:
    """``undo`` names the change of a rewritten file, ``back`` the path of one to bring back."""

    message: Said
    path: str
    undo: str | None = None
    back: str | None = None


def changes(altered: Sequence[Altered]) -> list[ShownChange]:
    return [_shown(one) for one in altered]


def summed_up(altered: Sequence[Altered], added: int | None) -> str:
    """``12 added, 1 renamed, 3 taken out``; empty where there is nothing to tell."""
    counts = Counter(one.alteration for one in altered)
    words = {
        Alteration.UNPACKED: _("%(n)d unpacked"),
        Alteration.RENAMED: _("%(n)d renamed"),
        Alteration.REWRITTEN: _("%(n)d rewritten"),
        Alteration.REMOVED: _("%(n)d taken out"),
    }
    told = [] if added is None else [_("%(n)d added") % {"n": added}]
    told += [text % {"n": counts[one]} for one, text in words.items() if counts[one]]
    return ", ".join(told)


def _shown(altered: Altered) -> ShownChange:
    message = said(altered.message or altered.code)
    match altered.alteration:
        case Alteration.REWRITTEN if altered.before_digest and altered.file is not None:
            return ShownChange(message, altered.after or altered.before, undo=altered.id)
        case Alteration.REMOVED if may_come_back(altered.code):
            return ShownChange(message, altered.before, back=altered.before)
        case _:
            return ShownChange(message, altered.after or altered.before)


def may_come_back(code: str | None) -> bool:
    """Whether a removed file may: a person took it out, or a check that took it for junk."""
    return code == DELETED or code in RESTORABLE
