"""The decoder of ``compress`` (.Z): LZW with codes of 9 to 16 bits.

The format has neither length nor checksum: an end at any code is a whole file.
"""

from collections.abc import Iterator

from filemanager.archives.faults import Fault
from filemanager.archives.streams.byte_stream import ByteStream
from filemanager.domain.intake.unpacking import ArchiveRefused

_FIRST_BITS = 9
_LAST_BITS = range(_FIRST_BITS + 1, 17)
_BLOCK_MODE = 0x80
_RESERVED = 0x60
_CLEAR = 256
_PIECE_BYTES = 1 << 16
_TAIL_BYTES = 128
"""Strings share their heads in steps of this, so that 65,536 of them stay below 12 MiB."""


def decompressed(source: ByteStream) -> Iterator[bytes]:
    """Raises ``ArchiveRefused`` for codes that no encoder writes."""
    header = source.take(3)
    flags = header[2] if len(header) == 3 else _RESERVED  # noqa: PLR2004  # the header's length
    last_bits = flags & 0x1F
    if flags & _RESERVED or last_bits not in _LAST_BITS:
        raise ArchiveRefused(Fault.UNSUPPORTED, "it is no compress file with 10 to 16 bits")
    table = _Table(last_bits, has_clear=bool(flags & _BLOCK_MODE))
    piece = bytearray()
    # Codes come in groups of eight; what is left of a group when the width changes is padding.
    while group := source.take(table.bits):
        table.decode(group, piece)
        if len(piece) >= _PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


class _Table:
    """The strings behind the codes; each is (string of another code or none, tail)."""

    def __init__(self, last_bits: int, *, has_clear: bool) -> None:
        self._last_bits = last_bits
        self._clear = _CLEAR if has_clear else None
        self._strings: list[tuple[int, bytes]] = []
        self.bits = _FIRST_BITS
        self._previous: int | None = None
        self._reset()

    def _reset(self) -> None:
        self._strings = [(-1, bytes((byte,))) for byte in range(256)]
        if self._clear is not None:
            self._strings.append((-1, b""))
        self.bits = _FIRST_BITS
        self._previous = None

    def decode(self, group: bytes, out: bytearray) -> None:
        bits = self.bits
        mask = (1 << bits) - 1
        codes = int.from_bytes(group, "little")
        for _ in range(len(group) * 8 // bits):
            code = codes & mask
            codes >>= bits
            if code == self._clear:
                self._reset()
                return
            self._take(code, out)
            if self.bits != bits:
                return

    def _take(self, code: int, out: bytearray) -> None:
        previous, strings = self._previous, self._strings
        is_next = code == len(strings) and previous is not None and self._has_room()
        if code >= len(strings) and not is_next:
            raise ArchiveRefused(Fault.DAMAGED, "its compressed data is damaged")
        if previous is not None and self._has_room():
            # The code that is being made is its predecessor and that one's own first byte.
            self._add(previous, self._first(previous if is_next else code))
        out += self._string(code)
        self._previous = code
        self._widen()

    def _has_room(self) -> bool:
        return len(self._strings) < 1 << self._last_bits

    def _widen(self) -> None:
        # A width is left when one more code would not fit, so the encoder is a code ahead.
        if len(self._strings) >= 1 << self.bits and self.bits < self._last_bits:
            self.bits += 1

    def _add(self, previous: int, byte: bytes) -> None:
        head, tail = self._strings[previous]
        if len(tail) < _TAIL_BYTES:
            self._strings.append((head, tail + byte))
        else:
            self._strings.append((previous, byte))

    def _first(self, code: int) -> bytes:
        head, tail = self._strings[code]
        while head >= 0:
            head, tail = self._strings[head]
        return tail[:1]

    def _string(self, code: int) -> bytes:
        head, tail = self._strings[code]
        if head < 0:
            return tail
        tails = [tail]
        while head >= 0:
            head, tail = self._strings[head]
            tails.append(tail)
        return b"".join(reversed(tails))
