"""What the files that were sent became."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from filemanager.domain.ids import Digest
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Altered, TreeChange
from filemanager.domain.workspaces.workspace import Workspace
from filemanager.sanitize.codes import Code


@dataclass(frozen=True, slots=True)
class Became:
    """The public paths sent, each with the one it has now; None: it has none.

    ``digests`` are those of what was written, by its public path. ``change`` is what was done to
    the tree, ``origins`` which of the files sent its files were or came in, by their number.
    """

    workspace: Workspace
    paths: Mapping[str, str | None]
    digests: Mapping[str, Digest]
    change: TreeChange
    origins: Mapping[tuple[Area, str], int]


def paths_after(sent: Iterable[str], altered: Sequence[Altered]) -> Mapping[str, str | None]:
    """Where the files at the public paths went, by the alterations in their order.

    What gave way to another file had no part of it.
    """
    became: dict[str, str | None] = {path: path for path in sent}
    here = {path: [path] for path in became}
    for one in altered:
        if one.code == Code.ARCHIVE_MEMBER_RENAMED or one.before not in here:
            continue
        moved = here.pop(one.before)
        became.update(dict.fromkeys(moved, one.after))
        if one.after is not None:
            here[one.after] = [*here.get(one.after, ()), *moved]
    return became


def digests_put(change: TreeChange) -> Mapping[str, Digest]:
    """Those of what *change* puts, by public path; what it takes out is not among them."""
    return {one.public_path: one.digest for one in change.put if one.area is not Area.REMOVED}
