"""The keys that signatures of an rpm name."""

import base64
import struct

import pytest

from builders.in_memory import Bytes
from builders.rpms import Cell, an_rpm, binary, strings
from filemanager.archives.packages.rpm import read_rpm
from filemanager.archives.packages.tags import SignatureTag
from unit.archives.packages.refused import RPM

KEY_ID = bytes.fromhex("0123456789abcdef")
NAMED = "0123456789ABCDEF"
FINGERPRINT = bytes(12) + KEY_ID


def subpacket(kind: int, value: bytes) -> bytes:
    return bytes((len(value) + 1, kind)) + value


ISSUER = subpacket(16, KEY_ID)
OF_FINGERPRINT = subpacket(33, b"\4" + FINGERPRINT)
OF_LONG_FINGERPRINT = subpacket(33, b"\6" + KEY_ID + bytes(24))
CREATED = subpacket(2, bytes(4))


def body(hashed: bytes, unhashed: bytes = b"", version: int = 4) -> bytes:
    length = ">H" if version == 4 else ">I"
    subpackets = (struct.pack(length, len(part)) + part for part in (hashed, unhashed))
    return bytes((version, 0, 1, 8)) + b"".join(subpackets) + b"\0\0\0\1\1"


def old_packet(data: bytes, kind: int = 2) -> bytes:
    return bytes((0x81 | kind << 2,)) + struct.pack(">H", len(data)) + data


def new_packet(data: bytes) -> bytes:
    return b"\xc2\xff" + struct.pack(">I", len(data)) + data


VERSION_3 = b"\3\5\0" + bytes(4) + KEY_ID + b"\1\10\0\0\0\1\1"
LONG = body(CREATED, subpacket(20, bytes(190)) + ISSUER)
TWO_OCTETS = bytes((((len(LONG) - 192) >> 8) + 192, (len(LONG) - 192) & 0xFF))
FIVE_OCTETS = b"\xff\0\0\0\x15\x10" + bytes(20) + ISSUER


def keys(signature: dict[int, Cell]) -> tuple[str, ...]:
    return read_rpm(RPM, Bytes(an_rpm(signature=signature))).signed_by


def test_a_package_that_nobody_signed_names_no_key() -> None:
    assert keys({}) == ()


@pytest.mark.parametrize(
    "packet",
    [
        old_packet(VERSION_3),
        old_packet(body(CREATED, ISSUER)),
        old_packet(body(ISSUER)),
        old_packet(body(CREATED + OF_FINGERPRINT)),
        old_packet(body(subpacket(0x80 | 16, KEY_ID))),
        old_packet(body(OF_LONG_FINGERPRINT, version=6)),
        old_packet(body(FIVE_OCTETS)),
        b"\x88" + bytes((len(body(ISSUER)),)) + body(ISSUER),
        b"\x8a" + struct.pack(">I", len(body(ISSUER))) + body(ISSUER),
        new_packet(body(ISSUER)),
        b"\xc2" + bytes((len(body(ISSUER)),)) + body(ISSUER),
        b"\xc2" + TWO_OCTETS + LONG,
        old_packet(body(OF_FINGERPRINT, ISSUER)),
    ],
)
def test_a_signature_names_its_key(packet: bytes) -> None:
    assert keys({SignatureTag.RSA: binary(packet)}) == (NAMED,)


@pytest.mark.parametrize(
    "tag",
    [
        SignatureTag.DSA,
        SignatureTag.RSA,
        SignatureTag.PGP,
        SignatureTag.PGP_5,
        SignatureTag.GPG,
    ],
)
def test_each_kind_of_signature_is_looked_at(tag: SignatureTag) -> None:
    assert keys({tag: binary(old_packet(VERSION_3))}) == (NAMED,)


def test_several_signatures_name_each_key_once() -> None:
    other = body(subpacket(16, KEY_ID[::-1]))
    packed = [base64.b64encode(old_packet(data)).decode() for data in (other, VERSION_3)]

    found = keys(
        {SignatureTag.RSA: binary(old_packet(VERSION_3)), SignatureTag.OPENPGP: strings(*packed)}
    )

    assert found == (NAMED, "EFCDAB8967452301")


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0",
        b"\x89",
        b"\xc2",
        b"\xc2\xff",
        b"\xc2\xe0",
        old_packet(VERSION_3, kind=6),
        old_packet(b""),
        old_packet(VERSION_3[:10]),
        old_packet(body(b"")),
        old_packet(body(ISSUER)[:8]),
        old_packet(body(subpacket(16, KEY_ID[:7]))),
        old_packet(body(subpacket(33, b""))),
        old_packet(body(subpacket(33, b"\5" + FINGERPRINT))),
        old_packet(body(subpacket(33, b"\4" + FINGERPRINT[:9]))),
        old_packet(body(b"\0" * 300)),
        old_packet(body(b"\xff\xff\xff\xff\xff\x10" + KEY_ID[:3])),
        old_packet(body(b"\xc0")),
        old_packet(bytes((5,)) + body(ISSUER)[1:]),
    ],
)
def test_what_cannot_be_read_names_no_key(packet: bytes) -> None:
    assert keys({SignatureTag.RSA: binary(packet)}) == ()


@pytest.mark.parametrize("text", ["", "A", "é", "not base64 !"])
def test_what_is_no_base64_names_no_key(text: str) -> None:
    assert keys({SignatureTag.OPENPGP: strings(text)}) == ()


def test_of_any_number_of_keys_the_first_are_recorded() -> None:
    ids = [struct.pack(">Q", number) for number in range(1, 101)]
    packet = new_packet(body(b"".join(subpacket(16, one) for one in ids)))

    found = keys({SignatureTag.RSA: binary(packet)})

    assert found == tuple(one.hex().upper() for one in ids[:15])
