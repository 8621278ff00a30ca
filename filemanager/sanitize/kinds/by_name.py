"""The kind of a file by its name alone."""

import re

from filemanager.domain.trees.kinds import FileKind

_AUXILIARY = re.compile(
    r"\.(?:sty|cls|mf|bbl|bst|tfm|ax|def|log|hrfldf|cfg|clo|inx|end|fgx|tbx|rtx|rty|toc|[0-9]*pk)$",
    re.IGNORECASE,
)
_NAMES = {
    "00README.XXX": FileKind.README,
    "head.tmp": FileKind.ALWAYS_IGNORE,
    "body.tmp": FileKind.ALWAYS_IGNORE,
    "missfont.log": FileKind.ABORT,
}
_ENDINGS = (
    (re.compile(r"\.abs$"), FileKind.ABS),
    (re.compile(r"\.fig$"), FileKind.IGNORE),
    (re.compile(r"\.nb$", re.IGNORECASE), FileKind.NOTEBOOK),
    (re.compile(r"\.inp$", re.IGNORECASE), FileKind.INPUT),
    (re.compile(r"\.html?$", re.IGNORECASE), FileKind.HTML),
    (re.compile(r"\.cry$"), FileKind.ENCRYPTED),
)

_POSTSCRIPT = re.compile(r"\.e?ps[fi]?(?![a-z])")


def kind_of_name(name: str) -> FileKind | None:
    """None where the bytes must tell. *name* is the last segment of a path."""
    if known := _NAMES.get(name):
        return known
    if _AUXILIARY.search(name):
        return FileKind.TEXAUX
    return next((kind for ending, kind in _ENDINGS if ending.search(name)), None)


def is_called_postscript(ending: str) -> bool:
    """*ending* is of the name, in lower case, with its full stop: ``.eps``, ``.ps_page_4``."""
    return _POSTSCRIPT.match(ending) is not None
