"""The page of a share in a browser: narrow and wide, by keyboard, for everybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from e2e.packages.browsing import Window, chromium, window
from e2e.packages.contents import ITEMS
from e2e.packages.house import PASSWORD, House, house
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), s3_gateway) as made:
        yield made


@pytest.fixture(scope="module")
def package(running: House) -> str:
    return running.package_of_all()


@pytest.fixture(scope="module")
def share(running: House, package: str) -> str:
    return running.share(package, slug="rings")


@pytest.fixture(scope="module")
def protected(running: House, package: str) -> str:
    return running.share(package, password=PASSWORD)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(params=[320, 1280])
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Window]:
    with window(browser, request.param) as made:
        yield made
        assert made.outside == []


def test_the_page_says_what_there_is_and_how_to_fetch_it(share: str, shown: Window) -> None:
    shown.page.goto(share)

    text = shown.page.inner_text("body")
    assert [word for word in ("Rings", "README.md", "big.bin", "sub dir") if word not in text] == []
    assert f"-i {share}urls.txt" in text
    assert f"git clone {share}annex.git" in text
    assert f"{len(ITEMS)}" in text


def test_a_file_is_found_and_fetched_by_keyboard(share: str, shown: Window) -> None:
    shown.page.goto(share)
    shown.press_until("paper/")
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_role("link", name="notes.tex", exact=True)).to_be_visible()
    shown.press_until("notes.tex")

    with shown.page.expect_download() as fetched:
        shown.page.keyboard.press("Enter")

    assert Path(fetched.value.path()).read_bytes() == ITEMS["paper/notes.tex"]


def test_a_password_opens_the_page_by_keyboard(protected: str, shown: Window) -> None:
    shown.page.goto(protected)
    assert shown.violations() == []
    shown.press_until("password")
    shown.page.keyboard.type("wrong")
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_role("status")).to_contain_text("wrong")
    shown.press_until("password")
    shown.page.keyboard.type(PASSWORD)

    shown.page.keyboard.press("Enter")

    expect(shown.page.get_by_role("heading", level=1)).to_have_text("Rings")
    assert shown.violations() == []


def test_every_page_is_whole_without_script(share: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(share)

    assert "big.bin" in page.inner_text("body")
    context.close()
