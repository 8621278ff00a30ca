"""The page of a guest in a browser: folders that go on where they broke off, and for everybody."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from builders.papers import a_tarball
from e2e.packages.browsing import lasting, window
from e2e.web.breaking_off import FILES, a_folder, choose, send_half
from servers.service import Service

pytestmark = pytest.mark.e2e

TERMS: dict[str, Any] = {
    "title": "Papers on rings",
    "message": "Send all of your sources.",
    "profile": "generic",
    "closes_at": "2099-01-01T00:00:00Z",
    "max_files": 2 * FILES,
    "max_bytes": 10_000_000,
    "max_file_bytes": 100_000,
    "ask": ["Name"],
}


@pytest.fixture
def invitation(running: Service) -> Any:
    made = running.call("POST", "/v2/invitations", json=TERMS)
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "papers")


def begin(page: Page, url: str) -> str:
    """The address of the page of one's own."""
    page.goto(url)
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Keep the address of this page")).to_be_visible()
    return page.url


def test_a_folder_goes_on_when_its_browser_was_killed_at_half(
    running: Service, invitation: Any, browser: Browser, folder: Path, tmp_path: Path
) -> None:
    profile, begun = tmp_path / "profile", list[str]()
    with lasting(browser, profile) as before:
        own = begin(before.page, invitation["url"])
        send_half(before.page, folder, profile)

    with lasting(browser, profile) as after:
        page = after.page
        page.on("request", lambda one: begun.append(f"{one.method} {one.url}"))
        page.goto(own)
        expect(page.get_by_text("An upload broke off here.")).to_be_visible()
        choose(page, folder)
        expect(page.get_by_text("Received, not confirmed yet")).to_be_visible(timeout=120_000)
        expect(page.get_by_text(f"{FILES} files", exact=True)).to_be_visible()

    assert (before.outside, before.refused, after.outside, after.refused) == ([], [], [], [])
    assert 0 < begun.count(f"POST {own}uploads/tus") < FILES
    (guest,) = running.get(f"/v2/invitations/{invitation['id']}/guests").json()["guests"]
    assert guest["files"] == FILES


def send(page: Page, name: str, data: bytes) -> None:
    expect(page.locator("html[data-uploader=ready]")).to_be_attached()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="browse files").click()
    chooser.value.set_files({"name": name, "mimeType": "", "buffer": data})
    page.get_by_role("button", name="Upload", exact=False).last.click()


def expect_one_file(page: Page) -> None:
    expect(page.get_by_text("Received, not confirmed yet")).to_be_visible()
    expect(page.get_by_text("1 file", exact=True)).to_be_visible()


def test_what_was_refused_is_said_in_the_language_of_the_page(
    invitation: Any, browser: Browser
) -> None:
    with window(browser, 1280) as shown:
        page = shown.page
        begin(page, invitation["url"])
        page.get_by_role("button", name="Deutsch").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Dateien durchsuchen").click()
        zeros = a_tarball({"zeros.bin": bytes(2 * TERMS["max_bytes"])})
        chooser.value.set_files({"name": "large.tar.gz", "mimeType": "", "buffer": zeros})
        page.get_by_role("button", name="hochladen", exact=False).last.click()

        status = page.locator("p[role=status][lang=de]")
        expect(status).to_contain_text("Die Grenze liegt bei 10000000 Bytes (Einladung)")


def test_what_was_refused_keeps_nothing_else_from_coming(invitation: Any, browser: Browser) -> None:
    with window(browser, 1280) as shown:
        page = shown.page
        begin(page, invitation["url"])
        send(page, "large.tar.gz", a_tarball({"zeros.bin": bytes(2 * TERMS["max_bytes"])}))
        expect(page.get_by_text("The invitation's limit is")).to_be_visible()

        send(page, "small.txt", b"text")

        expect_one_file(page)


def test_without_scripts_a_guest_hands_in_by_the_form(
    invitation: Any, browser: Browser, folder: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    begin(page, invitation["url"])

    page.get_by_label("Files, or an archive of them").set_input_files(folder / "001.txt")
    page.get_by_role("button", name="Add", exact=True).click()

    expect_one_file(page)
    context.close()
