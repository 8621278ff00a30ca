"""What a tar header and the extended headers before it say together.

=============================================  ==============================================
a pax path beside another name in the header   taken, as POSIX says; up to 99 ASCII bytes no
                                               writer needs it, so refused (``contradiction``)
                                               if it begins with ``./``, holds a control
                                               character or is an earlier member's
a GNU long name of up to 99 ASCII bytes        refused (``contradiction``)
beside another name in the header
two names of which one leaves the archive      refused (``contradiction``)
an extended size of less than 8 GiB that       refused (``contradiction``)
differs from the header's
two targets of a link                          refused (``contradiction``), like two names
a name that is not UTF-8                       read as Latin-1 (in pax headers: refused)
no name at all                                 refused (``bad_name``)
=============================================  ==============================================
"""

from collections.abc import Container

from filemanager.archives.faults import Fault
from filemanager.archives.names import leaves, plain
from filemanager.archives.tar.pax import Ahead
from filemanager.archives.tar.ustar import Header
from filemanager.domain.intake.unpacking import ArchiveRefused

_SHORT_NAME_BYTES = 99
"""Old GNU tar writes a long name from 100 bytes on, everything else from 101 on."""

_SHORT_SIZE_BYTES = 8**11
"""What eleven octal digits can say."""


def agreed_name(header: Header, ahead: Ahead, earlier: Container[str]) -> bytes:
    """The member's name; *earlier* are the plain names before it. Raises ``ArchiveRefused``."""
    if ahead.sparse is not None and ahead.sparse.name is not None:
        return _of_sparse(header.name or b"", ahead.sparse.name)
    if header.name is None and (ahead.is_pax or ahead.path is None):
        raise ArchiveRefused(Fault.BAD_NAME, "a header has a prefix and no name to go with it")
    if ahead.path is not None:
        return _overridden(header.name or b"", ahead, ahead.path, earlier)
    if not header.name:
        raise ArchiveRefused(Fault.BAD_NAME, "a member has no name")
    return header.name


def _overridden(name: bytes, ahead: Ahead, long: bytes, earlier: Container[str]) -> bytes:
    is_other = bool(name) and name.rstrip(b"/") != long.rstrip(b"/")
    if is_other and _is_short(long):
        is_odd = long.startswith(b"./") or not long.decode().isprintable()
        if not ahead.is_pax or is_odd or plain(decoded(long)) in earlier:
            raise ArchiveRefused(Fault.CONTRADICTION, "a member has two names")
    return _agreed(name, long)


def _of_sparse(name: bytes, real: bytes) -> bytes:
    """The header has a name of its own, for readers that know no sparse files."""
    if leaves(decoded(name)) and not leaves(decoded(real)):
        raise _leaving()
    return real


def _agreed(name: bytes, long: bytes) -> bytes:
    if name and leaves(decoded(name)) != leaves(decoded(long)):
        raise _leaving()
    return long


def _leaving() -> ArchiveRefused:
    return ArchiveRefused(
        Fault.CONTRADICTION, "a member has two names, one of which leaves the archive"
    )


def agreed_size(header: Header, ahead: Ahead) -> int:
    """Raises ``ArchiveRefused``."""
    if ahead.size_bytes is None:
        return header.size_bytes
    if ahead.size_bytes < _SHORT_SIZE_BYTES and ahead.size_bytes != header.size_bytes:
        raise ArchiveRefused(Fault.CONTRADICTION, "a member has two sizes")
    return ahead.size_bytes


def check_link(header: Header, ahead: Ahead) -> None:
    """Raise ``ArchiveRefused`` for two targets: none is used, but which one is meant is a lie."""
    target = header.link
    if ahead.link and target and target != ahead.link and _is_short(ahead.link):
        raise ArchiveRefused(Fault.CONTRADICTION, "a link has two targets")


def decoded(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _is_short(name: bytes) -> bool:
    return len(name) <= _SHORT_NAME_BYTES and name.isascii()
