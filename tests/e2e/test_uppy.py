"""Uppy in a browser: a page that is reloaded in the middle goes on where it stopped."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, sync_playwright

from servers.service import V2, Service, service, wait_until

pytestmark = pytest.mark.e2e

CLIENTS = Path(__file__).parent / "clients"
BUNDLE = CLIENTS / "node_modules" / "uppy" / "dist" / "uppy.min.mjs"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MIB = 1 << 20


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Nobody reads it."""


@pytest.fixture
def page_url(tmp_path: Path) -> Iterator[str]:
    """A web server of the page and the bundle, which is another origin than the service."""
    place = tmp_path / "page"
    place.mkdir()
    for path in (CLIENTS / "uppy.html", BUNDLE):
        (place / path.name).symlink_to(path)
    handler = partial(_Quiet, directory=str(place))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def browser(profile: Path) -> Iterator[BrowserContext]:
    """Chromium on a profile that outlives it."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=list(FLAGS), headless=True
        )
        yield context
        context.close()


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, bytes]:
    dice = Random(7)
    files = {"a.bin": dice.randbytes(24 * MIB), "d/b.bin": dice.randbytes(2 * MIB + 1)}
    for path, data in files.items():
        place = tmp_path / "folder" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return files


def choose(page: Page, url: str, folder: Path) -> None:
    page.goto(url)
    page.wait_for_function("window.ready")
    page.set_input_files("#folder", str(folder))


def on_its_way(node: Service) -> dict[str, int]:
    """The bytes of each upload that the service has."""
    headers = {"Authorization": node.token}
    listed = requests.get(f"{node.url}/uploads", headers=headers, timeout=60).json()["uploads"]
    return {upload["id"]: upload["received_bytes"] for upload in listed}


def ask(page_url: str, node: Service, workspace: int) -> str:
    """The address of the page, with what it is to do."""
    wanted = {"service": node.url, "token": node.token, "workspace": str(workspace)}
    return f"{page_url}/uppy.html#{quote(json.dumps(wanted))}"


def receive(node: Service, workspace: int) -> dict[str, bytes]:
    """The files of the workspace, once the batch is received."""
    headers = {"Authorization": node.token}
    batch = f"{node.url}/uploads/batches/folder:receive"
    assert requests.post(batch, headers=headers, timeout=60).status_code == 200
    base = f"{V2}/{workspace}/files"
    return {path: node.get(f"{base}/{path}").content for path in node.paths(workspace)}


def test_the_same_folder_goes_on_in_a_new_page_of_a_restarted_service(
    tmp_path: Path, folder: dict[str, bytes], page_url: str
) -> None:
    profile, chosen, cors = tmp_path / "profile", tmp_path / "folder", {"CORS_ORIGINS": page_url}
    with service(tmp_path / "data", **cors) as first, browser(profile) as context:
        made = first.call("POST", V2, json={"profile": "generic"})
        workspace = int(made.json()["id"])
        page = context.new_page()
        choose(page, ask(page_url, first, workspace), chosen)
        wait_until(lambda: max(on_its_way(first).values(), default=0) >= 3 * MIB, "some came")
        page.close()
        before, port = on_its_way(first), str(first.address[1])

    with service(tmp_path / "data", PORT=port, **cors) as second, browser(profile) as context:
        page = context.new_page()
        choose(page, ask(page_url, second, workspace), chosen)
        page.wait_for_function("window.ended")
        after = on_its_way(second)

        assert page.evaluate("window.ended") == {"successful": 2, "failed": 0}
        assert before.keys() <= after.keys()
        assert len(after) == 2
        assert receive(second, workspace) == folder
