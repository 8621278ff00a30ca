"""A strict walk over a tar: what it says once is believed, what it says twice must agree.

=========================================  =================================================
an end without a block of zeros            refused (``truncated``); one block is enough
anything but zeros behind the end          refused (``trailing_data``)
anything but zeros behind a member's data  refused (``hidden_data``)
data in a directory, link or device        refused (``disputed_type``): a header may hide there
contiguous files, dump directories,        refused (``disputed_type``)
volumes, GNU's old name lists
unknown types without data                 the member is refused
sparse files                               the member is refused, its map must add up
links, devices, FIFOs                      the member is refused
two extended headers for one member        refused (``contradiction``)
two members of one name                    both are given out; the later is the newer
=========================================  =================================================

Names that contradict one another are judged in ``tar_agreement``.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from filemanager.archives.faults import Fault
from filemanager.archives.names import escaped, judge
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.tar.agreement import agreed_name, agreed_size, check_link, decoded
from filemanager.archives.tar.pax import Ahead, check_global, long_name, parse_local
from filemanager.archives.tar.sparse import check_sparse_map
from filemanager.archives.tar.ustar import BLOCK_BYTES, Header, parse_header
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import ArchiveRefused, Member, MemberRefusal, RefusedMember

_ZEROS: Final = bytes(BLOCK_BYTES)
_METADATA_BYTES = 1 << 20

_AT_ONCE_BYTES = 1 << 18
"""A member up to this size is read at once; larger ones go through in pieces."""

_LINKS_AND_DEVICES = {
    b"1": MemberRefusal.HARD_LINK,
    b"2": MemberRefusal.SYMBOLIC_LINK,
    b"3": MemberRefusal.CHARACTER_DEVICE,
    b"4": MemberRefusal.BLOCK_DEVICE,
    b"6": MemberRefusal.FIFO,
}
_NOTHING: Final = Ahead()
_DISPUTED = frozenset({b"7", b"D", b"M", b"N", b"V"})


class TarReader:
    """Reads one tar; ``members`` and ``refused`` are complete after ``read``."""

    def __init__(self, stream: ByteStream, budget: Budget, scratch: Scratch) -> None:
        self.members: list[Member] = []
        self.refused: list[RefusedMember] = []
        self._stream = stream
        self._budget = budget
        self._scratch = scratch
        self._ahead: Ahead | None = None
        self._readers: dict[bytes, Callable[[Header], None]] = {
            b"x": self._read_pax,
            b"g": self._read_global,
            b"L": self._read_long_name,
            b"K": self._read_long_link,
        }

    def read(self) -> None:
        """Raises ``ArchiveRefused`` and ``OverBudget``."""
        while (block := self._stream.take(BLOCK_BYTES)) != _ZEROS:
            if len(block) < BLOCK_BYTES:
                raise ArchiveRefused(Fault.TRUNCATED, "it ends without an end mark")
            header = parse_header(block)
            self._readers.get(header.type, self._read_member)(header)
        if self._ahead:
            raise ArchiveRefused(Fault.TRUNCATED, "it ends behind an extended header")
        if not self._stream.holds_only_zeros():
            raise ArchiveRefused(Fault.TRAILING_DATA, "data follows its end mark")

    def _read_pax(self, header: Header) -> None:
        self._refuse_second(self._ahead)
        self._ahead = parse_local(self._metadata(header))

    def _read_global(self, header: Header) -> None:
        self._refuse_second(self._ahead)
        check_global(self._metadata(header))

    def _read_long_name(self, header: Header) -> None:
        ahead = self._ahead or _NOTHING
        self._refuse_second(ahead.is_pax or ahead.path)
        self._ahead = replace(ahead, path=long_name(self._metadata(header)))

    def _read_long_link(self, header: Header) -> None:
        ahead = self._ahead or _NOTHING
        self._refuse_second(ahead.is_pax or ahead.link)
        self._ahead = replace(ahead, link=long_name(self._metadata(header)))

    def _refuse_second(self, first: object) -> None:
        if first:
            raise ArchiveRefused(Fault.CONTRADICTION, "two extended headers are for one member")

    def _metadata(self, header: Header) -> bytes:
        if header.size_bytes > _METADATA_BYTES:
            raise ArchiveRefused(Fault.BAD_SIZE, "an extended header is larger than 1 MiB")
        return self._data(header.size_bytes)

    def _read_member(self, header: Header) -> None:
        self._budget.take_entry()
        ahead, self._ahead = self._ahead or _NOTHING, None
        name = decoded(agreed_name(header, ahead))
        size_bytes = agreed_size(header, ahead)
        refusal = self._refusal(header, ahead)
        if header.type == b"S":
            check_sparse_map(header, self._stream)
        elif not refusal and (header.type == b"5" or name.endswith("/")):
            self._refuse_data(name, size_bytes)
            self._add_directory(name)
            return
        elif refusal and refusal is not MemberRefusal.SPARSE:
            self._refuse_data(name, size_bytes)
        self._add_file(name, size_bytes, refusal)

    def _refusal(self, header: Header, ahead: Ahead) -> MemberRefusal | None:
        """Judge the type. Raises ``ArchiveRefused``."""
        if header.type in _DISPUTED:
            raise ArchiveRefused(Fault.DISPUTED_TYPE, f"a member is of type {header.type!r}")
        if header.type == b"S" or ahead.is_sparse:
            return MemberRefusal.SPARSE
        if header.type in (b"0", b"\0", b"5"):
            return None
        check_link(header, ahead)
        return _LINKS_AND_DEVICES.get(header.type, MemberRefusal.OTHER_TYPE)

    def _refuse_data(self, name: str, size_bytes: int) -> None:
        if size_bytes:
            raise ArchiveRefused(
                Fault.DISPUTED_TYPE, f"'{escaped(name)}' is no file and has data nevertheless"
            )

    def _add_directory(self, name: str) -> None:
        path = judge(name)
        if isinstance(path, MemberRefusal):
            self.refused.append(RefusedMember(escaped(name), path))
        elif path:
            self.members.append(Member(path, None))

    def _add_file(self, name: str, size_bytes: int, refusal: MemberRefusal | None) -> None:
        path = refusal or judge(name) or MemberRefusal.UNUSABLE_NAME
        if isinstance(path, MemberRefusal):
            self._skip(size_bytes)
            self.refused.append(RefusedMember(escaped(name), path))
        else:
            self.members.append(Member(path, self._content(size_bytes)))

    def _content(self, size_bytes: int) -> Content:
        if size_bytes <= _AT_ONCE_BYTES:
            return self._scratch.write(self._data(size_bytes))
        writer = self._scratch.writer()
        for piece in self._stream.pieces(size_bytes):
            writer.write(piece)
        self._skip_padding(size_bytes)
        return writer.finish()

    def _skip(self, size_bytes: int) -> None:
        for _ in self._stream.pieces(size_bytes):
            pass
        self._skip_padding(size_bytes)

    def _data(self, size_bytes: int) -> bytes:
        wanted = -size_bytes % BLOCK_BYTES
        data = self._stream.take(size_bytes + wanted)
        if len(data) < size_bytes + wanted:
            raise _truncated()
        _check_padding(data[size_bytes:])
        return data[:size_bytes]

    def _skip_padding(self, size_bytes: int) -> None:
        wanted = -size_bytes % BLOCK_BYTES
        padding = self._stream.take(wanted)
        if len(padding) < wanted:
            raise _truncated()
        _check_padding(padding)


def _check_padding(padding: bytes) -> None:
    if padding != _ZEROS[: len(padding)]:
        raise ArchiveRefused(Fault.HIDDEN_DATA, "data stands between two members")


def _truncated() -> ArchiveRefused:
    return ArchiveRefused(Fault.TRUNCATED, "it ends in the middle of a file")
