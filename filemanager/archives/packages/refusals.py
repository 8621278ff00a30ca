"""Why a package is not taken, on its way from where it is found to where the file is known."""

from collections.abc import Iterator
from contextlib import contextmanager

from filemanager.domain.intake.unpacking import ArchiveRefused
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.names import is_file_name
from filemanager.domain.workspaces.log import escaped

_QUOTED_CHARACTERS = 100


class Unfit(Exception):
    """What was read is no package that a repository takes; its text is the ``why`` of
    ``PackageRefused``.
    """


@contextmanager
def refusing(file_name: str) -> Iterator[None]:
    """Turn what readers raise into ``PackageRefused``, as what no file may be called is."""
    if not is_file_name(file_name):
        raise PackageRefused(
            file_name,
            "its name does not begin with a letter or digit, is too long or holds"
            " something else than letters, digits and . + - ~ _ ^ %",
        )
    try:
        yield
    except (Unfit, ArchiveRefused) as refusal:
        raise PackageRefused(file_name, str(refusal)) from refusal


def quoted(text: str) -> str:
    """What a package says, as a message repeats it: in one line, and not all of a long one."""
    rest = "…" if len(text) > _QUOTED_CHARACTERS else ""
    return f"'{escaped(text[:_QUOTED_CHARACTERS])}{rest}'"
