"""What the disk says no with, in the domain's words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from filemanager.domain.errors import StoreFull, StoreUnavailable


@contextmanager
def disk_faults() -> Iterator[None]:
    """Raise ``StoreFull`` or ``StoreUnavailable`` where the operating system refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull("The store is full. Nothing was added.") from error
        raise StoreUnavailable from error
