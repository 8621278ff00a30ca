"""Behind a proxy that takes a prefix off, every address in what is fetched leads through it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.packages.contents import ITEMS
from e2e.packages.house import PASSWORD, House, house
from e2e.packages.recipes.tools import TOOLS
from e2e.packages.recipes.visitor import Address, Visitor
from servers.nginx import free_port, nginx
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

PREFIX = "/fm"


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    place, port = tmp_path_factory.mktemp("house"), free_port()
    told = {
        "FILEMANAGER_PUBLIC_URL": f"http://localhost:{port}{PREFIX}",
        "FILEMANAGER_TRUSTED_PROXIES": "127.0.0.1",
    }
    with (
        house(place / "house", s3_gateway, **told) as made,
        nginx(place / "nginx", [made.service.address], prefix=PREFIX, port=port),
    ):
        yield made


@pytest.fixture(scope="module")
def package(running: House) -> str:
    return running.package_of_all()


@pytest.mark.parametrize("tool", ["wget", "rclone", "git-annex", "dvc pull", "git-lfs", "bdbag"])
def test_a_tool_fetches_through_the_proxy(
    running: House, package: str, tmp_path: Path, tool: str
) -> None:
    share = running.share(package, password=PASSWORD, max_visits=1)
    assert PREFIX in share

    fetched = TOOLS[tool].fetch(Visitor(tmp_path, ""), Address(share, PASSWORD))

    assert {name: (fetched / name).read_bytes() for name in ITEMS} == ITEMS
