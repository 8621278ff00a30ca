"""A folder of 300 files that is half sent when its browser is killed."""

import os
import signal
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from servers.disk import contents_below
from servers.service import wait_until

FILES = 300
HALF = FILES // 2


def a_folder(place: Path) -> Path:
    place.mkdir()
    for number in range(FILES):
        (place / f"{number:03}.txt").write_bytes(b"%d\n" % number)
    return place


def choose(page: Page, chosen: Path) -> None:
    expect(page.locator("html[data-uploader=ready]")).to_be_attached()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="browse folders").click()
    chooser.value.set_files(chosen)
    page.get_by_role("button", name="Upload", exact=False).last.click()


def kill(profile: Path) -> None:
    """The browser of that profile, with all of its processes."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (place / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}" in arguments and not any(
            one.startswith("--type=") for one in arguments
        ):
            os.kill(int(place.name), signal.SIGKILL)


def is_kept(profile: Path, text: str) -> bool:
    kept = contents_below(profile / "Default" / "Local Storage" / "leveldb")
    return any(text.encode() in one for one in kept)


def send_half(page: Page, folder: Path, profile: Path) -> None:
    """From the page as it is: half of the folder is there, and the browser is killed."""
    sent = 0

    def first_half(route: Route) -> None:
        nonlocal sent
        if sent < HALF:
            sent += 1
            route.continue_()

    page.route("**/uploads/tus", first_half)
    choose(page, folder)
    wait_until(lambda: page.evaluate("localStorage.length") > HALF, "half are begun")
    batch = page.evaluate(
        "Object.entries(localStorage).find(([name]) => name.includes('batch'))[1]"
    )
    wait_until(lambda: page.title() and is_kept(profile, batch), "the batch is on the disk")
    kill(profile)
    page.wait_for_event("close")
