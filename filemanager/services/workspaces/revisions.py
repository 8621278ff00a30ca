"""What every change of a workspace ends with: its room, its row and its lines in both logs."""

from collections.abc import Iterable
from dataclasses import replace

from filemanager.domain.ports import Transaction
from filemanager.domain.trees.findings import readiness_by
from filemanager.domain.workspaces.log import LogLine
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.services.workspaces.room import Room, count_kept, ensure_room


def save_revision(
    tx: Transaction,
    before: Workspace,
    after: Workspace,
    lines: Iterable[LogLine],
    *,
    room: Room | None = None,
) -> Workspace:
    """Save *after*, whose tree was made of that of the locked *before*, and log it.

    Its readiness becomes what its findings say. What its tree keeps more is counted within *room*,
    so this raises ``QuotaExceeded`` and ``WorkspaceFull``; without one nothing is refused.
    """
    if room is None:
        count_kept(tx, before, after.tree)
    else:
        ensure_room(tx, before, after.tree, room)
    saved = replace(after, readiness=readiness_by(tx.trees.severities(after.tree)))
    tx.workspaces.save(saved)
    tx.logs.append(lines)
    return saved
