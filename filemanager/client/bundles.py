"""Bundles: many files as one body, whose order and bytes follow from paths and digests alone."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate

from filemanager.client.connection import Readable
from filemanager.client.errors import FileChanged
from filemanager.client.folders.local_files import LocalFile, Parcel

SMALL_BYTES = 1 << 20
"""Up to this size a file goes in a bundle; a larger one has an upload that goes on by itself."""

BUNDLE_BYTES = 64 << 20
"""Services and what stands before them take this much in one request, and it is sent again where a
file of it changed after a stop.
"""

BUNDLE_FILES = 2000
"""Every service takes as many; several bundles travel, and are read, side by side."""

_BLOCK_BYTES = 512
_END = bytes(2 * _BLOCK_BYTES)
_NAME_BYTES = 100
_OTHER_NAME = b"file"
_BEHIND = bytes(100) + b"ustar\x0000" + bytes(247)
_SUM_BEHIND = sum(_BEHIND)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a bundle; of one that ``is_known`` to the service no bytes are sent.

    ``all_bytes`` are all that it takes up, ``head_bytes`` those before its own.
    """

    file: LocalFile
    is_known: bool
    head_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        # Frozen, and needed as often as somebody asks where it begins.
        object.__setattr__(self, "head_bytes", len(self.head()))

    @property
    def sent_bytes(self) -> int:
        return 0 if self.is_known else self.file.size_bytes

    @property
    def all_bytes(self) -> int:
        return self.head_bytes + self.sent_bytes + -self.sent_bytes % _BLOCK_BYTES

    @property
    def line(self) -> bytes:
        """Two of one line have one head and the same bytes behind it."""
        file = self.file
        return f"{file.path}\0{file.sha256} {file.size_bytes} {self.is_known}\n".encode()

    def head(self) -> bytes:
        """What stands before its bytes: a pax header of what it is, and a header of its name."""
        file, name = self.file, self.file.path.encode()
        records = _record(b"FILEMANAGER.sha256", file.sha256.encode())
        if self.is_known:
            records += _record(b"FILEMANAGER.size", b"%d" % file.size_bytes)
        if len(name) > _NAME_BYTES or not name.isascii():
            records += _record(b"path", name)
            name = _OTHER_NAME
        pax = _header(b"PaxHeader", b"x", len(records))
        return pax + _padded(records) + _header(name, b"0", self.sent_bytes)

    def data(self) -> bytes:
        """Raises ``FileChanged``."""
        data = b"" if self.is_known else self.file.place.read_bytes()
        if len(data) != self.sent_bytes:
            raise FileChanged(f"{self.file.place} was changed while it was sent. Push again.")
        self.file.ensure_same()
        return data


class Bundle:
    """A parcel of many files; equal ones have one ``path``, the name that they go by."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self.sha256 = hashlib.sha256(b"".join(one.line for one in members)).hexdigest()
        self.path = f"bundle-{self.sha256[:16]}.tar"
        self._starts = [0, *accumulate(one.all_bytes for one in members)]
        self.size_bytes = self._starts[-1] + len(_END)
        self.metadata: Mapping[str, str] = {"bundle": "", "filename": self.path}

    def content_bytes(self, start: int, stop: int) -> int:
        return self._content_before(stop) - self._content_before(start)

    @contextmanager
    def body(self, start: int, stop: int, watch: Callable[[int], None]) -> Iterator[Readable]:
        """Raises ``FileChanged`` where a file is no longer what it was when it was read."""
        yield _Body(self._pieces(start), stop - start, watch)

    def ensure_same(self) -> None:
        for member in self._members:
            member.file.ensure_same()

    def _content_before(self, offset: int) -> int:
        at = bisect_right(self._starts, offset) - 1
        whole = sum(one.sent_bytes for one in self._members[:at])
        if at == len(self._members):
            return whole
        member = self._members[at]
        inside = offset - self._starts[at] - member.head_bytes
        return whole + min(max(inside, 0), member.sent_bytes)

    def _pieces(self, start: int) -> Iterator[bytes]:
        at = bisect_right(self._starts, start) - 1
        skipped = start - self._starts[at]
        for member in self._members[at:]:
            yield (member.head() + _padded(member.data()))[skipped:]
            skipped = 0
        yield _END[skipped:]


class _Body:
    """*length* bytes of *pieces*, handed out as they are asked for."""

    def __init__(self, pieces: Iterator[bytes], length: int, watch: Callable[[int], None]) -> None:
        self._pieces = pieces
        self._length = self._left = length
        self._held = bytearray()
        self._watch = watch

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        while len(self._held) < wanted:
            self._held += next(self._pieces)
        block = bytes(self._held[:wanted])
        del self._held[:wanted]
        self._left -= wanted
        self._watch(wanted)
        return block


def parcels_of(files: Sequence[LocalFile], known: Container[str]) -> Sequence[Parcel]:
    """Bundles of small files and of those whose SHA-256 is *known*; large ones by themselves."""
    bundled, large = list[Member](), list[Parcel]()
    for file in sorted(files, key=lambda file: file.path):
        is_known = file.sha256 in known
        if is_known or file.size_bytes <= SMALL_BYTES:
            bundled.append(Member(file, is_known))
        else:
            large.append(file)
    return [*map(Bundle, _groups(bundled)), *large]


def _groups(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    group, size_bytes = list[Member](), 0
    for member in members:
        is_full = size_bytes + member.all_bytes > BUNDLE_BYTES or len(group) == BUNDLE_FILES
        if group and is_full:
            yield group
            group, size_bytes = [], 0
        group.append(member)
        size_bytes += member.all_bytes
    if group:
        yield group


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _BLOCK_BYTES)


def _record(key: bytes, value: bytes) -> bytes:
    """``<length> <key>=<value>`` and a line feed; the length counts its own digits (POSIX pax)."""
    rest = len(key) + len(value) + 3
    length = rest + len(str(rest))
    length = rest + len(str(length))
    return b"%d %b=%b\n" % (length, key, value)


def _header(name: bytes, kind: bytes, size_bytes: int) -> bytes:
    """512 bytes of POSIX's ustar: of nobody, of no time, of mode 0644."""
    before = name.ljust(_NAME_BYTES, b"\0") + b"0000644\0" + b"0000000\0" * 2
    before += b"%011o\0" % size_bytes + b"%011o\0" % 0
    # The checksum is taken with blanks in its own place.
    checksum = sum(before) + 8 * ord(" ") + sum(kind) + _SUM_BEHIND
    return b"".join((before, b"%06o\0 " % checksum, kind, _BEHIND))
