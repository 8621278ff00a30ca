"""What a client asks of ``git-upload-pack``."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from filemanager.domain.errors import Malformed, Rejected
from filemanager.exports.git.upload_pack.lines import BrokenLine, lines_of

MAX_REQUEST_BYTES = 1 << 20
"""Unpacked, where it comes with gzip: some 20,000 commits of the client's."""

_ID = rb"[0-9a-f]{40}"
_WANT = re.compile(rb"want (?P<id>" + _ID + rb")(?: (?P<wishes>[ -~]*))?")
_SHALLOW = re.compile(rb"shallow " + _ID)
_DEEPEN = re.compile(rb"deepen (?P<depth>[0-9]{1,10})")
_HAVE = re.compile(rb"have " + _ID)

_SHA1 = b"sha1"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPackRequest:
    """``wants`` nothing: there is nothing to answer. ``is_shallow``: boundaries are told first.
    ``is_negotiating``: what the client has is answered. ``is_done``: the pack is to follow, in a
    band of its own or bare.
    """

    wants: frozenset[str]
    is_negotiating: bool
    is_done: bool
    is_in_bands: bool
    is_shallow: bool


class GitRequestBroken(Malformed):
    code = "git_request_broken"

    def __init__(self) -> None:
        super().__init__("This is no request of git-upload-pack in protocol version 0.")


class GitRequestRefused(Rejected):
    """Well-formed, and asking for what no repository of ours has."""

    code = "git_request_refused"


def asked_in(body: bytes, ours: Collection[str]) -> UploadPackRequest:
    """Parse a whole request; *ours* are the ids that were advertised.

    Raises ``GitRequestBroken`` and ``GitRequestRefused``.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise GitRequestRefused(f"A request has at most {MAX_REQUEST_BYTES} bytes.")
    lines = _lines(body)
    head = list(iter(lambda: next(lines, None), None))  # up to the first flush
    wants = [_want(line) for line in takewhile(_is_want, head)]
    depths = [_depth(line) for line in head[len(wants) :]]
    wished = wants[0][1] if wants else frozenset()
    _ensure_ours({want for want, _ in wants}, wished, ours)
    known = list(lines)
    _ensure_negotiation(known)
    return UploadPackRequest(
        wants=frozenset(want for want, _ in wants),
        is_negotiating=bool(known),
        is_done=known[-1:] == [b"done"],
        is_in_bands=b"side-band-64k" in wished,
        is_shallow=any(depths),
    )


def _lines(body: bytes) -> Iterator[bytes | None]:
    try:
        yield from lines_of(body)
    except BrokenLine as error:
        raise GitRequestBroken from error


def _want(line: bytes) -> tuple[str, frozenset[bytes]]:
    """What a client wishes besides stands behind the first alone."""
    want = _WANT.fullmatch(line)
    if want is None:
        raise GitRequestBroken
    return want["id"].decode(), frozenset((want["wishes"] or b"").split())


def _is_want(line: bytes) -> bool:
    return line.startswith(b"want ")


def _depth(line: bytes) -> int:
    """Of a line behind the wants; 0: it says where the client's own history is cut off."""
    if line.startswith((b"deepen-", b"filter ")):
        raise GitRequestRefused("A repository of a package is fetched whole.")
    if _SHALLOW.fullmatch(line):
        return 0
    if deepen := _DEEPEN.fullmatch(line):
        return int(deepen["depth"])
    raise GitRequestBroken


def _ensure_ours(wants: set[str], wished: frozenset[bytes], ours: Collection[str]) -> None:
    for wish in wished:
        name, _, value = wish.partition(b"=")
        if name == b"object-format" and value != _SHA1:
            raise GitRequestRefused("Objects are named by SHA-1 here.")
    if strange := sorted(wants - set(ours)):
        raise GitRequestRefused(f"upload-pack: not our ref {strange[0]}")


def _ensure_negotiation(known: Sequence[bytes | None]) -> None:
    """What the client has, with flushes in between; ``done`` stands last or not at all."""
    for place, line in enumerate(known, start=1):
        is_last_word = line == b"done" and place == len(known)
        if not (line is None or is_last_word or _HAVE.fullmatch(line)):
            raise GitRequestBroken
