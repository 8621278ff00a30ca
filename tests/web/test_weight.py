"""What a page costs: bytes on its way to a browser, and statements."""

import gzip
import re

import pytest
from werkzeug.test import TestResponse

from builders.papers import a_tarball
from people.person import Person
from people.surfers import Surfer
from worlds.questions import questions

KB = 1000
ENTRIES = 1000
_LOADED = re.compile(r'(?:href|src)="((?:\.\./)*(?:web/)?static/[^"]+\.(?:css|js))')
_AS_BROWSERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
_IMPORTED = re.compile(r'from "\./([^"]+)"')


@pytest.fixture
def workspace(api: Person) -> int:
    """With as many entries as a page shows."""
    made = int(api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"])
    # libmagic looks eight times as long at what may be a text.
    files = {f"{number % 20:02}/{number:04}.txt": b"\0%d" % number for number in range(ENTRIES)}
    sent = api.put(f"/v2/workspaces/{made}/files/all.tar.gz", a_tarball(files))
    assert sent.status_code == 201, sent.text
    return made


def loaded(surfer: Surfer, path: str) -> dict[str, int]:
    """The bytes that are sent of a page, and of all that it loads."""
    page = surfer.get(path, headers=_AS_BROWSERS)
    found, wanted = {path: len(page.data)}, [_absolute(one) for one in _LOADED.findall(page.text)]
    while wanted:
        address = wanted.pop()
        answer = surfer.get(address, headers=_AS_BROWSERS)
        assert answer.status_code == 200, address
        found[address] = len(answer.data)
        if address.endswith("upload.js"):
            below = address.rpartition("/")[0]
            wanted += [f"{below}/{one}" for one in _IMPORTED.findall(_plain(answer))]
    return found


def _plain(answer: TestResponse) -> str:
    return gzip.decompress(answer.data).decode()


def _absolute(address: str) -> str:
    return "/" + address.replace("../", "")


def test_a_page_itself_is_sent_as_it_is(alice: Surfer) -> None:
    """It holds a secret beside what others write: its length must not tell of it (BREACH)."""
    page = alice.get("/w", headers=_AS_BROWSERS)

    assert (page.status_code, page.headers.get("Content-Encoding")) == (200, None)


@pytest.mark.parametrize("path", ["/", "/login", "/w"])
def test_the_first_load_is_light(alice: Surfer, path: str) -> None:
    weights = loaded(alice, path)

    assert len(weights) > 1
    assert sum(weights.values()) <= 60 * KB, weights


def test_a_page_with_the_uploader_is_light(alice: Surfer, api: Person) -> None:
    made = api.post("/v2/workspaces", json={}).get_json()["id"]

    weights = loaded(alice, f"/w/{made}")

    assert any(address.endswith("vendor/uppy.js") for address in weights)
    assert sum(weights.values()) <= 200 * KB, weights


def test_a_page_of_a_thousand_entries_asks_little_more_than_its_json(
    alice: Surfer, api: Person, workspace: int
) -> None:
    api.get(f"/v2/workspaces/{workspace}/entries?limit={ENTRIES}")  # what is remembered of blobs
    with questions() as asked_by_json:
        listed = api.get(f"/v2/workspaces/{workspace}/entries?limit={ENTRIES}").get_json()
    with questions() as asked_by_page:
        shown = alice.get(f"/w/{workspace}").text

    assert len(listed["entries"]) == shown.count(".txt</a></td>") == ENTRIES
    assert len(asked_by_page) <= 3 * len(asked_by_json)
