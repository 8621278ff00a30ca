"""An encoder for ``compress``, written after the same description as the decoder it tests."""

_CLEAR = 256


class Encoder:
    def __init__(self, last_bits: int = 16, *, has_clear: bool = True) -> None:
        self._last_bits = last_bits
        self._has_clear = has_clear
        self._out = bytearray((0x1F, 0x9D, last_bits | (0x80 if has_clear else 0)))
        self._codes: list[int] = []
        self._bits = 9
        self._table: dict[int, int] = {}
        self._start()

    def _start(self) -> None:
        self._table.clear()
        self._next = 257 if self._has_clear else 256

    def _emit(self, code: int) -> None:
        self._codes.append(code)
        if len(self._codes) == 8:
            self._flush(whole=True)

    def _flush(self, *, whole: bool) -> None:
        packed = sum(code << self._bits * index for index, code in enumerate(self._codes))
        count = self._bits if whole else -(-len(self._codes) * self._bits // 8)
        if self._codes:
            self._out += packed.to_bytes(count, "little")
        self._codes.clear()

    def encode(self, data: bytes, clear_every: int = 1 << 30) -> bytes:
        code: int | None = None
        for index, value in enumerate(data):
            if code is None:
                code = value
                continue
            # A string is told by the code of all but its last byte, and that.
            string = code << 8 | value
            known = self._table.get(string)
            if known is not None:
                code = known
                continue
            self._put(code)
            self._add(string)
            code = value
            if self._has_clear and (index + 1) % clear_every == 0:
                self._clear()
        if code is not None:
            self._put(code)
        self._flush(whole=False)
        return bytes(self._out)

    def _put(self, code: int) -> None:
        # The decoder learns a string one code later, so a width lasts one code longer.
        if self._next - 1 >= 1 << self._bits and self._bits < self._last_bits:
            self._flush(whole=True)
            self._bits += 1
        self._emit(code)

    def _add(self, string: int) -> None:
        if self._next < 1 << self._last_bits:
            self._table[string] = self._next
        self._next = min(self._next + 1, (1 << self._last_bits) + 1)

    def _clear(self) -> None:
        if self._next - 1 >= 1 << self._bits and self._bits < self._last_bits:
            self._flush(whole=True)
            self._bits += 1
        self._emit(_CLEAR)
        self._flush(whole=True)
        self._bits = 9
        self._start()
