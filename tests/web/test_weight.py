"""What a page costs: bytes on its way to a browser, and statements."""

import gzip
import re

import pytest

from builders.papers import a_tarball
from people.person import Person
from people.surfers import Surfer
from worlds.questions import questions

KB = 1000
ENTRIES = 1000
_LOADED = re.compile(r'(?:href|src)="((?:\.\./)*(?:web/)?static/[^"]+\.(?:css|js))')
_IMPORTED = re.compile(r'from "\./([^"]+)"')


@pytest.fixture
def workspace(api: Person) -> int:
    """With as many entries as a page shows."""
    made = int(api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"])
    files = {f"{number % 20:02}/{number:04}.txt": b"%d" % number for number in range(ENTRIES)}
    sent = api.put(f"/v2/workspaces/{made}/files/all.tar.gz", a_tarball(files))
    assert sent.status_code == 201, sent.text
    return made


def loaded(surfer: Surfer, path: str) -> dict[str, int]:
    """The bytes, gzipped, of a page and of all that it loads."""
    found = {path: surfer.get(path).data}
    wanted = [_absolute(one) for one in _LOADED.findall(found[path].decode())]
    while wanted:
        address = wanted.pop()
        with surfer.get(address) as answer:
            assert answer.status_code == 200, address
            found[address] = answer.data
        if address.endswith("upload.js"):
            below = address.rpartition("/")[0]
            wanted += [f"{below}/{one}" for one in _IMPORTED.findall(found[address].decode())]
    return {address: len(gzip.compress(data)) for address, data in found.items()}


def _absolute(address: str) -> str:
    return "/" + address.replace("../", "")


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
