"""All that people may name, named by somebody who means harm, and what no page may hold."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.debian import a_deb
from builders.papers import a_tarball
from people.pushers import basic

MARK = "zzq"
"""What all of it begins with: a page without it shows nothing of anybody."""

EVALUATED = "zzq49"
NAME = "zzq{{7*7}}\"'><img src=x onerror=alert(1)>\u202egnp.txt"
"""Of a file: without a slash."""

HARM = f"{NAME}<script>alert(1)</script><a href='javascript:alert(1)' onclick=alert(1)>"
LINES = f"{HARM}\r\nSet-Cookie: zzq=1\r\n\r\n<script>alert(1)</script>"
LONG = f"zzq{'y' * 10_000}"
SURROGATE = "zzq\udcff"
NUL = "zzq\0"
TEXT = f"# {HARM}\n\n{HARM}\n\n[{NAME}](javascript:alert(1)) ![p](http://evil.test/p.png)\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = range(400, 500)

_FORBIDDEN = frozenset({"iframe", "object", "embed", "svg", "base", "style"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction"})
_SCHEME = re.compile(r"[\x00-\x20]*(javascript|data|vbscript):", re.IGNORECASE)
_ISOLATED = frozenset(
    {"a", "button", "code", "dd", "del", "dt", "em", "h1", "h2", "h3", "ins", "label", "li",
     "option", "p", "pre", "span", "strong", "summary", "td", "textarea", "th", "title"}
)  # fmt: skip
"""A block is a paragraph of its own to a browser; the others are by our style sheet."""


class _Page(HTMLParser):
    """What is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self._open = [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag not in ("meta", "link", "input", "img", "br"):
            self._open.append(tag)
        if tag in _FORBIDDEN or (tag == "script" and not told.get("src")):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            is_run = name in _ADDRESSES and _SCHEME.match(value or "")
            if name.startswith("on") or is_run or (name, value) == ("src", "x"):
                self.wrong.append(f"{tag} {name}={value}")
            if name in ("src", "action") and "evil" in (value or ""):
                self.wrong.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "\u202e" in data and self._open[-1] not in _ISOLATED:
            self.wrong.append(f"an override in <{self._open[-1]}>: {data[:80]!r}")


def wrong_in(answer: TestResponse) -> list[str]:
    """Of a page, or of whatever else was answered."""
    found = [] if answer.status_code < 500 else [f"status {answer.status_code}"]
    if any("zzq" in cookie for cookie in answer.headers.getlist("Set-Cookie")):
        found.append("a cookie of theirs")
    if answer.mimetype != "text/html" or not answer.data:
        return found
    if EVALUATED in answer.text:
        found.append("a template was run")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        found.append(f"a weak policy: {policy}")
    return found + _Page(answer.text).wrong


@dataclass
class HostileWorld:
    """*paths* are those of pages that show it, once it is made. ``work`` does what is promised."""

    client: FlaskClient
    token: str
    base_url: str
    work: Callable[[], None]
    paths: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        """With the token, unless an empty one is given."""
        given = {"Authorization": self.token, **sent.pop("headers", {})}
        headers = {name: value for name, value in given.items() if value}
        return self.client.open(
            path, method=method, base_url=self.base_url, headers=headers, **sent
        )

    def made(self, method: str, path: str, **sent: Any) -> TestResponse:
        answer = self.ask(method, path, **sent)
        assert answer.status_code < 400, (path, answer.text)
        return answer

    def refused(self, method: str, path: str, sent: dict[str, Any], where: str) -> None:
        """What no row holds, or nobody may name a thing, in the place of what is taken."""
        for text in (LONG, SURROGATE, NUL):
            answer = self.ask(method, path, json={**sent, where: text})
            assert answer.status_code in REFUSED, (path, where, text[:9], answer.status_code)


def make(world: HostileWorld, lab: Path) -> None:
    _workspaces(world)
    _invitations(world)
    _objects(lab)
    _packages(world)
    _bucket(world)
    _repositories(world)


def _workspaces(world: HostileWorld) -> None:
    api = "/filemanager/api/v2/workspaces"
    wish = {"name": HARM[:190], "profile": "generic"}
    world.refused("POST", api, wish, "name")
    number = world.made("POST", api, json=wish).get_json()["id"]
    place, home = f"{api}/{number}", f"/w/{number}"
    for path, data in ((NAME, TEXT.encode()), ("README.md", TEXT.encode()), ("a.svg", SVG)):
        world.made("PUT", f"{place}/files/{quote(path)}", data=data)
    world.refused("POST", f"{place}/checkpoints", {}, "name")
    world.made("POST", f"{place}/checkpoints", json={"name": HARM[:190], "description": HARM})
    listed = world.made("GET", f"{place}/entries?q={MARK}").get_json()["entries"]
    path = quote(listed[0]["path"])
    world.made("PUT", f"{place}/files/{path}", data=TEXT.encode() * 2)
    world.made("DELETE", f"{place}/files/README.md")
    world.refused("POST", f"{place}/lock", {}, "reason")
    world.made("POST", f"{place}/lock", json={"reason": HARM})
    world.paths += [
        "/w", home, f"{home}/f/{path}", f"{home}/checkpoints", f"{home}/diff?from=checkpoint:1",
        f"{home}/diff?from=checkpoint:1&path={path}", f"{home}/receipt",
    ]  # fmt: skip


def _invitations(world: HostileWorld) -> None:
    api = "/filemanager/api/v2/invitations"
    terms = {
        "title": HARM[:190], "message": TEXT, "profile": "generic", "ask": [HARM[:60]],
        "closes_at": "2099-01-01T00:00:00Z", "max_files": 10, "max_bytes": 1 << 20,
        "max_file_bytes": 1 << 20, "slug": MARK,
    }  # fmt: skip
    world.refused("POST", api, terms, "title")
    number = world.made("POST", api, json=terms).get_json()["id"]
    own = {"headers": {"Origin": world.base_url, "Authorization": ""}}
    begun = world.made("POST", f"/u/{MARK}/begin", data={"answer-0": HARM[:190]}, **own)
    guest = f"/g/{begun.headers['Location'].partition('g/')[2]}"
    file = (io.BytesIO(TEXT.encode()), NAME)
    world.made("POST", f"{guest}send", data={"file": [file], "unpack": ""}, **own)
    world.made("POST", f"{guest}confirmed", **own)
    home = f"/invitations/{number}"
    world.paths += [
        f"/u/{MARK}", guest, f"{guest}receipt", "/invitations", home, f"{home}/guests/1",
    ]  # fmt: skip


def _objects(lab: Path) -> None:
    for name in (NAME, "deep/zzq.txt"):
        (lab / name).parent.mkdir(exist_ok=True)
        (lab / name).write_bytes(TEXT.encode())
    # Bytes that are no UTF-8.
    (lab / "zzq\udcff<img>.txt").write_bytes(b"x")


def _packages(world: HostileWorld) -> None:
    api = "/packages/api/packages"
    said = {
        "name": HARM[:190], "description": TEXT, "license": HARM[:90], "creators": [HARM[:190]],
        "doi": "10.1234/zzq", "keywords": [HARM[:90]],
    }  # fmt: skip
    world.refused("POST", api, said, "name")
    number = world.made("POST", api, json=said).get_json()["id"]
    place, home = f"{api}/{number}", f"/packages/{number}"
    for path in (f"{NAME}/README.md", "README.md"):
        world.made("PUT", f"{place}/items/{quote(path)}", data=TEXT.encode())
    item = quote(f"{NAME}/README.md", safe="")
    keys = {"source": "lab", "keys": [{"key": NAME, "path": f"{NAME}/there.txt"}]}
    world.made("POST", f"{place}/items:add", json=keys)
    world.made("POST", f"{place}:freeze", json={"name": HARM[:90], "partial": True})
    world.made("PUT", f"{place}/items/{quote(NAME)}.more.txt", data=b"x")
    share = {"version": 1, "slug": MARK, "description": HARM}
    world.refused("POST", f"{place}/shares", {**share, "slug": "other"}, "description")
    world.made("POST", f"{place}/shares", json=share)
    world.made("POST", f"{place}/shares/{MARK}/keys", json={"name": HARM[:190]})
    closed = {"version": 1, "slug": "zzq-closed", "password": "sesame", "description": HARM}
    world.made("POST", f"{place}/shares", json=closed)
    nobody = {"headers": {"Authorization": ""}}
    unlocked = world.made("POST", "/s/zzq-closed/unlock", json={"password": "sesame"}, **nobody)
    opened = unlocked.get_json()["base"]
    below = quote(f"{NAME}/README.md")
    world.made("GET", f"/s/{MARK}/f/{below}", headers={"User-Agent": HARM, "Authorization": ""})
    world.paths += [
        "/packages", "/packages/shares", home, f"{home}?directory={quote(NAME, safe='')}",
        f"{home}/item?path={item}", f"{home}/diff?from=1", f"{home}?version=1", f"{home}/versions",
        f"{home}/sources", f"{home}/sources/lab", f"{home}/import", f"{home}/shares",
        f"{home}/shares/{MARK}", f"/s/{MARK}/", f"/s/{MARK}/?directory={quote(NAME, safe='')}",
        f"/s/{MARK}/f/", f"/s/{MARK}/f/{quote(NAME)}/", f"/s/{MARK}/v/{below}", "/s/zzq-closed/",
        f"{opened}", f"{opened}f/", f"{opened}v/{below}", "/admin", "/admin/sources",
        f"/admin?owner={quote(HARM)}",
    ]  # fmt: skip


def _bucket(world: HostileWorld) -> None:
    tar = a_tarball({f"{NAME}/{NAME}": TEXT.encode()}, "w")
    headers = {"Username": "zzq<img src=x onerror=alert(1)>", "Authorization": ""}
    sent = {"file": (io.BytesIO(tar), NAME.replace("txt", "tar"))}
    answer = world.ask("POST", "/bucket/upload", data=sent, headers=headers)
    assert answer.status_code < 500, answer.text
    headers["Username"] = MARK
    sent = {"file": (io.BytesIO(tar), NAME.replace("txt", "tar"))}
    world.made("POST", "/bucket/upload", data=sent, headers=headers)
    listed = world.made("GET", "/bucket/blob/", headers={"Accept": "text/html"}).text
    found = re.search(r"[0-9a-f]{32}", listed)
    assert found is not None
    digest = found[0]
    below = f"/bucket/explode/{digest[:2]}/{digest[2:4]}/{digest}/"
    world.paths += [
        "/bucket/", "/bucket/upload", "/bucket/upload/inspect", "/bucket/checksum",
        f"/bucket/checksum/{digest}", "/bucket/blob/", "/bucket/replica/",
        f"/bucket/replica/user/{MARK}/", below, f"{below}{quote(NAME)}/",
    ]  # fmt: skip


def _repositories(world: HostileWorld) -> None:
    place = "/repositories/live/2.8/ubuntu/focal"
    headers = {"Authorization": basic()}
    for product in (HARM, MARK):
        deb = (io.BytesIO(a_deb()), "tiny_1.0-1_amd64.deb")
        form = {"product": product, "a": deb}
        answer = world.ask("PUT", place, data=form, headers=headers)
        assert answer.status_code < 500, answer.text
    world.work()
    world.paths += [
        "/repositories/", "/repositories/index", "/repositories/live/2.8/ubuntu",
        f"/repositories/live/{quote(NAME)}",
    ]  # fmt: skip
