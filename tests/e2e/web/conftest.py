"""A service of its own for each module, and a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from e2e.packages.browsing import chromium
from servers.service import Service, service


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("service") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made
