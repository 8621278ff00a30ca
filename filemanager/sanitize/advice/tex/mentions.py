"""The files that a TeX text names, as the text writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a name is looked for as; it decides which endings TeX tries."""

    TEX = "t"
    GRAPHICS = "g"
    BIBLIOGRAPHY = "b"
    PACKAGE = "p"
    CLASS = "c"
    STYLE = "y"
    FILE = "f"
    DIRECTORY = "d"


@dataclass(frozen=True, slots=True)
class Mention:
    """``name`` is as written; ``*`` stands for what macros or parameters put there."""

    family: Family
    name: str


_COMMANDS = {
    Family.TEX: "input include subfile subfileinclude InputIfFileExists IfFileExists @input"
    " loadglsentries externaldocument",
    Family.GRAPHICS: "includegraphics includepdf includesvg includestandalone epsfbox epsffile"
    " plotone plottwo plotfiddle pgfimage pgfdeclareimage begin{overpic}",
    Family.BIBLIOGRAPHY: "bibliography addbibresource bibdata",
    Family.PACKAGE: "usepackage RequirePackage RequirePackageWithOptions",
    Family.CLASS: "documentclass documentstyle LoadClass LoadClassWithOptions",
    Family.STYLE: "bibliographystyle",
    Family.FILE: "lstinputlisting verbatiminput VerbatimInput inputminted csvreader"
    " pgfplotstableread DTLloaddb",
    Family.DIRECTORY: "import subimport inputfrom includefrom",
}
_FAMILIES = {name: family for family, names in _COMMANDS.items() for name in names.split()}
_SECOND_IS_FILE = frozenset({"import", "subimport", "inputfrom", "includefrom"})
_SECOND_TOO = frozenset({"plottwo", "pgfdeclareimage", "inputminted", "DTLloaddb"})

# Everything that repeats is bounded or possessive, so that hostile texts take linear time.
_NAMES = "|".join(re.escape(name) for name in sorted(_FAMILIES, key=len, reverse=True))
_COMMAND = re.compile(
    rf"\\({_NAMES})(?![A-Za-z@])\*?\s*+(?:<[^>\n]{{0,40}}+>)?"
    r"((?:\[[^\]]{0,400}+\]\s*+){0,3}+)"
    r"\{(\{?[^{}]{0,1000}+\}?[^{}]{0,60}+)\}(?:\s*+\{([^{}]{0,400}+)\})?"
)
_PLAIN = re.compile(r"\\(input|epsfbox|epsffile)(?![A-Za-z@])[^\S\n]*+([^\s{}\\%\[]{1,200}+)")
_WITH_ENDING = re.compile(
    r"[{=]\s*+([^\s{}\\=,%]{1,200}\."
    r"(?:tex|ltx|pdf_tex|pdf|png|jpe?g|e?psi?f?|svg|tikz|pgf|bib|bbl|sty|cls|txt|dat|csv|tsv|py))"
    r"\s*+[},\]]",
    re.IGNORECASE,
)
_SEARCHED = re.compile(
    r"\\(?:graphicspath|svgpath|(?:[egx]?def|renewcommand|newcommand)\s*+\*?\{?\\input@path\}?)\s*+"
    r"(?:\{\s*+((?:\{[^{}]{0,300}+\}[\s,]*+){0,50}+)\}|\{([^{}]{1,300}+)\})"
    r"|inputpath\s*+=\s*+\{?([^{},\]\s]{1,300}+)"
)
_GROUP = re.compile(r"\{([^{}]*)\}")
_COMPUTED = re.compile(r"\\[A-Za-z@]+\s?|\\.|#[0-9]|#")


def mentions_in(text: str) -> Iterator[Mention]:
    """Each time one is named; *text* is without comments."""
    for found in _COMMAND.finditer(text):
        yield from _of_command(found[1], found[2], found[3], found[4])
    for found in _PLAIN.finditer(text):
        yield from _names(_FAMILIES[found[1]], found[2])
    for found in _WITH_ENDING.finditer(text):
        yield from _names(Family.FILE, found[1])
    for found in _SEARCHED.finditer(text):
        for group in _GROUP.finditer(found[1] or f"{{{found[2] or found[3] or ''}}}"):
            yield from _names(Family.DIRECTORY, group[1])


def _of_command(name: str, options: str, first: str, second: str | None) -> Iterator[Mention]:
    family = _FAMILIES[name]
    yield from _names(family, first)
    if name == "documentstyle":
        yield from _names(Family.PACKAGE, options.strip().strip("[]"))
    if second and name in _SECOND_IS_FILE:
        yield from _names(Family.TEX, second)
    if second and name in _SECOND_TOO:
        yield from _names(family, second)


def _names(family: Family, argument: str) -> Iterator[Mention]:
    """Of a list between commas; a name may be in quotes or, for its dots, in braces."""
    for one in argument.split(","):
        name = _COMPUTED.sub("*", one).strip().strip('"')
        name = re.sub(r"[{}]", "", name).strip()
        if name:
            yield Mention(family, re.sub(r"\*.*\*|\*", "*", name, flags=re.DOTALL))
