"""Every page in both languages, light and dark, at every width: nobody is kept out.

With ``FILEMANAGER_PICTURES`` naming the directory of the manual, pictures of some are taken.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from architecture.routes import is_page, operation_of, rules
from e2e.packages.browsing import Window, window
from e2e.web.world import Everything, a_world
from filemanager.factory.application import create_app
from filemanager.settings.service import Settings
from servers.service import Service

pytestmark = pytest.mark.e2e

WIDTHS = (320, 768, 1280)
PICTURES = os.environ.get("FILEMANAGER_PICTURES")
PICTURED = {
    r"/w/[0-9]": "pages/workspace",
    r"/u/papers": "pages/invitation",
    r"/packages/[0-9a-f]+": "pages/package",
    r"/s/rings/": "share/page",
    r"/s/closed/": "share/password",
}
"""In English and in light, at each width."""

THIN = """
for (const kind of ["main section details", "main section section", "main dl > *"])
  [...document.querySelectorAll(kind)].slice(20).forEach((one) => one.remove());
"""
"""Of what the description of the API has by the hundred, twenty are looked at."""

LIKE_OTHERS = {
    "capabilities.shared.open_share": "the page of the share's name",
    "capabilities.shared.preview_item": "the same",
    "capabilities.shared.show_top_index": "the same",
    "pages.signing_in.show_handover": "a heading and a button, seen once and for a minute",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.mark.parametrize(
    ("language", "button"), [("en", "Upload"), ("de", "Hochladen")], ids=["english", "german"]
)
def test_no_page_keeps_anybody_out(
    world: Everything, browser: Browser, language: str, button: str
) -> None:
    wrong: dict[str, object] = {}
    with window(browser, WIDTHS[0], locale=language) as shown:
        for path in world.open:
            wrong |= seen(shown, world.node.url + path, language)
        wrong |= received(shown, f"{world.node.url}/bucket/upload", button, language)
        sign_in(shown.page, world.node)
        for path in world.signed_in:
            wrong |= seen(shown, world.node.url + path, language)

    assert wrong == {}
    assert (shown.outside, shown.refused) == ([], [])


def test_every_page_is_read_without_scripts(world: Everything, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page, wrong = context.new_page(), dict[str, object]()
    for path in world.open:
        wrong |= read_without_scripts(page, world.node.url + path)
    sign_in(page, world.node)
    for path in world.signed_in:
        wrong |= read_without_scripts(page, world.node.url + path)
    context.close()

    assert wrong == {}


def read_without_scripts(page: Page, url: str) -> dict[str, object]:
    """All that a page has to read is to be seen, and each of its forms can be sent."""
    page.goto(url)
    shut = page.locator("details:not([open])")
    for index in range(0 if url.endswith("/docs") else shut.count()):
        shut.nth(index).evaluate("one => one.setAttribute('data-open', '')")
    page.locator("details[data-open]").evaluate_all("all => all.forEach(one => one.open = true)")
    unseen = page.locator("main :is(h1, h2, p, li, td, dd, label, button)").evaluate_all(
        "all => all.filter(one => one.textContent.trim() && !one.closest('details:not([open])')"
        " && !one.closest('.spare') && !one.checkVisibility()).map(one => one.outerHTML)"
    )
    unsent = page.locator("main form:not(:has(button))").count()
    is_whole = page.locator("h1").count() == 1 and not unseen and not unsent
    return {} if is_whole else {url: (page.locator("h1").count(), unseen, unsent)}


def test_no_page_is_left_out(world: Everything, tmp_path: Path) -> None:
    """Whoever adds one adds it to the world."""
    app = create_app(Settings(data_dir=tmp_path, jobs=False))
    places = app.url_map.bind("localhost")
    seen_ones = {
        places.match(urlsplit(path).path)[0] for path in (*world.open, *world.signed_in)
        if not path.endswith("/nothing")
    }  # fmt: skip
    pages = {rule.endpoint for rule in rules(app) if is_page(operation_of(app, rule), rule)}

    assert sorted(pages - seen_ones) == sorted(LIKE_OTHERS)


def sign_in(page: Page, node: Service) -> None:
    """Whatever language its form is in."""
    form: dict[str, str | float | bool] = {"token": node.token}
    assert page.request.post(f"{node.url}/login", form=form, headers={"Origin": node.url}).ok


def received(shown: Window, url: str, button: str, language: str) -> dict[str, object]:
    """What the bucket's form shows in its place."""
    shown.page.goto(url)
    sent: FilePayload = {"name": "<b>.txt", "mimeType": "text/plain", "buffer": b"text"}
    shown.page.locator("#files").set_input_files(sent)
    shown.page.get_by_role("button", name=button).click()
    expect(shown.page.get_by_role("link", name="<b>.txt")).to_be_visible()
    return looked_at(shown, "what was received", language)


def seen(shown: Window, url: str, language: str) -> dict[str, object]:
    """Loaded once."""
    shown.page.goto(url)
    if shown.page.locator("form#upload[data-tus]").count():
        expect(shown.page.locator("html[data-uploader=ready]")).to_be_attached()
    wrong = dict[str, object]()
    if url.endswith("/docs"):
        shown.page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        if shown.is_wider_than_its_window():
            wrong[f"{url} {language} whole"] = "is wider than its window"
        shown.page.evaluate(THIN)
    return wrong | looked_at(shown, url, language)


def looked_at(shown: Window, name: str, language: str) -> dict[str, object]:
    page, wrong = shown.page, dict[str, object]()
    told = (page.locator("html").get_attribute("lang"), page.locator("h1").count())
    if told != (language, 1):
        wrong[f"{name} {language}"] = told
    for scheme in ("light", "dark"):
        # A colour on its way to another has neither's contrast.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(of_the_other_scheme(page, scheme)).to_have_count(0)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if PICTURES and (language, scheme) == ("en", "light"):
                take_a_picture(page, Path(PICTURES), width)
            if found := shown.violations():
                wrong[f"{name} {language} {scheme} {width}"] = found
            if shown.is_wider_than_its_window():
                wrong[f"{name} {language} {width}"] = "is wider than its window"
    page.emulate_media(media="print")
    if pressed := page.locator("button:visible, nav a:visible").all_inner_texts():
        wrong[f"{name} {language} on paper"] = pressed
    page.emulate_media(media="screen")
    return wrong


def take_a_picture(page: Page, manual: Path, width: int) -> None:
    place = urlsplit(page.url)
    for pattern, name in PICTURED.items():
        if re.fullmatch(pattern, place.path) and not place.query:
            page.screenshot(path=manual / f"{name}-{width}.png")


def of_the_other_scheme(page: Page, scheme: str) -> Locator:
    """The uploader's own, which is told of a change a moment later."""
    return page.locator(f".uppy-Dashboard:not([data-uppy-theme={scheme}])")
