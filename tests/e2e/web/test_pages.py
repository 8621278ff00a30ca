"""Pages in a browser: for everybody, at every width, by keyboard, with scripts and without."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import requests
from playwright.sync_api import Browser, FilePayload, Page, expect

from e2e.packages.browsing import Window, window
from servers.service import V2, Service, wait_until

pytestmark = pytest.mark.e2e

MIB = 1 << 20
SHA256_OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
MAIN = (
    b"\\documentclass{article}\n\\begin{document}\n\\includegraphics{rings}\n"
    b"% TODO: hide\n\\end{document}\n"
)


@pytest.fixture
def wide(browser: Browser) -> Iterator[Window]:
    """No page asks another machine, and none has what its policy refuses."""
    with window(browser, 1280) as made:
        yield made
        assert (made.outside, made.refused) == ([], [])


@pytest.fixture
def workspace(running: Service) -> int:
    """A paper that lacks a picture, and of which something was taken out."""
    made = running.new_workspace()
    running.put(made, "main.tex", MAIN)
    checkpoint = {"name": "first"}
    running.call("POST", f"{V2}/{made}/checkpoints", json=checkpoint)
    running.put(made, "main.tex", MAIN + b"% more\n")
    running.put(made, ".hidden", b"x")
    return made


def sign_in(page: Page, node: Service) -> None:
    page.goto(f"{node.url}/login")
    page.get_by_label("Token").fill(node.token)
    page.get_by_role("button", name="Sign in by token").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workspaces")


def test_a_guest_who_chose_german_has_all_of_it_and_a_receipt_on_paper(
    running: Service, wide: Window, invitation: str
) -> None:
    page = wide.page
    page.goto(f"{running.url}{invitation}")
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("Dateien hier ablegen/einfügen")).to_be_visible()
    file: FilePayload = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
    page.request.post(f"{page.url}send", multipart={"file": file}, headers={"Origin": running.url})
    page.reload()
    page.get_by_role("button", name="Bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quittung")
    page.emulate_media(media="print")
    expect(page.get_by_role("cell", name=SHA256_OF_A)).to_be_visible()
    assert page.locator("button:visible, a:visible").count() == 0


@pytest.fixture
def invitation(running: Service) -> str:
    terms = {
        "title": "Papers", "profile": "generic", "closes_at": "2099-01-01T00:00:00Z",
        "ask": ["Name"], "max_files": 10, "max_bytes": MIB, "max_file_bytes": MIB, "slug": "papers",
    }  # fmt: skip
    made = running.call("POST", "/v2/invitations", json=terms)
    assert made.status_code == 201, made.text
    return "/u/papers"


def test_on_paper_there_is_what_is_said_and_nothing_to_press(
    running: Service, workspace: int, wide: Window
) -> None:
    page = wide.page
    sign_in(page, running)
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{running.url}/w/{workspace}")

    expect(page.locator(".verdict .word")).to_be_visible()
    expect(page.get_by_role("cell", name="main.tex").first).to_be_visible()
    assert page.locator("button:visible, input:visible, nav:visible, .button:visible").count() == 0
    assert computed(page, "body", "color") == "rgb(0, 0, 0)"


def test_nothing_moves_for_whoever_wants_that(running: Service, wide: Window) -> None:
    wide.page.emulate_media(reduced_motion="reduce")
    wide.page.goto(f"{running.url}/login")
    still = computed(wide.page, ".skip", "transition-duration")
    wide.page.emulate_media(reduced_motion="no-preference")

    assert (still, computed(wide.page, ".skip", "transition-duration")) == ("0s", "0.1s")


def computed(page: Page, place: str, what: str) -> str:
    told: str = page.evaluate(
        "([place, what]) => getComputedStyle(document.querySelector(place))[what]", [place, what]
    )
    return told


def test_findings_are_mended_by_keyboard_alone(
    running: Service, workspace: int, wide: Window
) -> None:
    page = wide.page
    page.goto(f"{running.url}/w/{workspace}")
    wide.press_until("token")
    page.keyboard.type(running.token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Workspace")

    wide.press_until("Bring back .hidden")
    page.keyboard.press("Enter")

    expect(page.get_by_text("It is back.")).to_be_visible()
    assert ".hidden" in running.paths(workspace)


def test_without_scripts_files_come_by_the_form_and_every_page_is_whole(
    running: Service, workspace: int, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "rings.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, running)
    page.goto(f"{running.url}/w/{workspace}")

    page.get_by_label("Files, or an archive of them").set_input_files(tmp_path / "rings.pdf")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("Your files are here.")).to_be_visible()
    expect(page.get_by_text("1 added")).to_be_visible()
    expect(page.get_by_role("link", name="rings.pdf").first).to_be_visible()
    context.close()


def choose(page: Page, folder: Path) -> None:
    expect(page.locator("html[data-uploader=ready]")).to_be_attached()
    page.locator("#uploader input[webkitdirectory]").set_input_files(folder)
    page.get_by_role("button", name="Upload", exact=False).last.click()


def test_a_folder_comes_as_one_batch_in_one_revision(
    running: Service, wide: Window, tmp_path: Path
) -> None:
    workspace = running.new_workspace()
    files = {f"figs/{number:03}.txt": b"x" * number for number in range(1, 41)}
    for path, data in {**files, "main.tex": MAIN}.items():
        place = tmp_path / "paper" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    running.put(workspace, "notes.txt", b"at the top")
    before = running.call("GET", f"{V2}/{workspace}").json()["revision"]
    sign_in(wide.page, running)
    wide.page.goto(f"{running.url}/w/{workspace}")
    wide.page.get_by_text("Where to, and how").click()
    wide.page.get_by_label("Directory").fill("/v2/")

    choose(wide.page, tmp_path / "paper")

    expect(wide.page.get_by_text("41 added")).to_be_visible(timeout=60_000)
    sent = {f"v2/paper/{path}" for path in (*files, "main.tex")}
    assert running.paths(workspace) == {"notes.txt", *sent}
    assert running.call("GET", f"{V2}/{workspace}").json()["revision"] == before + 1
    assert wide.violations() == []


def uploads(node: Service) -> dict[str, int]:
    """The bytes that came of each that is on its way."""
    headers = {"Authorization": node.token}
    listed = requests.get(f"{node.url}/uploads", headers=headers, timeout=60).json()["uploads"]
    return {upload["id"]: upload["received_bytes"] for upload in listed}


def received_bytes(node: Service) -> int:
    return sum(uploads(node).values())


def test_an_upload_goes_on_in_another_window(
    running: Service, browser: Browser, tmp_path: Path
) -> None:
    workspace, data = running.new_workspace(), Random(7).randbytes(40 * MIB)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "scan.bin").write_bytes(data)
    (tmp_path / "folder" / "main.tex").write_bytes(MAIN)
    first = browser.new_context()
    page = first.new_page()
    sign_in(page, running)
    page.goto(f"{running.url}/w/{workspace}")
    choose(page, tmp_path / "folder")
    wait_until(lambda: received_bytes(running) >= 8 * MIB, "some came")
    kept = first.storage_state()
    first.close()
    before, begun = received_bytes(running), uploads(running)
    asked_for: list[str] = []

    second = browser.new_context(storage_state=kept)
    page = second.new_page()
    page.on("request", lambda asked: asked_for.append(f"{asked.method} {asked.url}"))
    page.goto(f"{running.url}/w/{workspace}")
    expect(page.get_by_text("An upload broke off here.")).to_be_visible()
    choose(page, tmp_path / "folder")
    expect(page.get_by_text("2 added")).to_be_visible(timeout=60_000)
    second.close()

    assert 8 * MIB <= before < len(data)
    assert asked_for.count(f"POST {running.url}/uploads/tus") == 2 - len(begun)
    assert len(running.paths(workspace)) == 2
