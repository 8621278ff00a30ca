"""Reference files of package-r (``<name>.source``): a line, or an object of JSON, for each item."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from filemanager.domain.errors import TooLarge
from filemanager.domain.ids import MAX_ID, Digest
from filemanager.domain.packages.errors import ReferenceRefused
from filemanager.domain.trees.errors import PathRefused
from filemanager.domain.trees.tree import TreePath

FILE_BYTES = 10_000_000
LINE_BYTES = 64 << 10
MOST = 100_000
"""References of one file."""

_MOST_BRACKETS = 4 * MOST
"""Of JSON: a file full of them would be a hundred times as large in memory."""

_NAMES = ("name", "filename")
_URLS = ("url", "download_url", "link", "href")
_DIGESTS = ("sha256", "checksum", "hash", "md5", "computed_md5")
_SHA256_DIGITS, _MD5_DIGITS = 64, 32
_UNSEEN = frozenset({"Cc", "Cs"})
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """``line`` is counted from 1, of JSON the object. ``where`` is a URL, or a path in a source; of
    that nothing else is told.
    """

    line: int
    path: TreePath
    where: str
    size_bytes: int | None = None
    sha256: Digest | None = None
    md5: str | None = None

    @property
    def is_url(self) -> bool:
        return "://" in self.where


class ReferencesTooLarge(TooLarge):
    code = "references_too_large"

    def __init__(self) -> None:
        super().__init__(
            f"A file of references may have {FILE_BYTES} bytes, {LINE_BYTES} in one line, and"
            f" {MOST} references."
        )


def references_of(data: bytes) -> list[Reference]:
    """Read a whole file, or refuse all of it.

    Raises ``ReferencesTooLarge``, and ``ReferenceRefused`` naming the line.
    """
    if len(data) > FILE_BYTES:
        raise ReferencesTooLarge
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ReferenceRefused(line, "it is not UTF-8") from error
    is_json = text.lstrip().startswith("[")
    references = _of_objects(text) if is_json else _of_lines(text)
    found = list(islice(references, MOST + 1))
    if len(found) > MOST:
        raise ReferencesTooLarge
    return found


def _of_lines(text: str) -> Iterator[Reference]:
    # Other characters that end lines elsewhere are none here: they would be of a name.
    for number, raw in enumerate(StringIO(text, newline="\n"), 1):
        line = raw.removesuffix("\n").removesuffix("\r").strip(" ")
        if len(line.encode()) > LINE_BYTES:
            raise ReferencesTooLarge
        if line:
            yield Reference(line=number, path=_path(number, _named(line)), where=line)


def _of_objects(text: str) -> Iterator[Reference]:
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise ReferencesTooLarge
    try:
        objects = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ReferenceRefused(line, "the file is not JSON") from error
    for number, one in enumerate(objects, 1):
        if not isinstance(one, dict):
            raise ReferenceRefused(number, "it is no JSON object")
        yield _of_object(number, one)


def _of_object(number: int, one: Mapping[str, object]) -> Reference:
    where = _text(number, one, _URLS)
    if not where:
        raise ReferenceRefused(number, f"it has none of {', '.join(_URLS)}")
    if any(unicodedata.category(character) in _UNSEEN for character in where):
        raise ReferenceRefused(number, "its URL or path holds control characters")
    sha256 = _digest(number, one, _SHA256_DIGITS)
    return Reference(
        line=number,
        path=_path(number, _text(number, one, _NAMES) or _named(where)),
        where=where,
        size_bytes=_size(number, one.get("size")),
        sha256=None if sha256 is None else Digest(sha256),
        md5=_digest(number, one, _MD5_DIGITS),
    )


def _text(number: int, one: Mapping[str, object], names: tuple[str, ...]) -> str:
    found = next((one[name] for name in names if one.get(name) is not None), "")
    if not isinstance(found, str) or len(found.encode("utf-8", "replace")) > LINE_BYTES:
        raise ReferenceRefused(number, "a name, URL or digest in it is no text")
    return found


def _size(number: int, size: object) -> int | None:
    if size is None:
        return None
    if isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= MAX_ID:
        return size
    raise ReferenceRefused(number, "its size is not a number of bytes")


def _digest(number: int, one: Mapping[str, object], digits: int) -> str | None:
    """The first of that length: what the others are is told by theirs."""
    texts = (_text(number, one, (name,)) for name in _DIGESTS)
    found = (text.rpartition(":")[2].lower() for text in texts)
    return next((text for text in found if len(text) == digits and _HEX.issuperset(text)), None)


def _named(where: str) -> str:
    """Without a name, the text behind ``://`` is the name, as in the original."""
    return where.partition("://")[2] or where


def _path(number: int, name: str) -> TreePath:
    try:
        return TreePath.parse(name)
    except PathRefused as refused:
        raise ReferenceRefused(number, f"the name {name[:120]!r}: {refused.why}") from refused
