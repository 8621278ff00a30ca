"""From a bucket and a directory to a share, by pages alone: connected, browsed, chosen, frozen."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from builders.papers import a_token
from e2e.packages.browsing import window
from e2e.packages.bucket import Bucket, bucket
from e2e.packages.house import KEY
from e2e.web.test_keeping_pages import SCOPES, press
from e2e.web.test_pages import sign_in
from e2e.web.world import ask
from servers.radosgw import Gateway
from servers.service import PATIENCE_SECONDS, Service, service, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

IN_BUCKET = {"scans/a \u00fc.tif": b"a scan, " * 1000, "scans/deep/b.tif": b"b", "notes.txt": b"n"}
IN_DIRECTORY = {"runs/a.csv": b"1,2\n", "about.txt": b"About.\n"}


@dataclass(frozen=True, slots=True)
class Lab:
    """A service that may call the store, with a directory that its settings declare."""

    node: Service
    lake: Bucket


@pytest.fixture
def lab(s3_gateway: Gateway, tmp_path: Path) -> Iterator[Lab]:
    for name, data in IN_DIRECTORY.items():
        place = tmp_path / "disk" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    disk = {"name": "disk", "kind": "directory", "path": str(tmp_path / "disk"), "readers": ["*"]}
    (tmp_path / "sources.json").write_text(json.dumps([disk]))
    with bucket(s3_gateway) as lake:
        for key, data in IN_BUCKET.items():
            lake.put(key, data)
        settings = {
            "FILEMANAGER_SOURCE_HOSTS": urlsplit(s3_gateway.endpoint_url).netloc,
            "FILEMANAGER_SOURCE_KEYS": f"first:{KEY}",
            "FILEMANAGER_SOURCE_DIRECTORIES": str(tmp_path),
            "FILEMANAGER_SOURCES_FILE": str(tmp_path / "sources.json"),
        }
        with service(tmp_path / "data", **settings) as node:
            yield Lab(replace(node, token=a_token("1", *SCOPES)), lake)


def connect(page: Page, lab: Lab, secret_key: str) -> None:
    gateway = lab.lake.gateway
    page.goto(f"{lab.node.url}/admin/sources")
    page.get_by_label("Name", exact=True).fill("lake")
    page.get_by_label("Endpoint: scheme, host and port alone").fill(gateway.endpoint_url)
    page.get_by_label("Bucket", exact=True).fill(lab.lake.name)
    page.get_by_label("What every key begins with, if anything").fill(lab.lake.prefix)
    card = page.locator("form.card").last
    card.get_by_label("Readers").fill("*")
    card.get_by_label("Access key").fill(gateway.access_key)
    card.get_by_label("Secret key").fill(secret_key)
    press(page, "Connect it")


def choose(page: Page, package: str, source: str, *, into: str, key: str, path: str) -> None:
    """Go down to an object, and point to it under another name."""
    page.goto(package)
    page.get_by_role("link", name="Add from sources").click()
    page.get_by_role("link", name=source, exact=True).click()
    page.get_by_role("link", name=into, exact=True).click()
    page.get_by_label(key, exact=True).check()
    page.get_by_label(f"Path of {key}").fill(path)
    press(page, "Add what is ticked")
    expect(page.get_by_role("link", name="data/", exact=True)).to_be_visible()


def freeze(page: Page, lab: Lab, package: str) -> None:
    """As soon as every digest is known."""

    def pending() -> list[str]:
        place = f"/packages/api/packages/{package.rpartition('/')[2]}/items"
        items = ask(lab.node, "GET", place).json()["items"]
        return [item["path"] for item in items if item["sha256"] is None]

    wait_until(lambda: not pending(), "all digests are known")
    page.goto(package)
    press(page, "Freeze")
    expect(page.get_by_text("The version is frozen.")).to_be_visible()


def a_package(page: Page, lab: Lab) -> str:
    page.goto(f"{lab.node.url}/packages")
    page.get_by_label("Name").fill("On rings")
    press(page, "Make it")
    return page.url.partition("?")[0]


def share(page: Page) -> None:
    page.get_by_role("link", name="Shares").click()
    page.get_by_label("Name in the link").fill("rings")
    press(page, "Share")
    expect(page.get_by_text("The share is open.")).to_be_visible()


def fetched(lab: Lab, name: str) -> requests.Response:
    return requests.get(f"{lab.node.url}/s/rings/f/data/{name}", timeout=PATIENCE_SECONDS)


def test_a_bucket_that_its_keys_do_not_open_is_not_connected(lab: Lab, browser: Browser) -> None:
    with window(browser, 1280) as shown:
        sign_in(shown.page, lab.node)

        connect(shown.page, lab, "not-its-secret")

        expect(shown.page.get_by_role("heading", level=1)).not_to_have_text("Sources of packages")
        assert "not-its-secret" not in shown.page.content()
        shown.page.goto(f"{lab.node.url}/admin/sources")
        expect(shown.page.get_by_role("heading", name="disk", exact=True)).to_be_visible()
        expect(shown.page.get_by_role("heading", name="lake", exact=True)).to_have_count(0)


def test_a_bucket_and_a_directory_become_a_share(lab: Lab, browser: Browser) -> None:
    with window(browser, 1280) as shown:
        page = shown.page
        sign_in(page, lab.node)
        connect(page, lab, lab.lake.gateway.secret_key)
        expect(page.get_by_text("The source is connected.")).to_be_visible()
        assert lab.lake.gateway.secret_key not in page.content()

        package = a_package(page, lab)
        choose(page, package, "lake", into="scans/", key="a \u00fc.tif", path="data/scan.tif")
        choose(page, package, "disk", into="runs/", key="a.csv", path="data/runs.csv")
        freeze(page, lab, package)
        share(page)

        page.goto(f"{lab.node.url}/s/rings/")
        page.get_by_role("link", name="data/").click()
        expect(page.get_by_role("link", name="scan.tif", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="runs.csv", exact=True)).to_be_visible()
        assert (shown.outside, shown.refused) == ([], [])
    from_bucket, from_directory = fetched(lab, "scan.tif"), fetched(lab, "runs.csv")
    assert from_bucket.content == IN_BUCKET["scans/a \u00fc.tif"]
    assert [one.status_code for one in from_bucket.history] == [302]
    assert from_directory.content == IN_DIRECTORY["runs/a.csv"]
    assert from_directory.history == []
