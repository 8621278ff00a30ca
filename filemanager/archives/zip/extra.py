"""Extra fields of zip headers: zip64 sizes and Unicode names; the rest is only walked over."""

import struct
import zlib
from collections.abc import Mapping

from filemanager.archives.faults import Fault
from filemanager.domain.intake.unpacking import ArchiveRefused

ZIP64 = 0x0001
_PADDING = 0x0000
_UNICODE_PATH = 0x7075
_STRONG_ENCRYPTION = 0x0017
_AES = 0x9901

_FIELD = struct.Struct("<HH")
_UNICODE_HEAD = struct.Struct("<BL")
_SATURATED = 0xFFFF_FFFF
_NUMBER_BYTES = 8


def parse_extra(data: bytes) -> Mapping[int, bytes]:
    """Fields by their ids. Raises ``ArchiveRefused`` unless they fill *data* and are all
    different.

    Empty fields of id 0 are padding (zipalign), and so are up to three zeros at the end.
    """
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        if len(data) - at < _FIELD.size:
            if data[at:].strip(b"\0"):
                raise ArchiveRefused(Fault.BAD_RECORD, "an extra field is cut off")
            break
        key, length = _FIELD.unpack_from(data, at)
        at += _FIELD.size
        if key == _PADDING and not length:
            continue
        if at + length > len(data):
            raise ArchiveRefused(Fault.BAD_RECORD, "an extra field is cut off")
        if key in found:
            raise ArchiveRefused(Fault.CONTRADICTION, "an extra field is there twice")
        found[key] = data[at : at + length]
        at += length
    if _AES in found or _STRONG_ENCRYPTION in found:
        raise ArchiveRefused(Fault.ENCRYPTED, "a member is encrypted")
    return found


def widened(numbers: tuple[int, ...], extra: Mapping[int, bytes]) -> tuple[int, ...]:
    """*numbers* with the saturated ones taken from the zip64 field.

    The field holds just those, in order; or nothing; or, as some programs write it, the first two
    once more. Anything else raises ``ArchiveRefused``: readers then disagree about sizes.
    """
    data = extra.get(ZIP64)
    if not data:
        return numbers
    if len(data) % _NUMBER_BYTES:
        raise _disagreement()
    wide = iter(struct.unpack(f"<{len(data) // _NUMBER_BYTES}Q", data))
    found = tuple(next(wide, number) if number == _SATURATED else number for number in numbers)
    rest = tuple(wide)
    if rest and (rest != numbers[: len(rest)] or found != numbers):
        raise _disagreement()
    if _missing(numbers, data):
        raise _disagreement()
    return found


def unicode_path(name: bytes, extra: Mapping[int, bytes]) -> str | None:
    """The name of Info-ZIP's Unicode path field; None where there is none.

    Raises ``ArchiveRefused`` where it is not of *name*.
    """
    data = extra.get(_UNICODE_PATH)
    if data is None:
        return None
    try:
        version, crc32 = _UNICODE_HEAD.unpack_from(data)
        text = data[_UNICODE_HEAD.size :].decode("utf-8")
    except (struct.error, UnicodeDecodeError) as error:
        raise ArchiveRefused(Fault.BAD_NAME, "a Unicode name cannot be read") from error
    if version != 1 or crc32 != zlib.crc32(name):
        raise ArchiveRefused(Fault.CONTRADICTION, "a Unicode name belongs to another name")
    return text


def _missing(numbers: tuple[int, ...], data: bytes) -> bool:
    return numbers.count(_SATURATED) * _NUMBER_BYTES > len(data)


def _disagreement() -> ArchiveRefused:
    return ArchiveRefused(Fault.CONTRADICTION, "a zip64 field does not fit the sizes beside it")
