"""How many files are missing of each workspace of a list, looked at once for each revision."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from filemanager.domain.ids import Revision, WorkspaceId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import Code
from filemanager.sanitize.registry import ARXIV
from filemanager.services.workspaces.advice import AdviceService

MOST_FILES = 1000
"""Of the workspaces that one list looks at anew, together; the rest is left to the next."""

_REMEMBERED = 100_000


class MissingFiles:
    def __init__(self, advice: AdviceService, most_files: int = MOST_FILES) -> None:
        self._advice = advice
        self._most_files = most_files
        self._known: dict[tuple[WorkspaceId, Revision], int] = {}

    def of(self, workspaces: Iterable[Workspace]) -> Mapping[WorkspaceId, int]:
        """What is left out was not looked at in full yet: ask again."""
        room, found = self._most_files, dict[WorkspaceId, int]()
        for workspace in workspaces:
            is_advised = workspace.profile == ARXIV.name
            known = self._known.get((workspace.id, workspace.revision)) if is_advised else 0
            if known is None and room > 0:
                room -= workspace.tree.count(Area.SOURCE) + workspace.tree.count(Area.ANCILLARY)
                known = self._looked_at(workspace)
            if known is not None:
                found[workspace.id] = known
        return found

    def _looked_at(self, workspace: Workspace) -> int | None:
        with suppress(WorkspaceNotFound):
            missing = count_missing(self._advice.of(workspace.id, workspace.revision))
            if missing is not None:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[workspace.id, workspace.revision] = missing
            return missing
        return None


def count_missing(advice: Collection[Finding]) -> int | None:
    """None: not every file was looked at yet."""
    if any(one.code == Code.ADVICE_INCOMPLETE for one in advice):
        return None
    return sum(one.code == Code.MISSING_FILE for one in advice)
