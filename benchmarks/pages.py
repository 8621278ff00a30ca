"""What a workspace's page weighs on its way to a browser, and what it takes beside its JSON."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from urllib.parse import urlencode

from benchmarks.bench import Bench
from benchmarks.driver import Answer, request
from benchmarks.papers import Tarball, tex_files
from benchmarks.report import NO_GOAL, Row, at_most, medians, progress, row, seconds
from benchmarks.service import Service

_ENTRIES = 1_000
_ENTRY_BYTES = 200
_KB = 1_000
_PAGE_KB, _UPLOADER_KB = 60, 200
_TIMES_JSON = 3
_LOADED = re.compile(r'<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"')
_IMPORTED = re.compile(r'^import .* from "([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Browser:
    """Signed in, with nothing kept of what it has seen before."""

    service: Service
    cookie: str

    def get(self, path: str) -> Answer:
        headers = {
            "Accept": "text/html,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Cookie": self.cookie,
        }
        with self.service.connected() as connection:
            return connection.ask(request("GET", path, headers))

    def first_load(self, path: str) -> int:
        """The bytes, heads too, of the page and of all that it makes the browser ask for."""
        sent, wanted = 0, [path]
        seen = set(wanted)
        while wanted:
            here = wanted.pop()
            answer = self.get(here)
            sent += len(answer.head) + answer.body_bytes
            found = _IMPORTED if here.endswith(".js") else _LOADED
            loaded = [_resolved(here, one) for one in found.findall(_text(answer))]
            wanted += [one for one in loaded if one not in seen]
            seen |= set(loaded)
        return sent


def rows(bench: Bench) -> Iterator[Row]:
    with bench.serving() as service:
        browser = _Browser(service, _signed_in(service))
        yield from _weights(browser)
        yield from _beside_json(bench, browser)


def _weights(browser: _Browser) -> Iterator[Row]:
    progress("weight of a page")
    service = browser.service
    workspace = service.new_workspace()
    with_uploader = browser.first_load(f"/w/{workspace}")
    service.ask("POST", f"/v2/workspaces/{workspace}/lock")
    without = browser.first_load(f"/w/{workspace}")
    for what, weight, most in (
        ("of a locked workspace, without the uploader", without, _PAGE_KB),
        ("with the uploader", with_uploader, _UPLOADER_KB),
    ):
        goal = at_most(weight, most * _KB, f"{most} kB")
        yield row(f"first load of a page {what}", _kb(weight), "", None, goal)


def _beside_json(bench: Bench, browser: _Browser) -> Iterator[Row]:
    progress(f"a page of {_ENTRIES:,} entries")
    service = browser.service
    workspace = service.new_workspace()
    files = tex_files(_ENTRIES, _ENTRY_BYTES, "")
    sent = service.put(f"/workspaces/{workspace}/files/all.tar.gz", Tarball(files).made())
    with service.connected() as connection:
        connection.ask(sent)
    listing = f"/v2/workspaces/{workspace}/entries?limit={_ENTRIES}"
    page, listed = browser.get(f"/w/{workspace}"), service.ask("GET", listing)
    ratio = page.body_bytes / listed.body_bytes
    work = f"page of {_ENTRIES:,} entries"
    goal = at_most(ratio, _TIMES_JSON, f"{_TIMES_JSON} times")
    yield row(f"{work}, bytes", _kb(page.body_bytes), f"{_kb(listed.body_bytes)} JSON", ratio, goal)
    own, json = medians(
        lambda: browser.get(f"/w/{workspace}").seconds,
        lambda: service.ask("GET", listing).seconds,
    )
    yield row(
        f"{work}, {bench.database}", seconds(own), f"{seconds(json)} JSON", own / json, NO_GOAL
    )


def _signed_in(service: Service) -> str:
    """The cookie of a new session."""
    sent = urlencode({"token": service.token}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with service.connected() as connection:
        answer = connection.ask(request("POST", "/login", headers, body=sent))
    (cookie,) = re.findall(rb"^Set-Cookie: ([^;]+)", answer.head, re.MULTILINE | re.IGNORECASE)
    return str(cookie.decode())


def _text(answer: Answer) -> str:
    is_packed = b"\r\ncontent-encoding: gzip" in answer.head.lower()
    return (gzip.decompress(answer.body) if is_packed else answer.body).decode()


def _resolved(here: str, reference: str) -> str:
    return normpath(join(here.rpartition("/")[0], reference))


def _kb(value: float) -> str:
    return f"{value / _KB:,.1f} kB"
