"""Pages of curators, inviters and operators in a browser, without a script of theirs."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from builders.papers import a_token
from e2e.packages.browsing import chromium, window
from e2e.web.test_pages import sign_in
from filemanager.tokens import EVERYDAY
from servers.service import Service, service

pytestmark = pytest.mark.e2e

CURATING = ("package:read", "package:write", "package:share", "package:admin")
SCOPES = (*EVERYDAY, *CURATING, "upload:admin")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With a directory as a source, and somebody who may do everything."""
    home = tmp_path_factory.mktemp("service")
    (home / "disk" / "runs").mkdir(parents=True)
    for name in ("notes.txt", "runs/a.csv", "runs/b.csv"):
        (home / "disk" / name).write_text(name)
    source = {"name": "disk", "kind": "directory", "path": str(home / "disk"), "readers": ["*"]}
    (home / "sources.json").write_text(json.dumps([source]))
    settings = {
        "FILEMANAGER_SOURCE_DIRECTORIES": str(home),
        "FILEMANAGER_SOURCES_FILE": str(home / "sources.json"),
    }
    with service(home / "data", **settings) as made:
        yield replace(made, token=a_token("1", *SCOPES))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def a_shared_package(page: Page, url: str) -> None:
    """Made by pages alone."""
    page.goto(f"{url}/packages")
    page.get_by_label("Name").fill("On rings")
    press(page, "Make it")
    page.get_by_role("link", name="Add from sources").click()
    page.get_by_role("link", name="disk").click()
    page.get_by_label("notes.txt", exact=True).check()
    page.get_by_label("Path of notes.txt").fill("about.txt")
    press(page, "Add what is ticked")
    expect(page.get_by_role("link", name="about.txt")).to_be_visible()
    page.get_by_label("Text", exact=True).fill("# Rings")
    press(page, "Keep the text")
    expect(page.get_by_role("link", name="README.md")).to_be_visible()
    page.get_by_label("At once").check()
    press(page, "Freeze")
    expect(page.get_by_text("The version is frozen.")).to_be_visible()
    page.get_by_role("link", name="Shares").click()
    page.get_by_label("Name in the link").fill("rings")
    press(page, "Share")
    expect(page.get_by_text("The share is open.")).to_be_visible()


def an_invitation(page: Page, url: str) -> None:
    page.goto(f"{url}/invitations")
    page.get_by_label("What is asked for").fill("Papers")
    page.get_by_label("Open until").fill("2099-01-31T18:00")
    press(page, "Invite")
    expect(page.get_by_text("Send the link to whoever you invite.")).to_be_visible()


def a_guest(page: Page, link: str) -> None:
    """Who follows the link, and hands in a file by the form."""
    page.goto(link)
    press(page, "Begin")
    page.get_by_label("Files, or an archive of them").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"text"}
    )
    press(page, "Add")
    expect(page.get_by_text("Received, not confirmed yet")).to_be_visible()


def test_a_package_is_shared_and_people_are_invited_without_a_script(running: Service) -> None:
    with chromium() as browser, window(browser, 320) as shown:
        sign_in(shown.page, running)

        a_shared_package(shown.page, running.url)
        an_invitation(shown.page, running.url)
        link = shown.page.get_by_role("link", name="/u/").inner_text()
        plain = browser.new_context(java_script_enabled=False)
        a_guest(plain.new_page(), link)
        plain.close()

        assert (shown.outside, shown.refused) == ([], [])
