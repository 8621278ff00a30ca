"""A browser shows what people sent from an origin where nothing of ours is."""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from builders.papers import a_token
from e2e.packages.browsing import Window, window
from e2e.web.test_pages import sign_in
from e2e.web.world import SCOPES, ask
from servers.nginx import free_port
from servers.service import Service, service, wait_until

pytestmark = pytest.mark.e2e


def a_picture() -> bytes:
    """A PNG of two dots, one below the other."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 2, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\xff"))
        + chunk(b"IEND", b"")
    )


def a_page_of_pdf() -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(places)
    return (
        made + table + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )


@dataclass(frozen=True, slots=True)
class Apart:
    """Pages at an address of this machine, and files at its name."""

    service: Service
    origin: str


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    port = str(free_port())
    origin = f"http://localhost:{port}"
    home = tmp_path_factory.mktemp("service") / "data"
    with service(home, PORT=port, FILEMANAGER_CONTENT_ORIGIN=origin) as made:
        assert made.url == f"http://127.0.0.1:{port}"
        yield Apart(replace(made, token=a_token("1", *SCOPES)), origin)


@pytest.fixture
def shown(browser: Browser) -> Iterator[Window]:
    with window(browser, 1280) as made:
        yield made
        assert (made.outside, made.refused) == ([], [])


def tab_of(shown: Window, link: str) -> Page:
    with shown.page.context.expect_page() as opening:
        shown.page.get_by_role("link", name=link).click()
    opening.value.wait_for_load_state()
    return opening.value


def viewer_of(tab: Page) -> Frame:
    """What the browser shows a PDF with."""
    found: list[Frame] = []

    def is_there() -> object:
        # Who asks nothing is told of no frame.
        tab.title()
        found.extend(one for one in tab.frames if one.url.startswith("chrome-extension://"))
        return found

    wait_until(is_there, "the viewer is there")
    return found[0]


def test_a_picture_a_pdf_and_a_long_text_are_seen_and_nothing_is_refused(
    apart: Apart, shown: Window
) -> None:
    workspace = apart.service.new_workspace()
    files = {"dots.png": a_picture(), "page.pdf": a_page_of_pdf(), "long.txt": b"long\n" * 60_000}
    for name, data in files.items():
        apart.service.put(workspace, name, data)
    home = f"{apart.service.url}/w/{workspace}/f"
    sign_in(shown.page, apart.service)

    shown.page.goto(f"{home}/dots.png")
    picture = shown.page.get_by_role("img", name="The picture dots.png")
    expect(picture).to_have_js_property("naturalHeight", 2)
    source = picture.get_attribute("src")
    shown.page.goto(f"{home}/page.pdf")
    pdf = tab_of(shown, "Open page.pdf in a new tab")
    kind = pdf.evaluate("[document.contentType, location.origin, window.origin, window.opener]")
    shown.page.goto(f"{home}/long.txt")
    text = tab_of(shown, "Open long.txt in a new tab")

    assert source is not None
    assert source.startswith(f"{apart.origin}/c/")
    assert kind == ["application/pdf", apart.origin, apart.origin, None]
    expect(viewer_of(pdf).get_by_text("page.pdf", exact=True)).to_be_visible()
    expect(text.locator("pre")).to_contain_text("long\nlong")
    assert text.evaluate("[document.contentType, window.origin]") == ["text/plain", "null"]


def a_share(node: Service, files: dict[str, bytes], **terms: object) -> str:
    """Of files of a workspace; where its page is."""
    workspace = node.new_workspace()
    package = ask(node, "POST", "/packages/api/packages", json={"name": "Dots"}).json()["id"]
    for name, data in files.items():
        node.put(workspace, name, data)
        ask(
            node,
            "PUT",
            f"/packages/api/packages/{package}/items/{name}",
            data=json.dumps({"workspace": workspace, "path": name}),
            headers={"Content-Type": "application/vnd.filemanager.pointer+json"},
        )
    ask(node, "POST", f"/packages/api/packages/{package}:freeze", json={})
    shares = f"/packages/api/packages/{package}/shares"
    return str(ask(node, "POST", shares, json={"version": 1, **terms}).json()["url"])


def test_who_has_a_link_sees_pictures_and_pdf_and_one_visit_is_enough(
    apart: Apart, shown: Window
) -> None:
    files = {"dots.png": a_picture(), "more.png": a_picture(), "page.pdf": a_page_of_pdf()}
    share = a_share(apart.service, files, max_visits=1)

    for name in ("dots.png", "more.png"):
        shown.page.goto(share)
        shown.page.get_by_role("link", name=f"View {name}").click()
        picture = shown.page.get_by_role("img", name=name)
        expect(picture).to_have_js_property("naturalHeight", 2)
        assert str(picture.get_attribute("src")).startswith(f"{apart.origin}/c/s/")
    shown.page.goto(share)
    shown.page.get_by_role("link", name="View page.pdf").click()
    pdf = tab_of(shown, "Open page.pdf in a new tab")

    kind = pdf.evaluate("[document.contentType, location.origin, window.opener]")
    assert kind == ["application/pdf", apart.origin, None]
    expect(viewer_of(pdf).get_by_text("page.pdf", exact=True)).to_be_visible()


def test_without_a_content_origin_a_picture_of_a_share_is_seen_all_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    with service(tmp_path / "data") as node, window(browser, 320) as shown:
        share = a_share(replace(node, token=a_token("1", *SCOPES)), {"dots.png": a_picture()})

        shown.page.goto(f"{share}v/dots.png")

        picture = shown.page.get_by_role("img", name="dots.png")
        expect(picture).to_have_js_property("naturalHeight", 2)
        assert picture.get_attribute("src") == "../f/dots.png"
        assert shown.violations() == []
        assert (shown.outside, shown.refused) == ([], [])
