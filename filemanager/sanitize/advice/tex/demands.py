r"""The files that a TeX text cannot do without, and those that it writes itself."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from filemanager.sanitize.advice.tex.active import active
from filemanager.sanitize.advice.tex.mentions import Family


@dataclass(frozen=True, slots=True)
class Demand:
    """``line`` is the first that names it, from 1."""

    family: Family
    name: str
    line: int


_COMMANDS = {
    Family.TEX: "input include subfile subfileinclude import subimport",
    Family.GRAPHICS: "includegraphics includepdf epsfbox epsffile begin{overpic}",
    Family.BIBLIOGRAPHY: "bibliography addbibresource",
    Family.FILE: "lstinputlisting verbatiminput VerbatimInput inputminted",
}
_FAMILIES = {name: family for family, names in _COMMANDS.items() for name in names.split()}
_BELOW = frozenset({"import", "subimport"})
"""The first argument is the directory of the second."""

# Everything that repeats is bounded or possessive, so that hostile texts take linear time.
_NAMES = "|".join(re.escape(name) for name in sorted(_FAMILIES, key=len, reverse=True))
_COMMAND = re.compile(
    rf"\\(?P<command>{_NAMES})(?![A-Za-z@])\*?\s*+(?:<[^>\n]{{0,40}}+>)?"
    r"(?:\[[^\]]{0,400}+\]\s*+){0,3}+"
    r"\{(?P<first>\{?[^{}]{1,400}+\}?[^{}]{0,60}+)\}(?:\s*+\{(?P<second>[^{}]{1,400}+)\})?"
    r"|\\input(?![A-Za-z@])[^\S\n]*+(?P<plain>[^\s{}\\%\[\]|#$\"]{1,200}+)"
)
_TESTED = re.compile(r"\\(?:InputIfFileExists|IfFileExists)\s*+\{([^{}]{1,400}+)\}")
_WRITTEN = re.compile(
    r"\\begin\s*+\{(?:filecontents\*?|VerbatimOut)\}\s*+(?:\[[^\]]{0,200}+\]\s*+)?"
    r"\{([^{}\\#]{1,400}+)\}"
    r"|\\openout\s*+(?:\\[A-Za-z@]{1,60}+|[0-9]{1,3}+)\s*+=?\s*+([^\s{}\\#%]{1,200}+)"
)
_COMPUTED = re.compile(r"[\\#|*$]|://|\ufffd")
"""Names that macros make, programs that are run, addresses, and what is no UTF-8."""

_PRODUCTS = (".aux", ".toc", ".lof", ".lot", ".out", ".ind", ".gls", ".acr", ".nls", ".thm")


def demands_in(text: str) -> Iterator[Demand]:
    """Each name once; *text* is without comments. What is named under a test is not demanded."""
    tested = {_stem(found[1]) for found in _TESTED.finditer(text)}
    seen: set[tuple[Family, str]] = set()
    acted_on = active(text)
    line, at = 1, 0
    for found in _COMMAND.finditer(acted_on):
        line += acted_on.count("\n", at, found.start())
        at = found.start()
        for family, name in _named(found):
            if (family, name) not in seen and _stem(name) not in tested:
                seen.add((family, name))
                yield Demand(family, name, line)


def written_in(text: str) -> Iterator[str]:
    """Names of files that come to be when the text is compiled; *text* is without comments."""
    for found in _WRITTEN.finditer(text):
        yield _clean(found[1] or found[2])


def _named(found: re.Match[str]) -> Iterator[tuple[Family, str]]:
    command = found["command"] or "input"
    for argument in _arguments(found, command):
        name = _clean(argument)
        if name and not _COMPUTED.search(name) and not name.endswith(_PRODUCTS):
            yield _FAMILIES[command], name


def _arguments(found: re.Match[str], command: str) -> list[str]:
    first, second = found["first"] or found["plain"], found["second"]
    if command == "inputminted":
        return [second] if second else []
    if command in _BELOW:
        return [posixpath.join(first.strip(), second.strip())] if second else []
    return first.split(",") if command == "bibliography" else [first]


def _clean(name: str) -> str:
    """Without quotes, and the braces that hide dots."""
    return re.sub(r"[{}\"]", "", name).strip()


def _stem(name: str) -> str:
    return _clean(name).removesuffix(".tex")
