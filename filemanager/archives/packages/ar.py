"""The outer archive of a ``.deb``: ar(5) as deb(5) has it, and as strict as dpkg reads it.

=========================================  =====================================================
``debian-binary`` not in front             refused, as is any version of the format but 2.x
a slash or blanks behind a name            not part of it
names that begin with ``_``                passed over, wherever they stand behind the first
anything else before the control archive,  refused, as is what follows the data: two readers may
between it and the data, or twice          not choose differently
more than 16 members                       refused
no byte behind an odd member at the end    taken: some writers leave it out
=========================================  =====================================================
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from filemanager.archives.packages.refusals import Unfit

_MAGIC = b"!<arch>\n"
_HEADER_BYTES = 60
_HEADER = re.compile(rb"(.{16}).{32}([0-9]{1,10}) *`\n", re.DOTALL)
_MOST_MEMBERS = 16

_VERSION_NAME = "debian-binary"
_VERSION = re.compile(rb"2\.[0-9]{1,3}\n")
_VERSION_BYTES = 64
"""More than any version has; deb(5) lets lines follow it."""

_CONTROL = re.compile(r"control\.tar(?:\.gz|\.xz|\.zst)?")
_DATA = re.compile(r"data\.tar(?:\.gz|\.xz|\.zst|\.bz2|\.lzma)?")


@dataclass(frozen=True, slots=True)
class ArMember:
    """``offset`` is where its bytes begin in the file."""

    name: str
    offset: int
    size_bytes: int


def control_member(file: BinaryIO, size_bytes: int) -> ArMember:
    """The control archive of a whole ``.deb`` of *size_bytes*. Raises ``Unfit``.

    What is read are headers and the version alone.
    """
    members = list(_members(file, size_bytes))
    _check_version(file, members[0])
    kept = [member for member in members[1:] if not member.name.startswith("_")]
    if not kept or not _CONTROL.fullmatch(kept[0].name):
        raise Unfit("no control archive follows its version")
    if len(kept) == 1:
        raise Unfit("it has no data archive")
    if not _DATA.fullmatch(kept[1].name) or len(kept) > 2:  # noqa: PLR2004  # control and data
        raise Unfit("it holds something else than a control archive and then a data archive")
    return kept[0]


def _check_version(file: BinaryIO, member: ArMember) -> None:
    file.seek(member.offset)
    if member.name != _VERSION_NAME:
        raise Unfit("it does not begin with the member 'debian-binary'")
    if not _VERSION.match(file.read(min(member.size_bytes, _VERSION_BYTES))):
        raise Unfit("it is not in version 2 of Debian's format")


def _members(file: BinaryIO, size_bytes: int) -> Iterator[ArMember]:
    """At least one."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise Unfit("it is no Debian package")
    at = len(_MAGIC)
    for _ in range(_MOST_MEMBERS):
        member = _member(file, at)
        at = member.offset + member.size_bytes
        if at > size_bytes:
            raise Unfit("it ends in the middle of a member")
        yield member
        at += at % 2
        if at >= size_bytes:
            return
    raise Unfit(f"it has more than {_MOST_MEMBERS} members")


def _member(file: BinaryIO, at: int) -> ArMember:
    file.seek(at)
    header = _HEADER.fullmatch(file.read(_HEADER_BYTES))
    if not header:
        raise Unfit("a header of a member cannot be read")
    name = header[1].decode("latin-1").rstrip(" ").removesuffix("/")
    return ArMember(name, at + _HEADER_BYTES, int(header[2]))
