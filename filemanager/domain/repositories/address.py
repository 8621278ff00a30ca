"""Where a repository is: four segments, and what lies below them."""

import re
from dataclasses import dataclass, field

from filemanager.domain.repositories.package import Base

MODULES = "modules"
"""The series whose packages another key signs."""

SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~_-]{0,63}")
"""A segment of an address, and a product: no path, URL or index reads it otherwise."""

RPM_ARCHES = ("x86_64", "aarch64", "SRPMS")
"""The directories of a yum repository; each is a root of its own for clients."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """``kind/series/dist/version``, as the configuration has it."""

    kind: str
    series: str
    dist: str
    version: str
    base: Base
    is_private: bool = field(default=False, compare=False)

    @property
    def path(self) -> str:
        return f"{self.root}/{self.version}"

    @property
    def root(self) -> str:
        """The three segments before the version: what ``sources.list`` names for apt."""
        return f"{self.kind}/{self.series}/{self.dist}"

    @property
    def place(self) -> str:
        """What the paths in its tree follow, below the door."""
        return self.root if self.base is Base.DEB else self.path

    @property
    def is_modules(self) -> bool:
        return self.series == MODULES

    def __str__(self) -> str:
        return self.path
