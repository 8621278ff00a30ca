"""Which keys the signatures of an rpm name (RFC 9580, 4.2 and 5.2).

Nothing is verified here, and what cannot be read names no key: whoever verifies it refuses it.
"""

import binascii
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from filemanager.archives.packages.header import RpmHeader
from filemanager.archives.packages.tags import SignatureTag

_BINARY = (
    SignatureTag.DSA,
    SignatureTag.RSA,
    SignatureTag.PGP,
    SignatureTag.PGP_5,
    SignatureTag.GPG,
)
_MOST_SIGNATURES = 64
_MOST_KEYS = 15
"""How many are recorded: nobody signs by more, and hostile bytes may name a million."""

_SIGNATURE = 2
_NEW_FORM = 0xC0
_OLD_WIDTHS = {0x80: 1, 0x81: 2, 0x82: 4}
"""By the form and the kind of a length, how many bytes it has."""

_TWO_OCTETS = 192
_FIVE_OCTETS = 255

_KEY_ID_BYTES = 8
_VERSION_3 = 3
_KEY_ID_OF_VERSION_3 = slice(7, 7 + _KEY_ID_BYTES)
_SUBPACKETS_AT = 4
_LENGTH_WIDTHS = {4: 2, 6: 4}
"""By the version of a signature, how many bytes say how long its subpackets are."""

_ISSUER = 16
_ISSUER_FINGERPRINT = 33
_WITHOUT_CRITICAL = 0x7F
_KEY_ID_OF_FINGERPRINT = {4: slice(13, 21), 6: slice(1, 1 + _KEY_ID_BYTES)}
"""By the version of the key, which is the first byte (RFC 9580, 5.5.4)."""


def signing_keys(signatures: RpmHeader) -> tuple[str, ...]:
    """The ids of the first 15 keys, 16 upper-case hex digits each, every one once.

    Raises ``Unfit``.
    """
    found = (
        key_id.hex().upper()
        for signature in _signatures(signatures)
        for key_id in _key_ids(_body(signature))
        if len(key_id) == _KEY_ID_BYTES
    )
    return tuple(islice(dict.fromkeys(found), _MOST_KEYS))


def _signatures(header: RpmHeader) -> Iterator[bytes]:
    for tag in _BINARY:
        yield header.binary(tag)
    for text in header.first_strings(SignatureTag.OPENPGP, _MOST_SIGNATURES):
        with suppress(ValueError):
            yield binascii.a2b_base64(text)


def _body(packet: bytes) -> bytes:
    """Empty where it is no signature, or comes in parts."""
    first = _byte(packet, 0)
    if first & _NEW_FORM == _NEW_FORM:
        kind = first & 0x3F
        length, at = _length(packet, 1)
    else:
        kind = first >> 2 & 0x0F
        at = 1 + _OLD_WIDTHS.get(first & 0x83, 0)
        length = int.from_bytes(packet[1:at], "big")
    return packet[at : at + length] if kind == _SIGNATURE else b""


def _key_ids(signature: bytes) -> Iterator[bytes]:
    version = _byte(signature, 0)
    if version == _VERSION_3:
        yield signature[_KEY_ID_OF_VERSION_3]
    width = _LENGTH_WIDTHS.get(version, 0)
    at = _SUBPACKETS_AT
    for _ in range(2 if width else 0):  # what the signature covers, then what it does not
        length = int.from_bytes(signature[at : at + width], "big")
        at += width
        yield from _issuers(signature[at : at + length])
        at += length


def _issuers(subpackets: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(subpackets):
        length, at = _length(subpackets, at)
        kind = _byte(subpackets, at) & _WITHOUT_CRITICAL
        value = subpackets[at + 1 : at + length]
        at += length
        if kind == _ISSUER:
            yield value
        elif kind == _ISSUER_FINGERPRINT:
            yield value[_KEY_ID_OF_FINGERPRINT.get(_byte(value, 0), slice(0))]


def _length(data: bytes, at: int) -> tuple[int, int]:
    """How long what follows is, and where it begins (RFC 9580, 4.2.1 and 5.2.3.7)."""
    first = _byte(data, at)
    if first < _TWO_OCTETS:
        return first, at + 1
    if first < _FIVE_OCTETS:
        return (first - _TWO_OCTETS << 8) + _byte(data, at + 1) + _TWO_OCTETS, at + 2
    return int.from_bytes(data[at + 1 : at + 5], "big"), at + 5


def _byte(data: bytes, at: int) -> int:
    """0 behind the end."""
    return data[at] if at < len(data) else 0
