"""A strict walk over a tar: what it says once is believed, what it says twice must agree.

=========================================  =================================================
an end without a block of zeros            refused (``truncated``), unless it is the end of a
                                           compressed stream with a checksum; one block is
                                           enough
anything but zeros behind the end          refused (``trailing_data``)
anything but zeros behind a member's data  refused (``hidden_data``)
data in a directory, link or device        refused (``disputed_type``): a header may hide there
contiguous files, dump directories,        refused (``disputed_type``)
volumes, GNU's old name lists
unknown types without data                 the member is refused
sparse files                               read, holes as zeros; the map must add up
hard links                                 the content of the last earlier file of that exact
                                           name; without one the member is refused
other links, devices, FIFOs                the member is refused
two extended headers for one member        refused (``contradiction``)
two members of one name                    both are given out; the later is the newer
=========================================  =================================================

Names that contradict one another are judged in ``agreement``, spellings in ``archives.names``.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from filemanager.archives.faults import Fault
from filemanager.archives.names import Place, judge, plain
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.archives.tar.agreement import agreed_name, agreed_size, check_link, decoded
from filemanager.archives.tar.data import ZEROS, TarData
from filemanager.archives.tar.pax import Ahead, check_global, long_name, parse_local
from filemanager.archives.tar.sparse import SparseMap, checked_map, map_in_front, old_gnu_map
from filemanager.archives.tar.ustar import BLOCK_BYTES, OLD_GNU_SPARSE, Header, parse_header
from filemanager.domain.blobs.blob import Content
from filemanager.domain.intake.budget import Budget
from filemanager.domain.intake.scratch import Scratch
from filemanager.domain.intake.unpacking import (
    Announcement,
    ArchiveRefused,
    Member,
    MemberRefusal,
    RefusedMember,
)
from filemanager.domain.workspaces.log import escaped

_METADATA_BYTES = 1 << 20
_FILES = frozenset({b"0", b"\0"})
_DIRECTORY = b"5"
_HARD_LINK = b"1"
_LINKS_AND_DEVICES = {
    b"2": MemberRefusal.SYMBOLIC_LINK,
    b"3": MemberRefusal.CHARACTER_DEVICE,
    b"4": MemberRefusal.BLOCK_DEVICE,
    b"6": MemberRefusal.FIFO,
}
_NOTHING: Final = Ahead()
_DISPUTED = frozenset({b"7", b"D", b"M", b"N", b"V"})


class TarReader:
    """Reads one tar; ``members`` and ``refused`` are complete after ``read``.

    ``name`` is that of the member read last, whether it was taken. ``has_root`` tells of ``./``,
    which is no member of anything.
    """

    def __init__(self, stream: ByteStream, budget: Budget, scratch: Scratch) -> None:
        self.members: list[Member] = []
        self.refused: list[RefusedMember] = []
        self.name = ""
        self.has_root = False
        self._stream = stream
        self._budget = budget
        self._data = TarData(stream, budget, scratch)
        self._ahead: Ahead | None = None
        self._seen: set[str] = set()
        self._files: dict[str, Content] = {}
        self._readers: dict[bytes, Callable[[Header], None]] = {
            b"x": self._read_pax,
            b"g": self._read_global,
            b"L": self._read_long_name,
            b"K": self._read_long_link,
        }

    def read(self, is_verified: Callable[[], bool]) -> None:
        """*is_verified* tells of the end of the stream whether it was the right one.

        Raises ``ArchiveRefused`` and ``OverBudget``.
        """
        while (block := self._stream.take(BLOCK_BYTES)) != ZEROS:
            if not block and is_verified():
                break
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
        return self._data.at_once(header.size_bytes)

    def _read_member(self, header: Header) -> None:
        self._budget.take_entry()
        ahead, self._ahead = self._ahead or _NOTHING, None
        name = self.name = decoded(agreed_name(header, ahead, self._seen))
        self._seen.add(plain(name))
        size_bytes = agreed_size(header, ahead)
        if header.type in _DISPUTED:
            raise ArchiveRefused(
                Fault.DISPUTED_TYPE, f"'{escaped(name)}' is of a type that readers dispute"
            )
        if header.type == OLD_GNU_SPARSE or ahead.sparse:
            self._read_sparse(name, header, ahead, size_bytes)
        elif header.type in _FILES and not name.endswith("/"):
            self._add_file(
                name, size_bytes, lambda: self._data.content(size_bytes), ahead.announced
            )
        else:
            self._refuse_data(name, size_bytes)
            self._read_without_data(name, header, ahead)

    def _read_sparse(self, name: str, header: Header, ahead: Ahead, size_bytes: int) -> None:
        if ahead.sparse and not ahead.sparse.is_known:
            self._data.skip(size_bytes)
            self._refuse(name, MemberRefusal.SPARSE)
            return
        pieces = self._sparse_map(header, ahead, size_bytes)
        self._add_file(name, pieces.stored_bytes, lambda: self._data.sparse(pieces))

    def _sparse_map(self, header: Header, ahead: Ahead, size_bytes: int) -> SparseMap:
        said = ahead.sparse
        if said is None:
            return old_gnu_map(header, size_bytes, self._stream)
        if header.type not in _FILES:
            raise ArchiveRefused(Fault.CONTRADICTION, "what is no file has the map of a sparse one")
        if said.pieces is None:
            return map_in_front(said.size_bytes, size_bytes, self._stream)
        return checked_map(said.size_bytes, size_bytes, said.pieces)

    def _read_without_data(self, name: str, header: Header, ahead: Ahead) -> None:
        if header.type == _DIRECTORY or header.type in _FILES:
            self._add(name, None)
            return
        check_link(header, ahead)
        if header.type == _HARD_LINK:
            self._add_link(name, decoded(ahead.link or header.link))
        else:
            self._refuse(name, _LINKS_AND_DEVICES.get(header.type, MemberRefusal.OTHER_TYPE))

    def _refuse_data(self, name: str, size_bytes: int) -> None:
        if size_bytes:
            raise ArchiveRefused(
                Fault.DISPUTED_TYPE, f"'{escaped(name)}' is no file and has data nevertheless"
            )

    def _add_link(self, name: str, target: str) -> None:
        content = self._files.get(target)
        if content is None:
            self._refuse(name, MemberRefusal.HARD_LINK)
            return
        self._budget.take_bytes(content.size_bytes)
        self._add(name, content)

    def _add_file(
        self,
        name: str,
        stored_bytes: int,
        take: Callable[[], Content],
        announced: Announcement | None = None,
    ) -> None:
        place = judge(name)
        if isinstance(place, MemberRefusal):
            self._data.skip(stored_bytes)
            self._refuse(name, place)
        else:
            self._put(name, place, take(), announced)

    def _add(self, name: str, content: Content | None) -> None:
        self._put(name, judge(name), content)

    def _put(
        self,
        name: str,
        place: Place | MemberRefusal,
        content: Content | None,
        announced: Announcement | None = None,
    ) -> None:
        if isinstance(place, MemberRefusal):
            self._refuse(name, place)
        elif place.path:
            self.members.append(place.member(content, announced))
            if content is not None:
                self._files[name] = content
        elif content is not None:
            self._refuse(name, MemberRefusal.UNUSABLE_NAME)
        else:
            self.has_root = True

    def _refuse(self, name: str, refusal: MemberRefusal) -> None:
        self.refused.append(RefusedMember(name, refusal))
