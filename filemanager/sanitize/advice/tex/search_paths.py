"""Where a source's own tools let TeX look: ``TEXINPUTS`` in a file that directs a compilation."""

import posixpath
import re
from collections.abc import Iterator

_NAMES = frozenset(
    {"latexmkrc", ".latexmkrc", "makefile", "gnumakefile", "00readme", "arara.yaml", "justfile"}
)
_VARIABLE = re.compile(r"(?:TEX|BIB|BST)INPUTS([^\n]{0,400})")
_WORD = re.compile(r"[^\s:;,'\"=(){}\[\]<>$`]+")
_DIRECTORY = re.compile(r"[A-Za-z0-9_.+-]+(?:/+[A-Za-z0-9_.+-]+)*/*")
MAX_SEARCHED = 20


def directs_compilation(path: str) -> bool:
    """By its name, in any case and directory."""
    name = posixpath.basename(path).lower()
    return name in _NAMES or name.startswith("00readme.") or name.endswith((".mk", ".latexmkrc"))


def searched_in(text: str) -> Iterator[str]:
    """What may be directories; words that are none do no harm, being nowhere in the tree."""
    for found in _VARIABLE.finditer(text):
        for word in _WORD.findall(found[1]):
            if _DIRECTORY.fullmatch(word):
                directory = posixpath.normpath(word)
                if directory != "." and not directory.startswith(".."):
                    yield directory
