"""What ``git-upload-pack`` answers. Protocol v2 is not spoken: its clients take v0 instead."""

from collections.abc import Iterable, Iterator, Mapping

from filemanager.exports.git.repository import MAIN
from filemanager.exports.git.upload_pack.asked import UploadPackRequest
from filemanager.exports.git.upload_pack.lines import FLUSH, MAX_LINE_BYTES, line

ADVERTISEMENT_TYPE = "application/x-git-upload-pack-advertisement"
RESULT_TYPE = "application/x-git-upload-pack-result"

_CAN = f"side-band-64k shallow no-progress symref=HEAD:{MAIN} object-format=sha1 agent=filemanager"

_PACK_BAND = b"\1"
_BAND_BYTES = MAX_LINE_BYTES - 4 - len(_PACK_BAND)


def advertisement(references: Mapping[str, str]) -> bytes:
    """What ``info/refs?service=git-upload-pack`` answers."""
    first = line(f"{references[MAIN]} HEAD\0{_CAN}\n".encode())
    named = [line(f"{references[name]} {name}\n".encode()) for name in sorted(references)]
    return b"".join([line(b"# service=git-upload-pack\n"), FLUSH, first, *named, FLUSH])


def answer(request: UploadPackRequest, pack: Iterable[bytes]) -> Iterator[bytes]:
    """The pack is whole whatever the client has: its only commits are roots.

    *pack* is not touched while the client has not done negotiating.
    """
    if not request.wants:
        return
    if request.is_shallow:
        yield FLUSH  # nothing is cut off
    if request.is_negotiating:
        yield line(b"NAK\n")
    if not request.is_done:
        return
    if request.is_in_bands:
        yield from _banded(pack)
        yield FLUSH
    else:
        yield from pack


def refusal(message: str) -> bytes:
    """What git shows to people, in an answer of status 200."""
    return line(f"ERR {message}\n".encode())


def _banded(pack: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in pack:
        for start in range(0, len(chunk), _BAND_BYTES):
            yield line(_PACK_BAND + chunk[start : start + _BAND_BYTES])
