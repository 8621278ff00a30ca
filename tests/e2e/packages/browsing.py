"""Chromium that reaches this machine alone, and what axe-core finds on a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

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
_AXE = Path(__file__).parents[1] / "clients" / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(slots=True)
class Window:
    """A page, and the addresses of other machines that it asked for, in vain."""

    page: Page
    outside: list[str] = field(default_factory=list)

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
def window(browser: Browser, width: int) -> Iterator[Window]:
    """Without a history, *width* pixels wide."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    shown = Window(context.new_page())

    def looked_at(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1"):
            route.continue_()
            return
        shown.outside.append(route.request.url)
        route.abort()

    context.route("**/*", looked_at)
    yield shown
    context.close()
