"""Fields that several kinds of Debian's documents have, checked as Debian policy has them (5.6)."""

from filemanager.archives.packages.refusals import Unfit, quoted
from filemanager.domain.repositories.names import is_debian_name, is_debian_version
from filemanager.domain.repositories.package import Control


def single_line(control: Control, field: str) -> str:
    """The value of a field that must be there. Raises ``Unfit``."""
    value = control.get(field)
    if not value:
        raise Unfit(f"it has no field '{field}'")
    if "\n" in value:
        raise Unfit(f"its field '{field}' has more than one line")
    return value


def checked_name(name: str) -> str:
    """*name* itself. Raises ``Unfit``."""
    if not is_debian_name(name):
        raise Unfit(f"{quoted(name)} is no name of a Debian package")
    return name


def version_of(control: Control) -> str:
    """Raises ``Unfit``."""
    version = single_line(control, "Version")
    if not is_debian_version(version):
        raise Unfit(f"{quoted(version)} is no version of a Debian package")
    return version
