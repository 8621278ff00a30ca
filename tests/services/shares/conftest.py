"""Shares of one package, in a world of their own."""

import pytest

from filemanager.domain.packages.data_package import DataPackageId
from worlds.packages import Study
from worlds.shares import Fair
from worlds.stored import World


@pytest.fixture
def fair(world: World) -> Fair:
    return Fair(Study(world))


@pytest.fixture
def package_id(fair: Fair) -> DataPackageId:
    return fair.package()
