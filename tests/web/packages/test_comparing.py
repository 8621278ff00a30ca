"""What differs between versions by a page, and what is signed of one."""

import base64
import json
from pathlib import Path

import pytest

from builders.statements import PRIVATE_KEY
from filemanager.settings.packages import PackagesSettings
from people.surfers import Surfer
from web.packages.conftest import HARM, Shelf


@pytest.fixture
def changed(frozen: Shelf) -> Shelf:
    """Since the version one text was changed, one taken out, and one added."""
    frozen.api.text(frozen.id, "gone.md", b"gone")
    frozen.send("/freeze")
    frozen.api.text(frozen.id, "README.md", b"# More rings")
    frozen.api.text(frozen.id, f"{HARM.replace('/', '')}.md", b"new")
    frozen.send("/delete", path="gone.md")
    return frozen


def test_versions_are_compared_with_one_another_and_with_now(changed: Shelf) -> None:
    between, since = changed.shown("/diff?from=1&to=2"), changed.shown("/diff?from=2")

    assert "From version 1 to version 2" in between
    assert "gone.md" in between
    assert "README.md" not in between.partition("<h1>")[2]
    assert "From version 2 to now" in since
    assert [since.count(f"<td>{one}</td>") for one in ("added", "changed", "removed")] == [1, 1, 1]
    assert "<script>alert" not in since
    assert "Nothing differs." in changed.shown("/diff?from=1&to=1")


def test_a_long_difference_has_pages(frozen: Shelf, lab: Path) -> None:
    names = [f"{number:04}.csv" for number in range(1001)]
    for name in names:
        (lab / name).write_bytes(b"x")
    for part in (names[:1000], names[1000:]):
        body = "\n".join(part).encode()
        added = frozen.api.call("POST", f"/{frozen.id}/items:import?source=lab", data=body)
        assert added.status_code == 201, added.text

    first = frozen.shown("/diff?from=1")
    more = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert [one for one in ("0999.csv", "1000.csv") if one in first] == ["0999.csv"]
    assert "1000.csv" in frozen.shown(f"/diff{more}")


@pytest.mark.parametrize("query", ["?from=9", "?from=1&to=99999999999999999999"], ids=["9", "huge"])
def test_a_version_that_there_is_not_is_not_found(frozen: Shelf, query: str) -> None:
    assert frozen.surfer.get(f"{frozen.home}/diff{query}").status_code == 404


def test_what_is_no_number_is_not_understood(frozen: Shelf) -> None:
    assert frozen.surfer.get(f"{frozen.home}/diff?from=x").status_code == 422


@pytest.mark.parametrize(
    "special", [{"packages": PackagesSettings(statement_key=PRIVATE_KEY)}], ids=["signed"]
)
def test_a_version_has_a_signed_statement(frozen: Shelf, mallory: Surfer) -> None:
    shown = frozen.shown("/versions")
    path = f"{frozen.home}/versions/1/statement.json"

    signed = frozen.surfer.get(path)

    assert "versions/1/statement.json" in shown
    assert "filemanager-keys.json" in shown
    payload = json.loads(base64.b64decode(signed.get_json()["payload"]))
    assert [one["name"] for one in payload["subject"]] == ["README.md"]
    assert signed.headers["Content-Disposition"] == 'attachment; filename="statement.json"'
    assert mallory.get(path).status_code in (403, 404)


def test_without_a_key_no_statement_is_offered(frozen: Shelf) -> None:
    assert "statement" not in frozen.shown("/versions")
    assert frozen.surfer.get(f"{frozen.home}/versions/1/statement.json").status_code == 404
