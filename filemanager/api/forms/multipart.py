"""Multipart forms as people's programs write them: parts, their file names and their encodings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from werkzeug.datastructures import FileStorage, Headers, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from filemanager.api.forms.encodings import transfer_decoder

DISPOSITION: Final = "Content-Disposition"

_END = r'"\s*(?:;\s*[\w*-]+\s*=|$)'
_QUOTED = re.compile(rf'="((?:[^"\\]|\\(?!")|\\(?={_END})|\\"(?!{_END[1:]}))*)(?={_END})')
_ESCAPED = re.compile(r'(?:[^\\]|\\\\|\\")*')
_LITERAL_BACKSLASH = re.compile(r'\\(?!")')
_ANY_BOUNDARY = b"-"
_BEHIND_BOUNDARY = re.compile(rb"(--[^\S\n\r]*(?:\r\n|\n|\r)?|[^\S\n\r]*(?:\r\n|\n|\r))")
_WINDOWS_PATH = re.compile(r"[A-Za-z]:\\|\\\\")

Fields = MultiDict[str, str]
Files = MultiDict[str, FileStorage]
OpenPart = Callable[[str], IO[bytes]]
"""Given the name of the file, as it was sent."""


def unreadable_form(error: ValueError) -> BadRequest:
    """In our words: a parser's are for whoever runs it."""
    if isinstance(error, UnicodeDecodeError):
        return BadRequest("The form could not be read: a name in it is not UTF-8.")
    return BadRequest("The form could not be read: it breaks off, or a part has no name.")


@dataclass(slots=True)
class FormParser:
    """Takes parts in order; a file goes where ``open_part`` says, a field stays in memory.

    Both raise ``RequestEntityTooLarge`` beyond their limit.
    """

    open_part: OpenPart
    max_parts: int
    max_memory_bytes: int
    fields: Fields = field(default_factory=MultiDict)
    files: Files = field(default_factory=MultiDict)

    def parse(self, chunks: Iterator[bytes], boundary: bytes) -> None:
        """Raises ``BadRequest`` and what ``open_part`` raises."""
        decoder = _Decoder(boundary, self.max_memory_bytes, max_parts=self.max_parts)
        events = _events(decoder, chunks)
        try:
            for event in events:
                if isinstance(event, File):
                    self._take_file(event, events)
                elif isinstance(event, Field):
                    self._take_field(event, events)
        except ValueError as error:
            raise unreadable_form(error) from error

    def _take_file(self, part: File, events: Iterator[Event]) -> None:
        target = self.open_part(part.filename or "")
        decode = transfer_decoder(part.headers, part.name or "")
        for data in _data(events):
            target.write(decode.some(data))
        target.write(decode.rest())
        target.seek(0)
        file = FileStorage(target, part.filename, part.name, headers=part.headers)
        self.files.add(part.name, file)

    def _take_field(self, part: Field, events: Iterator[Event]) -> None:
        decode = transfer_decoder(part.headers, part.name or "")
        value = bytearray()
        for data in _data(events):
            value += decode.some(data)
            if len(value) > self.max_memory_bytes:
                raise RequestEntityTooLarge
        value += decode.rest()
        self.fields.add(part.name, value.decode("utf-8", "replace"))


def last_part(file: FileStorage) -> str:
    r"""The file's name; of a full path of Windows what follows the last backslash.

    ``C:\fakepath\a.tex`` and ``\\server\share\a.tex`` are ``a.tex``, as the original's parser had
    it; ``a\b.tex`` is a name.
    """
    name = file.filename or ""
    if not _WINDOWS_PATH.match(name):
        return name
    return name.rstrip("\\").rpartition("\\")[2] or name


@dataclass(frozen=True, slots=True)
class _Found:
    """As much of a ``re.Match`` as the decoder looks at."""

    begin: int
    rest: re.Match[bytes]

    def start(self) -> int:
        return self.begin

    def end(self) -> int:
        return self.rest.end()

    def group(self, number: int) -> bytes:
        return self.rest.group(number)


@dataclass(frozen=True, slots=True)
class _Boundary:
    """Searched for as the decoder's two patterns do. A boundary is new with each form, and to make
    patterns of it takes longer than all else of the form.
    """

    mark: bytes
    needs_line_break: bool

    def search(self, data: bytearray, position: int = 0) -> _Found | None:
        at = data.find(self.mark, position)
        while at >= 0:
            begin = _line_break_before(data, at, position)
            rest = _BEHIND_BOUNDARY.match(data, at + len(self.mark))
            if rest is not None and (begin < at or not self.needs_line_break):
                return _Found(begin, rest)
            at = data.find(self.mark, at + 1)
        return None


def _line_break_before(data: bytearray, at: int, position: int) -> int:
    """Where the line break begins that ends at *at*; *at* where there is none."""
    before = data[max(position, at - 2) : at]
    if before == b"\r\n":
        return at - 2
    return at - 1 if before.endswith((b"\r", b"\n")) else at


class _Decoder(MultipartDecoder):
    def __init__(self, boundary: bytes, max_memory_bytes: int, *, max_parts: int) -> None:
        super().__init__(_ANY_BOUNDARY, max_memory_bytes, max_parts=max_parts)
        self.boundary = boundary
        mark = b"--" + boundary
        self.preamble_re = _Boundary(mark, needs_line_break=False)  # type: ignore[assignment]  # it is asked for what this has
        self.boundary_re = _Boundary(mark, needs_line_break=True)  # type: ignore[assignment]  # the same

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        headers = super()._parse_headers(data)
        if DISPOSITION in headers:
            headers[DISPOSITION] = _QUOTED.sub(_with_escapes, headers[DISPOSITION])
        return headers


def _with_escapes(quoted: re.Match[str]) -> str:
    """Browsers leave backslashes as they are, other programs write two: what is wrong as the one
    is the other. A name that ends with one would go on behind its quotation mark.
    """
    value = quoted[1]
    if _ESCAPED.fullmatch(value):
        return quoted[0]
    return '="' + _LITERAL_BACKSLASH.sub(r"\\\\", value)


def _events(decoder: MultipartDecoder, chunks: Iterator[bytes]) -> Iterator[Event]:
    for chunk in chunks:
        decoder.receive_data(chunk)
        yield from _events_at_hand(decoder)
    decoder.receive_data(None)
    yield from _events_at_hand(decoder)


def _events_at_hand(decoder: MultipartDecoder) -> Iterator[Event]:
    while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
        yield event


def _data(events: Iterator[Event]) -> Iterator[bytes]:
    """Up to the end of the part that began last."""
    for event in events:
        if isinstance(event, Data):
            yield event.data
            if not event.more_data:
                return
