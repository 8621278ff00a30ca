"""What TeX Live itself has that a source can name, by a list made of Debian's packages."""

from functools import cache
from importlib.resources import files

_LIST = "texlive_names.txt"


@cache
def texlive_names() -> frozenset[str]:
    """Names of files without directories; ``make texlive-names`` writes the list."""
    text = (files("filemanager.sanitize.advice.tex") / _LIST).read_text("ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
