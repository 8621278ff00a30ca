"""Why a package is not taken, on its way from where it is found to where the file is known."""

from collections.abc import Iterator
from contextlib import contextmanager

from filemanager.domain.intake.unpacking import ArchiveRefused
from filemanager.domain.repositories.errors import PackageRefused


class Unfit(Exception):
    """What was read is no package that a repository takes; its text is the ``why`` of
    ``PackageRefused``.
    """


@contextmanager
def refusing(file_name: str) -> Iterator[None]:
    """Turn what readers raise into ``PackageRefused``."""
    try:
        yield
    except (Unfit, ArchiveRefused) as refusal:
        raise PackageRefused(file_name, str(refusal)) from refusal
