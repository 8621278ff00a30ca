r"""The part of a TeX text that TeX acts on: what is shown word for word or left out is not."""

import re

_SHOWN = (
    *("verbatim", "Verbatim", "BVerbatim", "LVerbatim", "SaveVerbatim", "VerbatimOut"),
    *("boxedverbatim", "spverbatim", "lstlisting", "minted", "tcblisting", "listing"),
    *("codeexample", "comment", "xcomment", "filecontents", "luacode", "pycode", "python"),
    *("asy", "asydef", "sageblock", "sagesilent", "markdown", "scontents"),
)
_START = re.compile(
    rf"\\begin[ \t]{{0,9}}\{{(?P<shown>(?:{'|'.join(_SHOWN)})\*?)\}}"
    r"|\\(?:verb|lstinline)\*?(?P<mark>[^A-Za-z\s*{\[])"
    r"|(?P<off>\\iffalse)(?![A-Za-z@])"
    r"|(?P<end>\\endinput(?![A-Za-z@])|\\end[ \t]{0,9}\{document\})"
)
_BRANCH = re.compile(r"\\(?:(if[A-Za-z@]*+)|(fi|else)(?![A-Za-z@]))")
_NOT_A_TEST = frozenset({"ifthenelse", "iff"})
_LINE = re.compile(r"[^\n]+")
_MAX_INLINE = 1000
"""Characters that are shown within a line; more would take quadratic time in a hostile text."""


def active(text: str) -> str:
    r"""*text*, which is without comments, without what TeX does not act on.

    Lines keep their numbers. Where an end is missing everything behind goes: it is better to
    say nothing of it. The opening of an environment stays.
    """
    kept: list[str] = []
    at = 0
    while found := _START.search(text, at):
        stop = _end_of(text, found)
        start = found.end() if found["shown"] else found.start()
        kept += [text[at:start], _LINE.sub("", text[start:stop])]
        at = stop
    return "".join([*kept, text[at:]])


def _end_of(text: str, found: re.Match[str]) -> int:
    if found["end"]:
        return len(text)
    if found["off"]:
        return _end_of_branch(text, found.end())
    if found["mark"]:
        line_end = _index(text, "\n", found.end(), found.end() + _MAX_INLINE)
        return min(_index(text, found["mark"], found.end(), line_end) + 1, line_end)
    return _index(text, f"\\end{{{found['shown']}}}", found.end())


def _index(text: str, end: str, start: int, stop: int | None = None) -> int:
    """Where *end* begins; *stop*, or the end of the text, where it is missing."""
    limit = len(text) if stop is None else min(stop, len(text))
    index = text.find(end, start, limit)
    return limit if index < 0 else index


def _end_of_branch(text: str, start: int) -> int:
    r"""Behind the ``\else`` or ``\fi`` that belongs to a test before *start*."""
    depth = 0
    for found in _BRANCH.finditer(text, start):
        if found[1]:
            depth += found[1] not in _NOT_A_TEST
        elif depth == 0:
            return found.end()
        elif found[2] == "fi":
            depth -= 1
    return len(text)
