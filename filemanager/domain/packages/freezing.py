"""Freezing: what a version is made of, and the work that waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from filemanager.domain.ids import Digest
from filemanager.domain.jobs.job import JobId
from filemanager.domain.packages.data_package import PackageEdition
from filemanager.domain.packages.listing import DirectoryTotal
from filemanager.domain.packages.pointer import PointerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A version before it has its number: ``edition`` is what was surveyed, a living one."""

    edition: PackageEdition
    name: str
    digest: Digest
    directories: Sequence[DirectoryTotal]
    pending: Sequence[PointerId]
    by: str
    at: datetime


class PackageWorkKind(StrEnum):
    ADD = "add"
    FREEZE = "freeze"


@dataclass(frozen=True, slots=True)
class PackageWork:
    """A job at a package; a freeze is of the ``revision``."""

    job_id: JobId
    kind: PackageWorkKind
    revision: int
