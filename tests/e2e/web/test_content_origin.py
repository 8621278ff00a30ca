"""A browser shows what people sent from an origin where nothing of ours is."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from e2e.packages.browsing import Window, window
from e2e.web.test_pages import sign_in
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
        yield Apart(made, origin)


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
