"""The bucket's form: any number of files, hashed twice on their way into the scratch space."""

import hashlib
from collections.abc import Callable
from itertools import count
from typing import cast

from werkzeug.datastructures import FileStorage

from filemanager.api.http.requests import Part, parse_form
from filemanager.domain.blobs.blob import Content
from filemanager.domain.bucket.drop import NoFileInForm, NoFileSelected, TooManyDrops
from filemanager.domain.intake.scratch import ScratchWriter
from filemanager.services.bucket.paths import path_from
from filemanager.services.bucket.stages import MD5, SHA256, SentFile, checksum_of
from filemanager.services.intake import Spool

_SPARE_PARTS = 100
"""Fields, and inputs of the form that nobody filled, may come beside the files."""


class HashingWriter:
    """A scratch writer that works out one more digest; ``value`` is that of what was written."""

    def __init__(self, writer: ScratchWriter, algorithm: str) -> None:
        self._writer = writer
        self._found = hashlib.new(algorithm, usedforsecurity=False)

    def write(self, data: bytes | memoryview) -> int:
        self._found.update(data)
        return self._writer.write(data)

    def finish(self) -> Content:
        return self._writer.finish()

    @property
    def value(self) -> str:
        return self._found.hexdigest()


class _HashedPart(Part):
    """A part of the form with the checksum of what came in it."""

    def __init__(self, writer: ScratchWriter, checksum: Callable[[Content], str]) -> None:
        super().__init__(writer)
        self._checksum = checksum

    def sent(self, name: str) -> SentFile | None:
        if self.content is None:
            return None
        return SentFile(path_from(name), self.content, self._checksum(self.content))


def read_files(spool: Spool, algorithm: str, most: int) -> list[SentFile]:
    """Every part ``file`` that has a name, in the order of the form; at most so many.

    Raises ``NoFileInForm``, ``NoFileSelected``, ``NothingLeftOfName``, ``TooManyDrops``,
    ``FormTooLarge`` or ``RequestTooLarge``.
    """
    opened = count(1)

    def open_part(_name: str) -> Part:
        # Before what is too much was read; those without a name are told apart only behind it.
        if next(opened) > most + _SPARE_PARTS:
            raise TooManyDrops(most)
        return _part(spool, algorithm)

    parsed = parse_form(open_part, most + 2 * _SPARE_PARTS)
    found = [] if parsed is None else parsed[1].getlist("file")
    if not found:
        raise NoFileInForm
    sent = [one for file in found if file.filename and (one := _sent(file, file.filename))]
    if not sent:
        raise NoFileSelected
    if len(sent) > most:
        raise TooManyDrops(most)
    return sent


def _part(spool: Spool, algorithm: str) -> Part:
    writer = spool.scratch.writer(needs_md5=algorithm == MD5)
    if algorithm in (SHA256, MD5):
        # The scratch space works them out itself.
        return _HashedPart(writer, lambda content: checksum_of(content, algorithm))
    hashing = HashingWriter(writer, algorithm)
    return _HashedPart(hashing, lambda _: hashing.value)


def _sent(file: FileStorage, name: str) -> SentFile | None:
    return cast("_HashedPart", file.stream).sent(name)  # the parser keeps the object it was given
