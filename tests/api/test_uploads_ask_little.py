"""What an upload asks of the database: counted, so that no statement comes by unseen."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.papers import PAPER, a_tarball
from people.person import Person
from people.tus_uploader import MEDIA, TUS, Uploader, metadata
from people.visitors import Visitor
from worlds.questions import commits, questions

TEXTS = {f"{number}.tex": PAPER + b"%% %d" % number for number in range(20)}


@pytest.fixture
def workspace(alice: Person, dana: Visitor) -> int:
    """Made when everybody has sent something before."""
    dana.keep("first.txt", b"first")
    workspace = int(alice.create("a.tex", b"x")["upload_id"])
    alice.put(f"/v2/workspaces/{workspace}/files/first.txt", b"first")
    return workspace


Send = Callable[[FlaskClient, Person, Visitor, int], TestResponse]


def a_new_workspace(_client: FlaskClient, alice: Person, _dana: Visitor, _to: int) -> TestResponse:
    return alice.upload("/", "paper.tar.gz", a_tarball(TEXTS))


def a_put(_client: FlaskClient, alice: Person, _dana: Visitor, to: int) -> TestResponse:
    return alice.put(f"/v2/workspaces/{to}/files/second.txt", b"second")


def a_drop(_client: FlaskClient, _alice: Person, dana: Visitor, _to: int) -> TestResponse:
    return dana.send({"second.txt": b"second"})


def a_tus_upload(client: FlaskClient, alice: Person, _dana: Visitor, to: int) -> TestResponse:
    return Uploader(client, alice.token, to).send(b"second", "second.txt")


def a_tus_creation(client: FlaskClient, alice: Person, _dana: Visitor, to: int) -> TestResponse:
    wanted = metadata({"workspace": to, "filename": "second.txt"})
    sent = {"Upload_Metadata": wanted, "Upload_Length": "6", "Content_Type": MEDIA}
    return Uploader(client, alice.token, to).tus("POST", TUS, b"second", **sent)


@pytest.mark.parametrize(
    ("send", "most"),
    [(a_new_workspace, 12), (a_put, 14), (a_drop, 9), (a_tus_upload, 35), (a_tus_creation, 17)],
)
def test_an_upload_asks_the_database_so_often(
    client: FlaskClient, alice: Person, dana: Visitor, workspace: int, send: Send, most: int
) -> None:
    with questions() as asked:
        answer = send(client, alice, dana, workspace)

    assert answer.status_code in (200, 201, 204)
    assert len(asked) <= most


@pytest.mark.parametrize(
    ("send", "most"), [(a_put, 1), (a_drop, 1), (a_tus_upload, 2), (a_tus_creation, 1)]
)
def test_an_upload_is_so_many_transactions(
    client: FlaskClient, alice: Person, dana: Visitor, workspace: int, send: Send, most: int
) -> None:
    """Each is a sync on SQLite, and few bytes need no other."""
    with commits() as made:
        answer = send(client, alice, dana, workspace)

    assert answer.status_code in (200, 201, 204)
    assert len(made) == most
