"""The story of a first-time author, by keyboard alone and on a phone.

Its pictures are those of the manual: with ``FILEMANAGER_PICTURES`` naming its directory they are
taken anew.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.packages.browsing import Window, chromium, window
from servers.service import V2, Service, service

pytestmark = pytest.mark.e2e

PHONE = 390
PICTURES = os.environ.get("FILEMANAGER_PICTURES")
PAPER = {
    "main.tex": b"\\documentclass{article}\n\\usepackage{graphicx}\n\\begin{document}\n"
    b"\\input{results}\n\\includegraphics{figures/rings.pdf}\n\\end{document}\n",
    "figures/rings.pdf": b"%PDF-1.4\n%%EOF\n",
    "main.log": b"This is pdfTeX\n",
    "main.aux": b"\\relax\n",
    "notes.bak": b"what I must not forget\n",
}
RESULTS = b"All rings are round.\n"
AS_KEPT = {"main.tex", "figures/rings.pdf", "notes.bak", "paper/main.aux"}
"""The folder of the paper is taken away; what was brought back lies where it was."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path / "data") as made:
        yield made


@pytest.fixture
def phone() -> Iterator[Window]:
    with chromium() as browser, window(browser, PHONE) as made:
        yield made
        assert (made.outside, made.refused) == ([], [])


class Author:
    """Somebody at the keys of a phone; *phone* is looked at, never touched."""

    def __init__(self, phone: Window) -> None:
        self.phone, self.page = phone, phone.page

    def press(self, name: str) -> None:
        self.phone.press_until(name)
        self.page.keyboard.press("Enter")

    def write(self, field: str, text: str) -> None:
        self.phone.press_until(field)
        self.page.keyboard.type(text)

    def bring(self, button: str, what: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.press(button)
        chooser.value.set_files(what)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=60_000)

    def picture(self, name: str) -> None:
        """What is on the screen, and a look at whether everybody can use it."""
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            other = self.page.locator(f".uppy-Dashboard:not([data-uppy-theme={scheme}])")
            expect(other).to_have_count(0)
            assert (scheme, self.phone.violations()) == (scheme, [])
        assert not self.phone.is_wider_than_its_window()
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / "tutorial-pages" / f"{name}.png")


def test_a_first_paper_is_mended_and_locked(
    running: Service, phone: Window, tmp_path: Path
) -> None:
    author = Author(phone)
    sign_in(author, running)
    make_a_workspace(author)
    drop(author, folder(tmp_path / "paper", PAPER))
    send_what_is_missing(author, tmp_path / "results.tex")
    bring_back(author)
    keep_and_lock(author)
    take_the_receipt(author)

    assert running.get(f"{V2}/1").json()["lock"]["reason"] == "Handed in"
    assert running.paths(1) == {*AS_KEPT, "results.tex"}


def sign_in(author: Author, node: Service) -> None:
    author.page.goto(node.url)
    author.press("Sign in")
    author.sees("The token that the platform gave you")
    author.picture("sign-in")
    author.write("token", node.token)
    author.page.keyboard.press("Enter")
    author.sees("You have no workspaces yet.")


def make_a_workspace(author: Author) -> None:
    author.write("name", "On rings")
    author.press("Make it")
    author.sees("Empty: there are no files yet")


def drop(author: Author, paper: Path) -> None:
    author.bring("browse folders", paper)
    author.sees("Upload 5 files")
    author.picture("chosen")
    author.press("Upload 5 files")
    author.sees("5 added")
    author.sees("Not whole: 1 file is missing")
    author.sees("'results', named in line 4, is not in the upload.")
    author.picture("verdict")


def send_what_is_missing(author: Author, results: Path) -> None:
    results.write_bytes(RESULTS)
    author.press("Upload results")
    author.bring("browse files", results)
    author.sees("Upload 1 file")
    author.press("Upload 1 file")
    author.sees("1 added")
    author.sees("Ready")
    author.picture("ready")


def bring_back(author: Author) -> None:
    author.press("Taken out (2)")
    author.press("Bring back paper/main.aux")
    author.sees("It is back.")
    author.picture("back")


def keep_and_lock(author: Author) -> None:
    author.write("checkpoint", "As sent")
    author.page.keyboard.press("Enter")
    author.sees("The checkpoint is made.")
    author.write("reason", "Handed in")
    author.page.keyboard.press("Enter")
    author.sees("Locked: nobody changes a file until it is unlocked.")
    author.sees("Locked: theuser, Handed in.")
    author.picture("locked")


def take_the_receipt(author: Author) -> None:
    author.press("Receipt")
    author.sees("What is kept")
    author.sees("Locked: theuser, Handed in")
    author.sees(sha256(RESULTS).hexdigest())
    author.picture("receipt")


def folder(place: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place
