"""Texts that OpenPGP's cleartext framework wraps (RFC 9580, 7); nothing is verified here."""

from collections.abc import Iterator

from filemanager.archives.packages.refusals import Unfit

_MESSAGE = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = b"-----BEGIN PGP SIGNATURE-----"
_END = b"-----END PGP SIGNATURE-----"
_HASH = b"Hash:"
_BLANKS = b" \t\r"


def signed_text(document: bytes) -> bytes:
    """What is signed in *document*, or all of it where it is not clearsigned.

    A framework that is not closed, or something outside it, raises ``Unfit``: readers would
    disagree about what was signed.
    """
    lines = iter(document.strip(b"\r\n").split(b"\n"))
    if next(lines).rstrip(_BLANKS) != _MESSAGE:
        return document
    _pass_hashes(lines)
    text = b"\n".join(_unescaped(lines))
    _pass_signature(lines)
    return text


def _pass_hashes(lines: Iterator[bytes]) -> None:
    for line in lines:
        if not line.strip(_BLANKS):
            return
        if not line.startswith(_HASH):
            break
    raise Unfit("the head of its signed message cannot be read")


def _unescaped(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.startswith(b"- "):
            yield line[2:]
        elif not line.startswith(b"-"):
            yield line
        elif line.rstrip(_BLANKS) == _SIGNATURE:
            return
        else:
            break
    raise Unfit("its signed message is not followed by a signature")


def _pass_signature(lines: Iterator[bytes]) -> None:
    for line in lines:
        if line.startswith(b"-"):
            if line.rstrip(_BLANKS) != _END or next(lines, None) is not None:
                break
            return
    raise Unfit("its signature does not end, or something follows it")
