"""GET /<id>: the summary of a workspace."""

from email.utils import parsedate_to_datetime

import pytest
from flask.testing import FlaskClient

from builders.papers import PAPER, a_token
from people.answers import NO_WORKSPACE, answer
from people.person import Person


def test_it_works(alice: Person) -> None:
    uploaded = alice.create("main.tex", PAPER)

    response = alice.get("/1")

    assert answer(response) == (200, uploaded)
    assert response.headers["ETag"] == uploaded["checksum"]
    assert response.headers["ARXIV-OWNER"] == "1"
    assert response.headers["Cache-Control"] == "private, no-cache"
    modified = parsedate_to_datetime(response.headers["Last-Modified"])
    assert uploaded["modified_datetime"].startswith(modified.strftime("%Y-%m-%dT%H:%M:%S"))


def test_head_equals_get_without_the_body(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    read = alice.get("/1")

    head = alice.head("/1")

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "ARXIV-OWNER", "Last-Modified", "Content-Length"):
        assert head.headers.getlist(name) == read.headers.getlist(name)


def test_an_equal_summary_has_an_equal_etag_and_another_upload_changes_it(alice: Person) -> None:
    first = alice.create("main.tex", PAPER)["checksum"]
    again = alice.get("/1").headers["ETag"]

    changed = alice.upload("/1", "b.txt", b"b\n").headers["ETag"]

    assert first == again
    assert changed != first


def test_a_known_tag_hides_no_lock(alice: Person) -> None:
    tag = alice.create("main.tex", PAPER)["checksum"]
    alice.post("/1/lock")

    response = alice.get("/1", headers={"If-None-Match": tag})

    assert response.get_json()["lock_state"] == "LOCKED"


@pytest.mark.parametrize(
    ("user", "shown"), [("jane@example.org", "jane@example.org"), ("Łukasz\n", "%C5%81ukasz%0A")]
)
def test_every_owner_fits_into_a_header(client: FlaskClient, user: str, shown: str) -> None:
    owner = Person(client, a_token(user))
    owner.create("main.tex", PAPER)

    assert owner.get("/1").headers["ARXIV-OWNER"] == shown
    assert owner.get("/1/content").headers["ARXIV-OWNER"] == shown


def test_a_locked_workspace_is_read(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/lock")

    response = alice.get("/1")

    assert response.status_code == 200
    assert response.get_json()["lock_state"] == "LOCKED"


def test_a_released_workspace_is_read(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.post("/1/release")

    response = alice.get("/1")

    assert response.status_code == 200
    assert response.get_json()["upload_status"] == "RELEASED"


def test_no_moment_is_null_in_a_workspace_made_empty(alice: Person) -> None:
    made = alice.post("/v2/workspaces", json={})

    summary = alice.get(f"/{made.get_json()['id']}").get_json()

    assert summary["start_datetime"] == summary["created_datetime"]
    assert summary["completion_datetime"] == summary["created_datetime"]
    assert (summary["source_format"], summary["readiness"]) == ("invalid", "READY")


def test_a_deleted_workspace_is_404(alice: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.delete("/1")

    assert answer(alice.get("/1")) == NO_WORKSPACE
