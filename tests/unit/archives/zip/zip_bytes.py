"""Zips made by hand, right or wrong in one place."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What the central directory says differently from the truth; None: the truth."""

    flags: int = 0
    method: int = 0
    mode: int = 0o100644
    host: int = 3
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    packed_tail: bytes = b""
    extra: bytes = b""
    after: bytes = b""
    local: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part(_Said):
    """A member. ``local`` overrides fields in its local header; ``after`` follows its data."""

    name: bytes
    data: bytes = b"hello"

    @property
    def body(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method != 8:
            return self.data
        deflate = zlib.compressobj(wbits=-15)
        return deflate.compress(self.data) + deflate.flush() + self.packed_tail

    def fields(self) -> dict[str, object]:
        return {
            "name": self.name,
            "flags": self.flags,
            "method": self.method,
            "crc": zlib.crc32(self.data) if self.crc is None else self.crc,
            "packed": len(self.body),
            "size": len(self.data) if self.size is None else self.size,
            "extra": self.extra,
        }

    def local_bytes(self) -> bytes:
        return b"PK\x03\x04" + _common(self.fields() | dict(self.local)) + self.body + self.after

    def central_bytes(self, offset: int) -> bytes:
        fields = self.fields()
        return b"PK\x01\x02\x14%c" % self.host + _common(
            fields, struct.pack("<3H2L", 0, 0, 0, self.mode << 16, offset)
        )


def extra(key: int, data: bytes) -> bytes:
    return struct.pack("<2H", key, len(data)) + data


def a_zip(
    *parts: Part,
    comment: bytes = b"",
    count: int | None = None,
    disk: int = 0,
    gap: bytes = b"",
    directory_order: tuple[int, ...] | None = None,
    offset_step: int = 1,
    is_zip64: bool = False,
) -> bytes:
    """*gap* stands before the end record; *offset_step* 0 lets all offsets be 0."""
    bodies = [part.local_bytes() for part in parts]
    offsets = [sum(map(len, bodies[:index])) * offset_step for index in range(len(parts))]
    order = directory_order if directory_order is not None else range(len(parts))
    directory = b"".join(parts[index].central_bytes(offsets[index]) for index in order)
    start = sum(map(len, bodies))
    count = len(order) if count is None else count
    wide = b""
    if is_zip64:
        at = start + len(directory)
        wide = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), start
        )
        wide += struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", disk, disk, count, count, len(directory), start, len(comment)
    )
    return b"".join(bodies) + directory + gap + wide + end + comment


def _common(fields: Mapping[str, object], tail: bytes | None = None) -> bytes:
    name, extra_field = fields["name"], fields["extra"]
    assert isinstance(name, bytes)
    assert isinstance(extra_field, bytes)
    fixed = struct.pack(
        "<5H3L2H",
        20,
        fields["flags"],
        fields["method"],
        0,
        0x21,
        fields["crc"],
        fields["packed"],
        fields["size"],
        len(name),
        len(extra_field),
    )
    return fixed + (tail or b"") + name + extra_field
