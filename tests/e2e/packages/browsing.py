"""Chromium that reaches this machine alone, and what axe-core finds on a page."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Route,
    sync_playwright,
)

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WITHIN = ("chrome", "chrome-extension")
_AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(slots=True)
class Window:
    """A page, and the addresses of other machines that it asked for, in vain.

    ``refused`` is what its policy kept it from loading or running, as its console says.
    """

    page: Page
    outside: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """The rules of axe-core that the page breaks, with the elements that do."""
        # The page itself is allowed no script.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text())
        found: list[dict[str, Any]] = self.page.evaluate("axe.run().then(told => told.violations)")
        return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]

    def is_wider_than_its_window(self) -> bool:
        root = "document.documentElement"
        return bool(self.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))

    def press_until(self, name: str) -> None:
        """Tab from one thing to the next until the one of that name has the focus."""
        focused = "document.activeElement.textContent.trim() || document.activeElement.id"
        for _ in range(100):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(focused) == name:
                return
        raise AssertionError(f"nothing called '{name}' is reached by the keyboard")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, width: int, locale: str = "en") -> Iterator[Window]:
    """Without a history, *width* pixels wide."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=locale)
    yield _watched(context)
    context.close()


@contextmanager
def lasting(browser: Browser, profile: Path) -> Iterator[Window]:
    """With all that a browser keeps on the disk: one of that profile at a time."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=_CHROMIUM, args=list(_FLAGS)
    )
    yield _watched(context)
    with suppress(Error):
        # It may have been killed.
        context.close()


def _watched(context: BrowserContext) -> Window:
    shown = Window(context.new_page())

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            shown.refused.append(message.text)

    def looked_at(route: Route) -> None:
        place = urlsplit(route.request.url)
        # A viewer of the browser's own asks for what the browser brings.
        if place.scheme in _WITHIN or place.hostname in ("localhost", "127.0.0.1"):
            route.continue_()
            return
        shown.outside.append(route.request.url)
        route.abort()

    context.on("console", heard)
    context.route("**/*", looked_at)
    return shown
