"""What editors and TeX itself make beside a source (no. 7, 17, 19)."""

import re
from collections.abc import Iterable

from filemanager.domain.trees.areas import Area
from filemanager.sanitize.actions import Action, Remove, info, warn
from filemanager.sanitize.check import File, Tree
from filemanager.sanitize.codes import Code
from filemanager.sanitize.portable import sibling_path

_BACKUP = re.compile(r"\.tex(?:_|~|.bak)$", re.DOTALL)
_PRODUCTS = (".log", ".aux", ".out", ".blg", ".dvi", ".ps", ".pdf")


def note_backup(file: File, _tree: Tree) -> Iterable[Action]:
    """Warn of ``.tex_``, ``.tex~`` and ``.tex`` + one character + ``bak`` at the end of a name,
    in any case.

    Editors make such copies. Not of ancillary files, and before the tilde is replaced.
    """
    if file.is_ancillary or not _BACKUP.search(file.lowered):
        return ()
    message = (
        f"File '{file.name}' may be a backup file."
        " Please inspect and remove extraneous backup files."
    )
    return (warn(Code.POSSIBLE_BACKUP_FILE, message, persistent=True),)


def remove_synctex(file: File, _tree: Tree) -> Iterable[Action]:
    """Remove ``….synctex``.

    Editors use it beside a preview; the service has no use for it.
    """
    if not file.name.endswith(".synctex"):
        return ()
    message = (
        f"Removed file '{file.name}'. SyncTeX files are not used by our system and may be large."
    )
    return info(Code.DISALLOWED_FILE, message), Remove(message, Code.DISALLOWED_FILE)


def remove_products(file: File, tree: Tree) -> Iterable[Action]:
    """Remove ``.log .aux .out .blg .dvi .ps .pdf`` (any case) beside a source of the same stem.

    TeX makes it again from that source file, ``.tex`` or ``.TEX``, of the same directory.
    """
    if not file.lowered.endswith(_PRODUCTS):
        return ()
    stem = file.name.rpartition(".")[0]
    sources = (sibling_path(file.path, f"{stem}{ending}") for ending in (".tex", ".TEX"))
    if not any(tree.find(Area.SOURCE, source) for source in sources):
        return ()
    message = f"Removed file '{file.name}' due to name conflict."
    return info(Code.NAME_CONFLICT, message), Remove(message, Code.NAME_CONFLICT)
