"""How tests ask a reader, and why it refuses."""

from collections.abc import Callable

import pytest

from builders.in_memory import Bytes, MemoryScratch
from filemanager.archives.packages.deb import read_deb
from filemanager.domain.intake.budget import Budget
from filemanager.domain.repositories.errors import PackageRefused
from filemanager.domain.repositories.package import Deb
from unit.archives.reading import a_budget

DEB = "tiny_1.0-1_amd64.deb"
DSC = "tiny_1.0-1.dsc"
CHANGES = "tiny_1.0-1_amd64.changes"
RPM = "tiny-1.0-1.x86_64.rpm"


def deb(data: bytes, file_name: str = DEB, budget: Budget | None = None) -> Deb:
    budget = budget or a_budget()
    with budget.turn:
        return read_deb(file_name, Bytes(data), budget, MemoryScratch())


def why(read: Callable[[], object]) -> str:
    """The clause that ends the refusal."""
    with pytest.raises(PackageRefused) as refusal:
        read()
    return refusal.value.why
