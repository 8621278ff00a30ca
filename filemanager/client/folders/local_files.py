"""The files of a local directory, as they are to be sent."""

import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from filemanager.client.connection import BLOCK_BYTES, Readable
from filemanager.client.errors import ClientError, FileChanged
from filemanager.client.folders.choosing import Choice, choose


class Parcel(Protocol):
    """What goes with one upload: ``path`` is what it is called there, and ``metadata`` says so.

    Two of one ``sha256`` have the same bytes.
    """

    @property
    def path(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def metadata(self) -> Mapping[str, str]: ...

    def content_bytes(self, start: int, stop: int) -> int:
        """How many of the bytes ``[start, stop)`` are those of files."""

    def body(
        self, start: int, stop: int, watch: Callable[[int], None]
    ) -> AbstractContextManager[Readable]:
        """Bytes ``[start, stop)``; *watch* is told of each block read."""

    def ensure_same(self) -> None:
        """Raise ``FileChanged`` where a file was written since it was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """``path`` is the public path in the workspace: relative, in NFC. A parcel by itself."""

    path: str
    place: Path
    size_bytes: int
    modified_ns: int
    sha256: str

    @property
    def metadata(self) -> Mapping[str, str]:
        return {"path": self.path}

    def content_bytes(self, start: int, stop: int) -> int:
        return stop - start

    @contextmanager
    def body(self, start: int, stop: int, watch: Callable[[int], None]) -> Iterator[Readable]:
        with self.place.open("rb") as stream:
            yield Slice(stream, start, stop, watch)

    def ensure_same(self) -> None:
        found = self.place.stat()
        if (found.st_size, found.st_mtime_ns) != (self.size_bytes, self.modified_ns):
            raise FileChanged(f"{self.place} was changed while it was sent. Push again.")


class Slice:
    """Bytes ``[start, stop)`` of an open file as a body; tells *watch* of each block read."""

    def __init__(
        self, stream: BinaryIO, start: int, stop: int, watch: Callable[[int], None]
    ) -> None:
        stream.seek(start)
        self._stream = stream
        self._length = self._left = stop - start
        self._watch = watch

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """Raises ``FileChanged`` where the file has become shorter: a body cannot end early."""
        wanted = self._left if size < 0 else min(size, self._left)
        block = self._stream.read(wanted)
        if len(block) < wanted:
            raise FileChanged(f"{self._stream.name} became shorter while it was sent. Push again.")
        self._left -= len(block)
        self._watch(len(block))
        return block


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was read. ``left_out`` are the paths that are not sent, to be shown."""

    directory: Path
    files: Sequence[LocalFile]
    left_out: Sequence[str]


def read_folder(directory: Path, choice: Choice, watch: Callable[[int], None]) -> Folder:
    """Read and hash every file of *directory* that is to be sent, by path.

    Raises ``ClientError`` for a name that is not UTF-8, and for two that differ only in how they
    write their accents.
    """
    if not directory.is_dir():
        raise ClientError(f"{directory} is no directory.")
    chosen = choose(directory, choice)
    places: dict[str, Path] = {}
    for place in chosen.places:
        path = _public_path(place.relative_to(directory))
        if path in places:
            raise ClientError(f"Two files are called {path!r}. Rename one of them.")
        places[path] = place
    files = [local_file(place, path, watch) for path, place in places.items()]
    return Folder(directory, files, chosen.left_out)


def local_file(place: Path, path: str, watch: Callable[[int], None]) -> LocalFile:
    """Read and hash a file that is called *path* elsewhere."""
    with place.open("rb") as stream:
        found = os.fstat(stream.fileno())
        return LocalFile(
            path=path,
            place=place,
            size_bytes=found.st_size,
            modified_ns=found.st_mtime_ns,
            sha256=sha256_of(stream, watch),
        )


def sha256_of(stream: BinaryIO, watch: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
        watch(len(block))
    return digest.hexdigest()


def _public_path(relative: Path) -> str:
    path = unicodedata.normalize("NFC", relative.as_posix())
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = os.fsencode(relative).decode(errors="backslashreplace")
        raise ClientError(f"The name of '{shown}' is not UTF-8. Rename it.") from error
    return path
