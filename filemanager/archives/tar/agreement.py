"""What a tar header and the extended headers before it say together.

=============================================  ==============================================
an extended name of up to 99 ASCII bytes, and  refused (``contradiction``): no writer needs it,
another name in the header                     and some readers take one, some the other
a header's name that leaves the archive        refused (``contradiction``)
behind an extended one that does not
an extended size of less than 8 GiB that       refused (``contradiction``)
differs from the header's
two targets of a link                          refused (``contradiction``), like two names
a name that is not UTF-8                       read as Latin-1 (in pax headers: refused)
no name at all                                 refused (``bad_name``)
=============================================  ==============================================
"""

from filemanager.archives.faults import Fault
from filemanager.archives.names import leaves
from filemanager.archives.tar.pax import Ahead
from filemanager.archives.tar.ustar import Header
from filemanager.domain.intake.unpacking import ArchiveRefused

_SHORT_NAME_BYTES = 99
"""Old GNU tar writes a long name from 100 bytes on, everything else from 101 on."""

_SHORT_SIZE_BYTES = 8**11
"""What eleven octal digits can say."""


def agreed_name(header: Header, ahead: Ahead) -> bytes:
    """Raises ``ArchiveRefused``."""
    name, long = header.name, ahead.path
    if long is not None:
        _check_names(name, long)
        return long
    if not name:
        raise ArchiveRefused(Fault.BAD_NAME, "a member has no name")
    return name


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


def _check_names(name: bytes, long: bytes) -> None:
    is_other = bool(name) and name.rstrip(b"/") != long.rstrip(b"/")
    if is_other and _is_short(long):
        raise ArchiveRefused(Fault.CONTRADICTION, "a member has two names")
    if leaves(decoded(name)) and not leaves(decoded(long)):
        raise ArchiveRefused(Fault.CONTRADICTION, "a member has two names, one leaves the archive")


def _is_short(name: bytes) -> bool:
    return len(name) <= _SHORT_NAME_BYTES and name.isascii()
