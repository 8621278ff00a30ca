"""What had no digest when it was frozen is fetched all the same, by tools that can do without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.packages.house import IN_BUCKET, IN_DIRECTORY, ITEMS, House, house
from e2e.packages.outside import outside
from e2e.packages.tools import TOOLS
from e2e.packages.visitor import Address, Visitor
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

PENDING = {*IN_BUCKET, *(f"local/{name}" for name in IN_DIRECTORY)}
WITHOUT_DIGESTS = ("wget", "curl", "aria2", "metalink", "git-annex")
BY_DIGESTS = ("git-lfs", "bdbag", "dvc pull")


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Nobody there works out digests."""
    directory = tmp_path_factory.mktemp("house")
    with house(directory, s3_gateway, FILEMANAGER_HASH_WORKERS="0") as made:
        yield made


@pytest.fixture(scope="module")
def address(running: House) -> Address:
    return Address(running.share(running.package_of_all(is_partial=True)))


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with outside() as world:
        yield Visitor(tmp_path, world.url)
        assert world.asked == []


def whole(directory: Path) -> set[str]:
    """The items that are there as they went in."""
    there = {name: directory / name for name in ITEMS if (directory / name).exists()}
    return {name for name, path in there.items() if path.read_bytes() == ITEMS[name]}


@pytest.mark.parametrize("tool", WITHOUT_DIGESTS)
def test_a_tool_that_needs_no_digest_fetches_everything(
    address: Address, visitor: Visitor, tool: str
) -> None:
    assert whole(TOOLS[tool].fetch(visitor, address)) == set(ITEMS)


@pytest.mark.parametrize("tool", BY_DIGESTS)
def test_a_tool_that_goes_by_digests_fetches_the_rest(
    address: Address, visitor: Visitor, tool: str
) -> None:
    assert whole(TOOLS[tool].fetch(visitor, address)) == set(ITEMS) - PENDING


def test_dvc_fetches_by_etag_what_has_no_digest(address: Address, visitor: Visitor) -> None:
    clone = TOOLS["dvc pull"].fetch(visitor, address).parent

    visitor.run("dvc", "pull", "-q", "--recursive", "pending", below=clone.name)

    assert whole(clone / "pending") == PENDING
