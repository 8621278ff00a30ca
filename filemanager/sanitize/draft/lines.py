"""Lines for the workspace's log, held as bytes: an upload of 20,000 sources has 60,000."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial


@dataclass(slots=True)
class Lines:
    """Iterating gives (code, text) in the order they were told, as often as it is asked for."""

    _codes: list[str] = field(default_factory=list)
    _sizes: "array[int]" = field(default_factory=partial(array, "I"))
    _texts: bytearray = field(default_factory=bytearray)

    def tell(self, code: str, text: str) -> None:
        """Names in *text* are escaped."""
        told = text.encode("utf-8", "surrogatepass")
        self._codes.append(code)
        self._sizes.append(len(told))
        self._texts += told

    def __iter__(self) -> Iterator[tuple[str, str]]:
        start = 0
        for code, size_bytes in zip(self._codes, self._sizes, strict=True):
            told = self._texts[start : start + size_bytes]
            yield code, told.decode("utf-8", "surrogatepass")
            start += size_bytes
