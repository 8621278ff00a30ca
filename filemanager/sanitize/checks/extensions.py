"""Endings that must tell the kind (no. 24)."""

from collections.abc import Iterable

from filemanager.domain.trees.kinds import FileKind
from filemanager.sanitize.actions import Action
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.checks.renames import renamed_if_free
from filemanager.sanitize.codes import Code
from filemanager.sanitize.kinds.by_bytes import HEAD_BYTES
from filemanager.sanitize.kinds.by_name import kind_of_name
from filemanager.sanitize.kinds.guessing import ending_of
from filemanager.sanitize.kinds.programs import is_script, opens_as

_ENDINGS = {FileKind.POSTSCRIPT: ".ps", FileKind.PDF: ".pdf", FileKind.HTML: ".html"}


def fix_extension(file: File, tree: Tree) -> Iterable[Action]:
    """Give PostScript, PDF and HTML the endings ``.ps``, ``.pdf`` and ``.html``.

    The endings tell TeX what a figure is. Not over another file, and of ancillary files and
    programs only those that begin as such: words in them are no kind.
    """
    ending = _ENDINGS.get(file.kind)
    if ending is None or file.name.endswith(ending) or not _is_meant(file):
        return ()
    stem = file.name.rpartition(".")[0] or file.name
    return renamed_if_free(
        file, tree, f"{stem}{ending}", Code.FIXED_EXTENSION, "Renamed '{old}' to '{new}'."
    )


def _is_meant(file: File) -> bool:
    head = file.content.head(HEAD_BYTES)
    if not file.is_ancillary and not is_script(head, ending_of(file)):
        return True
    return kind_of_name(file.name) is file.kind or opens_as(file.kind, head)
