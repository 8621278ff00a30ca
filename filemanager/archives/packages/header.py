"""The headers of an rpm: tables of tags, bounded, each value where its entry says and nowhere else.

The structure is that of the formats 3 and 4 (rpm's manual, "Package Header format"). Stricter than
the manual: values share no bytes and no tag comes twice, so that what a header says is no more than
it has bytes, and is said once.
"""

import re
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from filemanager.archives.packages.refusals import Unfit

_INTRO = struct.Struct(">8sII")
_ENTRY = struct.Struct(">IIII")
_MAGIC = b"\x8e\xad\xe8\x01\0\0\0\0"

_MOST_BYTES = 16 << 20
_MOST_ENTRIES = 4096

_STRING = 6
_STRINGS = frozenset({_STRING, 8, 9})
_BINARY = 7
_NUMBERS: Mapping[int, str] = {1: "B", 2: "B", 3: "H", 4: "I", 5: "Q"}
_WIDTHS = {_BINARY: 1, **{kind: struct.calcsize(code) for kind, code in _NUMBERS.items()}}

_NO_XML = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no index can hold (XML 1.0, 2.2)."""


@dataclass(frozen=True, slots=True)
class _Value:
    """``stop`` is behind the last byte, or the NUL of the last string."""

    kind: int
    start: int
    stop: int
    count: int


_NOTHING: Final = _Value(_STRING, 0, 0, 0)


class RpmHeader:
    """One header; ``size_bytes`` with its intro. Every method raises ``Unfit``."""

    def __init__(self, store: bytes, values: Mapping[int, _Value], size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._store = store
        self._values = values

    def __contains__(self, tag: int) -> bool:
        return tag in self._values

    def strings(self, tag: int, most: int) -> list[str]:
        """Empty where there is no such tag."""
        value = self._value(tag, _STRINGS, most)
        return _texts(self._store[value.start : value.stop])

    def first_strings(self, tag: int, count: int) -> list[str]:
        """As many or fewer; the others are not looked at."""
        value = self._value(tag, _STRINGS)
        stop = _behind_strings(self._store, value.start, min(count, value.count))
        return _texts(self._store[value.start : stop])

    def text(self, tag: int) -> str:
        """Empty where there is no such tag; of a text in several languages the first one."""
        return "".join(self.first_strings(tag, 1))

    def numbers(self, tag: int, most: int) -> tuple[int, ...]:
        """Empty where there is no such tag."""
        value = self._value(tag, _NUMBERS, most)
        code = _NUMBERS.get(value.kind, "B")
        return struct.unpack_from(f">{value.count}{code}", self._store, value.start)

    def number(self, tag: int) -> int | None:
        """None where there is no such tag; the first of several."""
        return next(iter(self.numbers(tag, _MOST_ENTRIES)), None)

    def binary(self, tag: int) -> bytes:
        """Empty where there is no such tag."""
        value = self._value(tag, (_BINARY,))
        return self._store[value.start : value.stop]

    def _value(self, tag: int, kinds: Collection[int], most: int = _MOST_BYTES) -> _Value:
        value = self._values.get(tag, _NOTHING)
        if value is not _NOTHING and value.kind not in kinds:
            raise Unfit(f"tag {tag:d} of its header is of another type than its meaning has")
        if value.count > most:
            raise Unfit(f"tag {tag:d} of its header has more than {most} values")
        return value


def read_header(file: BinaryIO) -> RpmHeader:
    """The header that begins where *file* stands, which then stands behind it. Raises ``Unfit``."""
    intro = file.read(_INTRO.size)
    if len(intro) < _INTRO.size or not intro.startswith(_MAGIC):
        raise Unfit("no header is where one should begin")
    _, count, store_bytes = _INTRO.unpack(intro)
    index_bytes = count * _ENTRY.size
    if count > _MOST_ENTRIES or index_bytes + store_bytes > _MOST_BYTES:
        raise Unfit(f"a header has more than {_MOST_BYTES >> 20} MiB or {_MOST_ENTRIES} tags")
    index, store = file.read(index_bytes), file.read(store_bytes)
    if len(index) + len(store) < index_bytes + store_bytes:
        raise Unfit("it ends in the middle of a header")
    return RpmHeader(store, _values(index, store), _INTRO.size + index_bytes + store_bytes)


def _values(index: bytes, store: bytes) -> Mapping[int, _Value]:
    """In the order of their bytes, so that all are walked over once, whatever an index says."""
    values: dict[int, _Value] = {}
    end = 0
    for tag, kind, start, count in sorted(_ENTRY.iter_unpack(index), key=_place):
        stop = _stop(store, kind, start, count)
        if start < end or stop > len(store):
            raise Unfit(f"tag {tag} of a header leaves it, or shares bytes with another")
        if tag in values:
            raise Unfit(f"a header has tag {tag} twice")
        values[tag] = _Value(kind, start, stop, count)
        end = stop
    return values


def _place(entry: tuple[int, int, int, int]) -> tuple[int, int]:
    _, _, start, count = entry
    return start, count


def _stop(store: bytes, kind: int, start: int, count: int) -> int:
    if kind in _STRINGS:
        if kind == _STRING and count != 1:
            raise Unfit("a header has a string that is several")
        return _behind_strings(store, start, count)
    width = _WIDTHS.get(kind)
    if not width or start % width:
        raise Unfit("a header has a value of no known type, or where none of its type lies")
    return start + width * count


def _behind_strings(store: bytes, start: int, count: int) -> int:
    at = start
    for _ in range(count):
        at = store.find(0, at) + 1
        if not at:
            raise Unfit("a string of a header does not end")
    return at


def _texts(raw: bytes) -> list[str]:
    """Of strings that each end with a NUL: UTF-8 or, what is none, Latin-1, as in indexes."""
    if not raw:
        return []
    try:
        texts = raw[:-1].decode().split("\0")
    except UnicodeDecodeError:
        texts = [_text(each) for each in raw[:-1].split(b"\0")]
    if any(map(_NO_XML.search, texts)):
        raise Unfit("its header holds a character that no index can")
    return texts


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
