"""What a German page says, and which English text of the catalogue is among it."""

import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from web import catalogue

SPOKEN = (
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "data-unfinished",
    "data-failed",
    "data-broken",
)
VOID = {"meta", "link", "input", "img", "br"}
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)[sd]|\\\{\w+.*?\\\}")


class German(HTMLParser):
    """What is said on a page, but for what is marked as of another language, and for code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._say(attrs)
            return
        marked = dict(attrs).get("lang")
        is_marked = marked not in (None, "de") or tag == "code"
        is_foreign = is_marked or (marked is None and self._is_foreign)
        self._inside.append(is_foreign)
        self._say(attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._is_foreign and data.strip():
            self.texts.append(data)

    @property
    def _is_foreign(self) -> bool:
        return bool(self._inside) and self._inside[-1]

    def _say(self, attrs: list[tuple[str, str | None]]) -> None:
        if not self._is_foreign:
            self.texts += [value for name, value in attrs if name in SPOKEN and value]


def english() -> list[re.Pattern[str]]:
    """What no German page says: every text that is another one in German."""
    said: list[str] = []
    for message in catalogue.read(catalogue.LOCALES / "de" / "LC_MESSAGES" / "pages.po"):
        texts = zip(catalogue.forms(message.id), catalogue.forms(message.string), strict=True)
        said += [one for one, other in texts if one != other and len(one) > 1]
    return [
        re.compile(rf"(?<!\w){PLACEHOLDER.sub('[^ ]{1,99}?', re.escape(one))}(?!\w)")
        for one in said
    ]


def in_english(pages: list[str]) -> list[tuple[str, str]]:
    texts = {text for page in pages for text in German(page).texts}
    return [(text, one.pattern) for one in english() for text in texts if one.search(text)]


class Outline(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def count(self, tag: str) -> int:
        return sum(1 for name, _ in self.tags if name == tag)


def ensure_framed(page: TestResponse, language: str) -> None:
    """That it is a page of ours in one of our languages, which nothing on it made do anything."""
    outline = Outline(page.text)
    assert (page.mimetype, page.headers["Content-Language"]) == ("text/html", language)
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))
    assert outline.tags[0] == ("html", {"lang": language})
    assert (outline.count("h1"), outline.count("main")) == (1, 1)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert [name for tag, told in outline.tags for name in told if name.startswith("on")] == []
    scripts = [told.get("src", "") for tag, told in outline.tags if tag == "script"]
    assert all("static/" in one for one in scripts), scripts
    if language == "de":
        found = in_english([page.text])
        assert found == [], found
