"""The body of a zip: local headers, data and descriptors, which must tile it without a gap."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.archives.faults import Fault
from filemanager.archives.zip.directory import HAS_DESCRIPTOR, CentralHeader
from filemanager.archives.zip.extra import parse_extra, unicode_path, widened
from filemanager.domain.intake.unpacking import ArchiveRefused
from filemanager.domain.workspaces.log import escaped

_HEADER = struct.Struct("<4s5H3L2H")
_SIGNATURE = b"PK\x03\x04"
_DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
_DESCRIPTORS = {
    len(signature) + layout.size: (signature, layout)
    for signature in (b"", _DESCRIPTOR_SIGNATURE)
    for layout in (struct.Struct("<3L"), struct.Struct("<L2Q"))
}
"""By their lengths, which are all different: some programs write sizes of eight bytes without
announcing them.
"""


@dataclass(frozen=True, slots=True)
class _Local:
    """Where a local header ends, and whether a descriptor is to come."""

    stop: int
    has_descriptor: bool


def locate_data(file: BinaryIO, headers: Sequence[CentralHeader], stop: int) -> list[int]:
    """The offset of each header's data, in the order of *headers*.

    Raises ``ArchiveRefused`` unless the members fill the file from its beginning to *stop*, in
    whatever order, and each local header says what the central directory says.
    """
    order = sorted(range(len(headers)), key=lambda index: headers[index].offset)
    offsets = [*(headers[index].offset for index in order), stop]
    if offsets[0]:
        raise _misplaced(offsets[0], 0)
    found = [0] * len(headers)
    for index, end in zip(order, offsets[1:], strict=True):
        local = _read_local(file, headers[index])
        _check_descriptor(file, headers[index], local, end)
        found[index] = local.stop
    return found


def _misplaced(offset: int, wanted: int) -> ArchiveRefused:
    if offset < wanted:
        return ArchiveRefused(Fault.OVERLAP, "its members overlap")
    return ArchiveRefused(Fault.GAP, "it holds data that belongs to no member")


def _read_local(file: BinaryIO, header: CentralHeader) -> _Local:
    file.seek(header.offset)
    data = file.read(_HEADER.size)
    if len(data) < _HEADER.size or not data.startswith(_SIGNATURE):
        raise ArchiveRefused(Fault.BAD_RECORD, f"'{escaped(header.name)}' has no header of its own")
    _, _, flags, method, _, _, crc32, packed, size, name_bytes, extra_bytes = _HEADER.unpack(data)
    name = file.read(name_bytes)
    extra = parse_extra(file.read(extra_bytes))
    size, packed = widened((size, packed), extra)
    text = unicode_path(name, extra)
    # Of the two, only a local header must say that a descriptor follows.
    has_descriptor = bool(flags & HAS_DESCRIPTOR)
    central_flags = header.flags | (flags & HAS_DESCRIPTOR)
    if (flags, method, name) != (central_flags, header.method, header.raw_name):
        raise _disagreement(header)
    if text is not None and not (header.has_unicode_path and text == header.name):
        raise _disagreement(header)
    _check_sizes(header, (crc32, packed, size), has_descriptor=has_descriptor)
    return _Local(header.offset + _HEADER.size + name_bytes + extra_bytes, has_descriptor)


def _check_sizes(
    header: CentralHeader, said: tuple[int, int, int], *, has_descriptor: bool
) -> None:
    """With a descriptor to come, a local header may say nothing (zero), but nothing else."""
    for local, central in zip(
        said, (header.crc32, header.packed_bytes, header.size_bytes), strict=True
    ):
        if local != central and (local or not has_descriptor):
            raise _disagreement(header)


def _check_descriptor(file: BinaryIO, header: CentralHeader, local: _Local, end: int) -> None:
    start = local.stop + header.packed_bytes
    length = end - start
    if not local.has_descriptor:
        if length:
            raise _misplaced(end, start)
        return
    if length not in _DESCRIPTORS:
        raise _misplaced(end, start + min(_DESCRIPTORS))
    signature, layout = _DESCRIPTORS[length]
    file.seek(start)
    data = file.read(length)
    said = (header.crc32, header.packed_bytes, header.size_bytes)
    if data != signature + _packed(layout, said):
        raise _disagreement(header)


def _packed(layout: struct.Struct, numbers: tuple[int, int, int]) -> bytes:
    """Nothing where a number does not fit."""
    try:
        return layout.pack(*numbers)
    except struct.error:
        return b""


def _disagreement(header: CentralHeader) -> ArchiveRefused:
    return ArchiveRefused(
        Fault.CONTRADICTION,
        f"the headers of '{escaped(header.name)}' and the central directory disagree",
    )
