"""HEAD and GET /log: what happened in the service."""

import pytest
from flask.testing import FlaskClient

from builders.papers import PAPER, a_token
from people.person import Person


@pytest.fixture
def operator(client: FlaskClient) -> Person:
    """May read the service log, and nothing else."""
    return Person(client, a_token("9", "upload:read_service_logs", username="operator"))


def test_it_works(alice: Person, operator: Person) -> None:
    alice.create("main.tex", PAPER)

    response = operator.get("/log")

    assert response.status_code == 200
    assert "1: Upload 'main.tex' [user:1:theuser].\n" in response.text
    assert response.text.endswith("sys: Download file manager service log [user:9:operator].\n")
    assert response.headers["Content-Type"] == "application/tar+gzip"
    assert response.headers["Content-Disposition"] == "filename=upload.log"
    assert response.headers.getlist("Content-Length") == [str(len(response.data))]
    assert response.headers["ETag"]
    assert response.headers["Last-Modified"].endswith(" GMT")
    assert "ARXIV-OWNER" not in response.headers


def test_head_has_the_same_headers(operator: Person) -> None:
    head = operator.head("/log")

    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) > 0
    assert head.headers["ETag"]


def test_reading_a_workspace_log_is_told(alice: Person, operator: Person) -> None:
    alice.create("main.tex", PAPER)
    alice.get("/1/log")

    assert "1: Download workspace log [user:1:theuser].\n" in operator.get("/log").text


def test_the_global_scope_opens_it(client: FlaskClient) -> None:
    reader = Person(client, a_token("1", "upload:read_service_logs:*"))

    assert reader.get("/log").status_code == 200
