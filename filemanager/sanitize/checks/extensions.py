"""Endings that must tell the kind (no. 24)."""

from collections.abc import Iterable

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.checks.renames import renamed_if_free
from filemanager.sanitize.codes import Code

_ENDINGS = {FileKind.POSTSCRIPT: ".ps", FileKind.PDF: ".pdf", FileKind.HTML: ".html"}


def fix_extension(file: File, tree: Tree) -> Iterable[Action]:
    """Give PostScript, PDF and HTML the endings ``.ps``, ``.pdf`` and ``.html``.

    The endings tell TeX what a figure is. Not over another file.
    """
    ending = _ENDINGS.get(file.kind)
    if ending is None or file.name.endswith(ending):
        return ()
    stem = file.name.rpartition(".")[0] or file.name
    return renamed_if_free(
        file, tree, f"{stem}{ending}", Code.FIXED_EXTENSION, "Renamed '{old}' to '{new}'."
    )
