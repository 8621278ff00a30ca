"""Every tool fetches a package of several sources, and has the bytes that went in."""

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from http.client import FORBIDDEN, GONE
from pathlib import Path

import pytest
import requests

from e2e.packages.checking import by_frictionless, by_mlcroissant, by_sha256sum
from e2e.packages.cloning import WITHOUT_PROXY, set_git
from e2e.packages.cutting import LARGEST
from e2e.packages.downloading import by_wget
from e2e.packages.house import (
    ITEMS,
    PASSWORD,
    SECOND_VISITOR,
    House,
    house,
    item_url,
    status_for,
)
from e2e.packages.outside import Outside, outside
from e2e.packages.tools import TOOLS
from e2e.packages.visitor import Address, Visitor
from servers.radosgw import Gateway
from servers.service import wait_until

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.s3,
    # One house for all of them, and one wait.
    pytest.mark.xdist_group("clients of packages"),
]

# git-lfs does not even try an address that ends within five seconds.
SHORT = {"FILEMANAGER_SHARE_URL_SECONDS": "7"}
OF_LARGEST = f"f/{LARGEST}"


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), s3_gateway, **SHORT) as made:
        yield made


@pytest.fixture(scope="module")
def package(running: House) -> str:
    return running.package_of_all()


@pytest.fixture(scope="module")
def open_share(running: House, package: str) -> str:
    return running.share(package)


@pytest.fixture(scope="module")
def protected(running: House, package: str) -> str:
    return running.share(package, password=PASSWORD)


@pytest.fixture(scope="module")
def world() -> Iterator[Outside]:
    with outside() as proxy:
        yield proxy


@pytest.fixture
def visitor(tmp_path: Path, world: Outside) -> Iterator[Visitor]:
    """Who asks this machine and no other."""
    world.asked.clear()
    yield Visitor(tmp_path, world.url)
    assert world.asked == []


@pytest.fixture(params=["open", "unlocked", "key", "password"])
def address(request: pytest.FixtureRequest, running: House, package: str) -> Address:
    """By the link alone, what a password unlocks, an access key, and the password itself."""
    if request.param == "open":
        return Address(request.getfixturevalue("open_share"))
    share: str = request.getfixturevalue("protected")
    if request.param == "password":
        return Address(share, PASSWORD)
    is_key = request.param == "key"
    return running.access_key(package, share) if is_key else running.unlocked(share)


def digests(directory: Path) -> dict[str, str]:
    """Of the items below it."""
    paths = {name: directory / name for name in ITEMS}
    return {name: sha256(path.read_bytes()) for name, path in paths.items() if path.exists()}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


EXPECTED = {name: sha256(data) for name, data in ITEMS.items()}


def signed_url(share: str) -> str:
    return requests.get(item_url(share, LARGEST), allow_redirects=False, timeout=60).headers[
        "Location"
    ]


def is_over(url: str) -> bool:
    return requests.get(url, stream=True, timeout=60).status_code == FORBIDDEN


def commands_of(page: str) -> dict[str, str]:
    """By their titles."""
    found = re.findall(r'<pre[^>]* aria-label="([^"]*)"[^>]*><code>(.*?)</code>', page, re.DOTALL)
    return {title: html.unescape(lines) for title, lines in found}


@pytest.fixture(scope="module")
def cut_off(
    open_share: str, world: Outside, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Visitor]:
    """For each tool somebody whose fetch was cut off, after the addresses of then have ended."""
    visitors = {}
    for name, tool in TOOLS.items():
        visitors[name] = Visitor(tmp_path_factory.mktemp("cut"), world.url)
        fetched = tool.fetch(visitors[name], Address(open_share))
        assert digests(fetched) == EXPECTED, name
        tool.cut(visitors[name], fetched)
        assert digests(fetched) != EXPECTED, name
    last = signed_url(open_share)
    wait_until(lambda: is_over(last), "the addresses have ended")
    return visitors


@pytest.mark.parametrize("tool", TOOLS)
def test_a_cut_fetch_goes_on_after_the_first_addresses_have_ended(
    open_share: str, cut_off: Mapping[str, Visitor], tool: str
) -> None:
    fetched = TOOLS[tool].fetch(cut_off[tool], Address(open_share))

    assert digests(fetched) == EXPECTED


@pytest.mark.parametrize("tool", [name for name, tool in TOOLS.items() if tool.resumes])
def test_a_cut_fetch_asks_for_the_rest_alone(
    running: House, package: str, visitor: Visitor, tool: str
) -> None:
    share = running.share(package)
    TOOLS[tool].cut(visitor, TOOLS[tool].fetch(visitor, Address(share)))

    TOOLS[tool].fetch(visitor, Address(share))

    asked = [one["bytes"] for one in running.log_of(package, share) if one["item"] == OF_LARGEST]
    assert asked == [len(ITEMS[LARGEST]) // 2, len(ITEMS[LARGEST])]


@pytest.mark.parametrize("tool", TOOLS)
def test_one_visit_is_enough_and_a_second_visitor_is_refused(
    running: House, package: str, visitor: Visitor, tool: str
) -> None:
    share = running.share(package, max_visits=1)

    fetched = TOOLS[tool].fetch(visitor, Address(share))

    assert digests(fetched) == EXPECTED
    assert status_for(item_url(share, LARGEST), SECOND_VISITOR) == GONE


@pytest.mark.parametrize("tool", [name for name, tool in TOOLS.items() if not tool.takes_names])
def test_a_tool_fetches_at_the_address_that_the_password_unlocks(
    running: House, protected: str, visitor: Visitor, tool: str
) -> None:
    fetched = TOOLS[tool].fetch(visitor, running.unlocked(protected))

    assert digests(fetched) == EXPECTED


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_fetches_with_the_password(protected: str, visitor: Visitor, tool: str) -> None:
    fetched = TOOLS[tool].fetch(visitor, Address(protected, PASSWORD))

    assert digests(fetched) == EXPECTED


@pytest.mark.parametrize(
    "title", ["wget", "aria2", "curl", "rclone", "git-annex", "DVC", "Git LFS"]
)
def test_the_commands_of_the_page_fetch_the_package_as_they_stand(
    running: House, package: str, visitor: Visitor, title: str
) -> None:
    share = running.share(package, max_visits=1)
    page = running.session.get(share, headers={"Accept": "text/html"}, timeout=60).text
    set_git(visitor, Address(share))
    slug = share.split("/")[-2]

    visitor.run(*WITHOUT_PROXY, "bash", "-euo", "pipefail", "-c", commands_of(page)[title])

    below = {"git-annex": slug, "DVC": f"{slug}/data", "Git LFS": slug}
    assert digests(visitor.place / below.get(title, ".")) == EXPECTED


def test_what_a_package_holds_now_is_fetched_as_well(
    running: House, package: str, visitor: Visitor
) -> None:
    fetched = by_wget(visitor, Address(running.share(package, version="latest")))

    assert digests(fetched) == EXPECTED


def test_frictionless_finds_every_resource_as_described(address: Address, visitor: Visitor) -> None:
    by_frictionless(visitor, address)


def test_mlcroissant_takes_the_description(address: Address, visitor: Visitor) -> None:
    by_mlcroissant(visitor, address)


def test_sha256sum_finds_every_file_as_listed(address: Address, visitor: Visitor) -> None:
    fetched = by_wget(visitor, address)

    said = by_sha256sum(visitor, address, fetched)

    assert said.count(": OK\n") == len(ITEMS)
