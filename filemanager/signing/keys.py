"""Keys of the configuration: read and tried, and refused where clients would refuse them.

What is wrong is told in our words alone (``from None``): the library's hold a trace of its calls,
and may hold what it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pysequoia import Cert, Sig, SignatureMode, Tsk, sign
from pysequoia.packet import Packet, PacketPile, PublicKeyAlgorithm, Tag

from filemanager.domain.repositories.signer import PublicKey, SigningKeyRefused

_BLOCK = "-----BEGIN PGP "
_PRIMARY = (Tag.SecretKey, Tag.PublicKey)
_SECRET = (Tag.SecretKey, Tag.SecretSubkey)
_RSA = (PublicKeyAlgorithm.RSAEncryptSign, PublicKeyAlgorithm.RSASign)

_VERSION = 4
_LEAST_RSA_BITS = 2048
_RSA_BITS = slice(6, 8)
"""Where a key's packet has the length of its modulus (RFC 9580, 5.5.2 and 3.2)."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    secret: Tsk
    public: PublicKey


def signing_key(armored: str, number: int) -> SigningKey:
    """The only key in *armored*, once it has signed something.

    Raises ``SigningKeyRefused``, which calls the key by its *number* until it has a fingerprint.
    """
    packets = _packets(armored, f"key {number}")
    fingerprint = _fingerprint(packets[0])
    name = f"key {fingerprint or number}"
    _algorithm(packets[0], name)
    secret = _secret(armored, name)
    certificate = secret.extract_certificate()
    signing_part = _tried(secret, packets, name)
    return SigningKey(
        secret,
        PublicKey(
            fingerprint=fingerprint,
            user_id=next(map(str, certificate.user_ids), ""),
            algorithm=_algorithm(signing_part, name),
            armored=str(certificate),
        ),
    )


def _packets(armored: str, name: str) -> Sequence[Packet]:
    """Of one key: itself, then what belongs to it."""
    try:
        packets = list(PacketPile.from_bytes(armored.encode()))
    except RuntimeError:
        packets = []
    if not packets or packets[0].tag not in _PRIMARY:
        raise SigningKeyRefused(name, "is no OpenPGP key")
    if sum(packet.tag in _PRIMARY for packet in packets) > 1 or armored.count(_BLOCK) > 1:
        raise SigningKeyRefused(name, "is several keys: give each by itself")
    return packets


def _secret(armored: str, name: str) -> Tsk:
    try:
        secret = Tsk.from_bytes(armored.encode())
    except RuntimeError:
        raise SigningKeyRefused(name, "is damaged") from None
    if secret.extract_certificate().is_revoked:
        raise SigningKeyRefused(name, "is revoked")
    return secret


def _tried(secret: Tsk, packets: Sequence[Packet], name: str) -> Packet:
    """The part of the key that signs."""
    try:
        made = Sig.from_bytes(sign(secret.signer(), b"", mode=SignatureMode.DETACHED))
    except RuntimeError:
        raise SigningKeyRefused(name, why_it_cannot_sign(secret)) from None
    return next(each for each in packets if each.fingerprint == made.issuer_fingerprint)


def why_it_cannot_sign(secret: Tsk) -> str:
    """The rest of a sentence that begins with the key."""
    packets = list(PacketPile.from_bytes(bytes(secret)))
    certificate = secret.extract_certificate()
    if packets[0].tag == Tag.PublicKey:
        return "is the public half alone"
    try:
        expiration = certificate.expiration
    except RuntimeError:
        return "has no signature of its own that counts: SHA-1 does no more, have gpg sign it anew"
    if expiration and expiration < datetime.now(UTC):
        return f"has expired on {expiration:%Y-%m-%d}"
    if _is_locked(packets, certificate):
        return "is locked by a passphrase, or the secret of a part that signs is left out"
    return "has no part that may sign now: parts have other uses, have expired or are revoked"


def _is_locked(packets: Sequence[Packet], certificate: Cert) -> bool:
    """Whether any secret is: how, stands right behind the public half (RFC 9580, 5.5.3)."""
    public = {
        each.fingerprint: len(each.body)
        for each in PacketPile.from_bytes(bytes(certificate))
        if each.fingerprint
    }
    return any(
        each.body[public[each.fingerprint]]
        for each in packets
        if each.tag in _SECRET and each.fingerprint in public
    )


def _algorithm(packet: Packet, name: str) -> str:
    """What signs for clients of any age, though those before 2017 know RSA alone.

    Curves of NIST do not: older rpms import no such key.
    """
    if packet.body[0] != _VERSION:
        raise SigningKeyRefused(name, f"is of version {packet.body[0]}: clients know {_VERSION}")
    if packet.key_algorithm == PublicKeyAlgorithm.EdDSA:
        return "Ed25519"
    if packet.key_algorithm not in _RSA:
        raise SigningKeyRefused(name, "is neither of RSA nor of Ed25519, which clients know")
    bits = int.from_bytes(packet.body[_RSA_BITS])
    if bits < _LEAST_RSA_BITS:
        raise SigningKeyRefused(name, f"has {bits} bits: RSA is taken from {_LEAST_RSA_BITS} on")
    return f"RSA {bits}"


def _fingerprint(packet: Packet) -> str:
    return (packet.fingerprint or "").upper()
