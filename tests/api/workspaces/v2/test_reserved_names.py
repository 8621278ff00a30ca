"""Names that Windows takes for devices: told in v2 alone."""

import pytest

from builders.papers import PAPER, a_zip
from people.person import Person

FILES = {"main.tex": PAPER, "aux/macros.tex": PAPER, "con.tex": PAPER}


@pytest.mark.parametrize("profile", ["arxiv", "generic"])
def test_they_are_noted_and_stay(alice: Person, profile: str) -> None:
    made = alice.post("/v2/workspaces", json={"profile": profile}).get_json()["id"]
    alice.put(f"/v2/workspaces/{made}/files/a.zip", a_zip(FILES))

    found = alice.get(f"/v2/workspaces/{made}/findings?code=reserved_name").get_json()["findings"]
    entries = alice.get(f"/v2/workspaces/{made}/entries").get_json()["entries"]
    assert {(one["severity"], one["path"]) for one in found} == {
        ("info", "aux/"),
        ("info", "con.tex"),
    }
    assert {one["path"] for one in entries} == set(FILES)


def test_the_drop_in_door_says_nothing(alice: Person) -> None:
    summary = alice.create("a.zip", a_zip({**FILES, "MAIN.tex": PAPER}))

    assert summary["errors"] == []
    assert len(summary["files"]) == 4
