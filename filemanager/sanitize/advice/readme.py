"""The file by which authors direct arXiv's compilation: ``00README`` in its five forms."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

README_NAMES = tuple(f"00README{end}" for end in ("", ".json", ".yaml", ".yml", ".toml", ".XXX"))
"""In the order in which they count, where there are several."""

MAX_LINES_BYTES = 64 << 10
MAX_DOCUMENT_BYTES = 8 << 10
"""Of ``00README.XXX``, which is read line by line, and of the forms that need a parser."""

MAX_KEY_PARTS = 8
"""Parsers of TOML take time by the square of a key's parts, and more of memory."""

_VERSION = 1
"""To be raised when the same bytes would be read otherwise: what was kept is then read anew."""

_TOO_LARGE = "too large"

_KEPT = ("include", "append")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """``toplevel`` are the files to be compiled, in order; ``kept`` those to be used otherwise."""

    toplevel: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    compiler: str | None = None


class ReadmeTooLarge(Exception):
    """Longer than its form may be, or with a key of too many parts."""


def most_bytes(name: str) -> int:
    return MAX_LINES_BYTES if name == "00README.XXX" else MAX_DOCUMENT_BYTES


def fact_of(name: str) -> str:
    """What is kept with a blob is called by the ending, which the reading of equal bytes needs."""
    return f"readme-{_VERSION}{_form_of(name)}"


def to_fact(name: str, data: bytes) -> str:
    """What is kept of a file of that name."""
    try:
        asked = directives(name, data)
    except ReadmeTooLarge:
        return json.dumps(_TOO_LARGE)
    return json.dumps(None if asked is None else asdict(asked))


def from_fact(text: str) -> Directives | None:
    """``directives``, of what was kept."""
    kept = json.loads(text)
    if kept == _TOO_LARGE:
        raise ReadmeTooLarge
    if kept is None:
        return None
    return Directives(
        toplevel=tuple(kept["toplevel"]), kept=tuple(kept["kept"]), compiler=kept["compiler"]
    )


def _form_of(name: str) -> str:
    return PurePosixPath(name).suffix


def directives(name: str, data: bytes) -> Directives | None:
    """What a file of that name asks for; None for one that cannot be read.

    Raises ``ReadmeTooLarge``, before a parser sees anything.

    Of YAML only the block form is read in which such files are written: no flow collections,
    anchors or multi-line texts. A whole YAML reader takes quadratic time on hostile files.
    """
    if len(data) > most_bytes(name):
        raise ReadmeTooLarge
    try:
        text = data.decode("utf-8-sig")
        return _read(_form_of(name), text)
    except (ValueError, RecursionError):
        return None


def _read(ending: str, text: str) -> Directives:
    """Raise ``ValueError`` for what cannot be read."""
    if ending == ".XXX":
        return _of_lines(text)
    if ending == ".json" or text.lstrip().startswith("{"):
        return _of_document(json.loads(text))
    if ending == ".toml":
        _ensure_short_keys(text)
        return _of_document(tomllib.loads(text))
    if ending in (".yaml", ".yml"):
        return _of_document(_yaml(text))
    return _of_lines(text)


_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEYS = re.compile(
    rf"""#[^\n]*|\"{{3}}.*?\"{{3}}|'{{3}}.*?'{{3}}|(?P<key>{_PART}(?:[ \t]*\.[ \t]*{_PART})*)""",
    re.DOTALL,
)
_DOT = re.compile(rf"{_PART}")


def _ensure_short_keys(text: str) -> None:
    for found in _KEYS.finditer(text):
        if found["key"] and len(_DOT.findall(found["key"])) > MAX_KEY_PARTS:
            raise ReadmeTooLarge


def _of_document(document: Any) -> Directives:
    """Raise ``ValueError`` for another shape."""
    if not isinstance(document, Mapping):
        raise ValueError  # noqa: TRY004  # one error for all that cannot be read
    process, sources = document.get("process") or {}, document.get("sources") or []
    if not isinstance(process, Mapping) or not isinstance(sources, list):
        raise ValueError  # noqa: TRY004  # as above
    compiler = process.get("compiler")
    return Directives(
        toplevel=tuple(_of_usage(sources, "toplevel")),
        kept=tuple(_of_usage(sources, *_KEPT)),
        compiler=compiler if isinstance(compiler, str) else None,
    )


def _of_usage(sources: list[Any], *usages: str) -> Iterator[str]:
    for source in sources:
        if isinstance(source, Mapping) and source.get("usage") in usages:
            name = source.get("filename")
            if isinstance(name, str):
                yield name


def _of_lines(text: str) -> Directives:
    """The oldest form: a file and a word on each line; unknown words are left to the compiler."""
    pairs = [line.rsplit(None, 1) for line in text.splitlines()]
    return Directives(
        toplevel=tuple(pair[0] for pair in pairs if pair[1:] == ["toplevelfile"]),
        kept=tuple(pair[0] for pair in pairs if pair[1:] == ["include"]),
    )


_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[ \t]*:(?:[ \t]+(.*))?")
_UNREAD = ("{", "[", "&", "*", "|", ">", "!")
"""What begins values that this reader does not know."""


def _yaml(text: str) -> Mapping[str, Any]:
    """``process`` and ``sources`` of a block document; other sections are passed over."""
    process: dict[str, str] = {}
    sources: list[dict[str, str]] = []
    section = ""
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#") or line == "---":
            continue
        if not line[0].isspace() and not stripped.startswith("- "):
            section = _section(stripped)
        elif section == "process":
            process |= (_pair(stripped),)
        elif section == "sources":
            _add_source(sources, stripped)
    return {"process": process, "sources": sources}


def _section(line: str) -> str:
    """Raise ``ValueError`` where what is asked for stands on the line itself."""
    name, colon, value = line.partition(":")
    if not colon or (name in ("process", "sources") and value.strip()[:1] not in ("", "#")):
        raise ValueError
    return name


def _add_source(sources: list[dict[str, str]], line: str) -> None:
    if line.startswith("- "):
        sources.append({})
    if not sources:
        raise ValueError
    sources[-1] |= (_pair(line.removeprefix("- ").lstrip()),)


def _pair(text: str) -> tuple[str, str]:
    """Raise ``ValueError`` for what is no key with a plain or quoted value."""
    found = _PAIR.fullmatch(text)
    value = (found[2] or "").strip() if found else "{"
    if found is None or value.startswith(_UNREAD):
        raise ValueError
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        if end < 0:
            raise ValueError
        return found[1], value[1:end]
    return found[1], re.split(r"(?:^|[ \t])#", value, maxsplit=1)[0].strip()
