"""What a file may be called in a TeX text, where endings are left out."""

import posixpath
from collections.abc import Iterator, Mapping

from filemanager.sanitize.advice.tex.mentions import Family

_IMAGES = (".pdf", ".png", ".jpg", ".jpeg", ".mps", ".jbig2", ".jb2", ".eps", ".ps", ".svg", ".tex")
ENDINGS: Mapping[Family, tuple[str, ...]] = {
    Family.TEX: (".tex", ".ltx"),
    Family.GRAPHICS: (*_IMAGES, *(ending.upper() for ending in _IMAGES), ".eps.gz", ".pdf_tex"),
    Family.BIBLIOGRAPHY: (".bib",),
    Family.PACKAGE: (".sty",),
    Family.CLASS: (".cls", ".sty"),
    Family.STYLE: (".bst",),
    Family.FILE: ("",),
}
"""What TeX puts behind a name; every family takes the name as it is, too."""

_CONVERTED = "-eps-converted-to.pdf"
"""What the package ``epstopdf`` makes of a figure, and reads in its place."""

MAX_DIRECTORIES = 20
"""In which names are looked for, at most."""


def names_of(path: str) -> Iterator[tuple[str, str]]:
    """What a path may be called in a text, and the ending that is left out then."""
    yield path, ""
    stem, ending = posixpath.splitext(path)
    yield stem, ending
    if ending == ".gz":
        inner = posixpath.splitext(stem)
        yield inner[0], inner[1] + ending
    if path.endswith(_CONVERTED):
        figure = path.removesuffix(_CONVERTED)
        yield from ((figure, ".eps"), (f"{figure}.eps", ""))
