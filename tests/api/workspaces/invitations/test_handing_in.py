"""/u/<slug> and /g/<capability>: what guests may, and what they may not."""

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.workspaces.invitations.conftest import INVITATIONS, Come, Invite
from api.workspaces.invitations.test_owning import refusal
from architecture.routes import rules
from builders.papers import a_tarball, a_zip
from builders.statements import PRIVATE_KEY
from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import core_of
from filemanager.factory.parts import clock, parts_of
from filemanager.jobs.worker import Habits, Worker
from filemanager.settings.packages import PackagesSettings
from filemanager.settings.service import Settings
from people.invited_guests import HandingGuest
from people.person import Person

SECRET = b"what nobody else may read"
MOST_WRONG = 12


@pytest.fixture
def guest(invite: Invite, come: Come, common: int) -> HandingGuest:
    return come(invite(workspace=common))


def test_it_works(client: FlaskClient, invite: Invite, common: int) -> None:
    invitation = invite(workspace=common, slug="papers", ask=["name"], message="Until May.")

    told = client.get("/u/papers").get_json()
    begun = client.post("/u/papers", json={"answers": {"name": "Ada"}})
    guest = HandingGuest(client, begun.get_json()["base"])
    received = guest.send(b"text", "paper.txt")

    assert (told["title"], told["message"], told["ask"]) == ("Papers", "Until May.", ["name"])
    assert (told["max_files"], told["by"]) == (10, "theuser")
    assert begun.headers["Location"] == guest.place
    assert len(guest.place) == len("/g//") + 43
    assert received.status_code == 204
    (file,) = guest.get("files").get_json()["files"]
    assert (file["path"], file["sent"], file["size_bytes"]) == ("paper.txt", "paper.txt", 4)
    shown = guest.get().get_json()
    assert (shown["number"], shown["files"], shown["left"]["files"]) == (1, 1, 9)
    assert shown["conditions"]["title"] == invitation["title"]
    assert guest.get("files/paper.txt").data == b"text"


def test_nothing_that_a_guest_is_told_is_kept_or_linked(guest: HandingGuest) -> None:
    for path in ("", "files", "uploads"):
        headers = guest.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
    assert guest.get().headers["Cache-Control"] == "no-store"
    assert guest.get().headers["X-Robots-Tag"] == "noindex"


def test_a_guest_without_an_answer_or_a_password_is_not_let_in(
    client: FlaskClient, invite: Invite
) -> None:
    place = f"/u/{invite(ask=['name'], password='open sesame')['slug']}"
    answers = {"name": "Ada"}

    assert refusal(client.post(place, json={"answers": answers})) == (
        401, "invitation_password_needed",
    )  # fmt: skip
    wrong = client.post(place, json={"answers": answers, "password": "sesame"})
    assert refusal(wrong) == (401, "wrong_invitation_password")
    nothing = client.post(place, json={"password": "open sesame"})
    assert refusal(nothing) == (400, "answers_missing")
    right = client.post(place, json={"answers": answers, "password": "open sesame"})
    assert right.status_code == 201
    # Counted by the minute, of which a new one may begin in between.
    tries = repeat({"answers": answers, "password": "sesame"}, MOST_WRONG)
    assert any(client.post(place, json=one).status_code == 429 for one in tries)
    late = client.post(place, json={"answers": answers, "password": "open sesame"})
    assert refusal(late) == (429, "too_many_wrong_invitation_passwords")
    assert int(late.headers["Retry-After"]) <= 60


@pytest.mark.parametrize("path", ["/u/none", "/g/none/", "/g/none/files", "/g/none/uploads"])
def test_a_link_that_was_never_given_opens_nothing(client: FlaskClient, path: str) -> None:
    assert refusal(client.get(path)) == (404, "invitation_unknown")


def test_files_of_a_batch_are_received_together(guest: HandingGuest) -> None:
    for number in range(3):
        assert guest.send(b"text", f"d/{number}.txt", batch="all").status_code == 204

    received = guest.call("POST", "uploads/batches/all:receive")

    assert received.status_code == 200, received.text
    results = [one["result"]["path"] for one in received.get_json()["uploads"]]
    assert sorted(results) == guest.paths() == ["d/0.txt", "d/1.txt", "d/2.txt"]


@pytest.fixture
def work(settings: Settings) -> Callable[[], bool]:
    """Do the next long task, as a worker of another process would."""
    made = parts_of(settings)
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    return Worker(made.database, handlers_of(doors_of(core_of(made))), Lane.LONG, habits).run_next


def test_a_large_batch_is_watched_by_its_own_address(
    guest: HandingGuest, work: Callable[[], bool]
) -> None:
    guest.send(b"text", batch="all")

    promised = guest.call(
        "POST", "uploads/batches/all:receive", headers={"Prefer": "respond-async"}
    )

    assert promised.status_code == 202
    assert promised.headers["Location"] == "all"
    assert work()
    (upload,) = guest.get("uploads/batches/all").get_json()["uploads"]
    assert upload["state"] == "received"
    assert guest.paths() == ["a.txt"]


def test_an_upload_goes_on_where_it_broke_off(guest: HandingGuest) -> None:
    url = guest.begin(8)
    guest.append(url, 0, b"half")

    offset = guest.tus("HEAD", url).headers["Upload-Offset"]
    guest.append(url, int(offset), b"rest")

    assert guest.get("files/a.txt").data == b"halfrest"


def test_archives_come_apart_and_hostile_ones_leave_a_finding(guest: HandingGuest) -> None:
    guest.send(a_zip({"a.txt": b"a", "d/b.txt": b"b"}), "all.zip")
    guest.send(a_tarball({"../../etc/passwd": b"x", "c.txt": b"c"}), "evil.tar.gz")
    guest.send(b"text", "later.txt")

    told = guest.get("files").get_json()
    assert [one["path"] for one in told["files"]] == ["a.txt", "c.txt", "d/b.txt", "later.txt"]
    assert ("members_left_out", "evil.tar.gz") in {
        (one["code"], one["path"]) for one in told["findings"]
    }


def test_a_file_is_replaced_and_withdrawn(guest: HandingGuest) -> None:
    guest.send(b"first", "a.txt")
    guest.send(b"second", "a.txt")
    assert guest.get("files/a.txt").data == b"second"

    withdrawn = guest.call("DELETE", "files/a.txt")

    assert withdrawn.status_code == 204
    assert guest.paths() == []
    assert refusal(guest.call("DELETE", "files/a.txt")) == (404, "not_handed_in")
    assert refusal(guest.get("files/a.txt")) == (404, "not_handed_in")


def test_what_is_confirmed_has_a_receipt_where_the_service_signs(guest: HandingGuest) -> None:
    assert refusal(guest.call("POST", "confirm")) == (409, "nothing_to_confirm")
    guest.send(b"text")
    assert refusal(guest.get("receipt.json")) == (409, "not_confirmed")

    confirmed = guest.call("POST", "confirm")

    assert confirmed.status_code == 200
    assert confirmed.get_json()["confirmed_at"] is not None
    assert refusal(guest.get("receipt.json")) == (404, "no_statements")


@pytest.mark.parametrize(
    "special", [{"packages": PackagesSettings(statement_key=PRIVATE_KEY)}], ids=["signed"]
)
def test_a_receipt_is_signed_by_the_key_of_the_service(
    guest: HandingGuest, client: FlaskClient
) -> None:
    guest.send(b"text")
    guest.call("POST", "confirm")

    receipt = guest.get("receipt.json")

    told = json.loads(base64.b64decode(receipt.get_json()["payload"]))
    keys = client.get("/.well-known/filemanager-keys.json").get_json()["keys"]
    assert receipt.headers["Content-Disposition"] == 'attachment; filename="receipt.json"'
    assert told["predicateType"] == "urn:filemanager:receipt:1"
    assert [one["keyid"] for one in receipt.get_json()["signatures"]] == [keys[0]["kid"]]


def test_limits_are_told_and_kept(invite: Invite, come: Come) -> None:
    guest = come(invite(max_files=1, max_file_bytes=5000, max_bytes=9000))

    assert refusal(guest.create(5001)) == (413, "file_over_limit")
    assert refusal(guest.send(a_zip({"a": b"a", "b": b"b"}), "x.zip")) == (413, "too_many_files")
    guest.send(b"text")
    assert refusal(guest.create(4, "b.txt")) == (413, "too_many_files")


def test_only_so_many_guests_come(client: FlaskClient, invite: Invite) -> None:
    place = f"/u/{invite(max_guests=1)['slug']}"
    assert client.post(place, json={}).status_code == 201

    assert refusal(client.post(place, json={})) == (409, "too_many_guests")


def test_closing_ends_uploads_on_their_way(
    alice: Person, invite: Invite, come: Come, client: FlaskClient
) -> None:
    invitation = invite()
    guest = come(invitation)
    guest.send(b"text", "done.txt")
    url = guest.begin(8)
    guest.append(url, 0, b"half")
    place = f"{INVITATIONS}/{invitation['id']}"

    alice.call("PATCH", place, json={"closes_at": "2001-01-01T00:00:00Z"})

    closed = (410, "invitation_closed")
    assert refusal(guest.append(url, 4, b"rest")) == closed
    assert guest.tus("HEAD", url).status_code == 410
    assert refusal(guest.create(4)) == closed
    assert refusal(guest.call("DELETE", "files/done.txt")) == closed
    assert refusal(guest.call("POST", "confirm")) == closed
    assert refusal(client.post(f"/u/{invitation['slug']}", json={})) == closed
    assert guest.paths() == ["done.txt"]
    assert client.get(f"/u/{invitation['slug']}").status_code == 200


def test_revoking_ends_everything(alice: Person, invite: Invite, come: Come) -> None:
    invitation = invite()
    guest = come(invitation)
    url = guest.begin(8)

    alice.call("DELETE", f"{INVITATIONS}/{invitation['id']}")

    revoked = (410, "invitation_revoked")
    for answer in (guest.append(url, 0, b"half"), guest.get(), guest.get("files")):
        assert refusal(answer) == revoked


def test_a_guest_goes_nowhere_else(guest: HandingGuest, common: int) -> None:
    for place in ({"workspace": common}, {"bucket": 1}, {"package": "x"}, {"repository": "x"}):
        assert refusal(guest.create(4, **place)) == (400, "header_refused")
    parts = guest.tus(
        "POST", f"{guest.place}uploads/tus", Upload_Concat="partial", Upload_Length="4"
    )
    assert refusal(parts) == (400, "header_refused")


@pytest.mark.parametrize("path", ["../a.txt", "/a.txt", "a/../b", "anc"])
def test_a_path_that_is_none_is_refused(guest: HandingGuest, path: str) -> None:
    assert refusal(guest.create(4, path)) == (400, "path_refused")


def test_twenty_guests_see_nothing_of_one_another(
    app: Flask, alice: Person, invite: Invite, come: Come, common: int
) -> None:
    """Each walks all that lies below a guest's secret, and asks for what the others have."""
    invitation = invite(workspace=common, max_files=100)
    guests = [come(invitation) for _ in range(20)]

    def hand_in(number: int) -> str:
        sent = guests[number].send(SECRET, f"secret-{number}.txt")
        assert sent.status_code == 204
        return guests[number].begin(9, f"open-{number}.txt", batch=f"batch-{number}")

    with ThreadPoolExecutor(20) as at_once:
        urls = list(at_once.map(hand_in, range(20)))

    for number, guest in enumerate(guests):
        other = (number + 1) % 20
        upload = urls[other].rpartition("/")[2]
        assert guest.paths() == [f"secret-{number}.txt"]
        for method, path in _walk(app, upload, f"batch-{other}", f"secret-{other}.txt"):
            answer = guest.call(method, path, headers={"Tus-Resumable": "1.0.0"})
            assert f"-{other}.txt" not in answer.text, path
            assert SECRET not in answer.data, path
    for number, guest in enumerate(guests):
        assert guest.paths() == [f"secret-{number}.txt"]
        assert guest.tus("HEAD", urls[number]).status_code == 200
    assert len(alice.get(f"/v2/workspaces/{common}/entries").get_json()["entries"]) == 20


def _walk(app: Flask, upload: str, batch: str, path: str) -> Iterator[tuple[str, str]]:
    """Every route below the secret, filled with what is another's."""
    found = 0
    for rule in rules(app):
        if not rule.rule.startswith("/g/<capability>"):
            continue
        filled = rule.rule.removeprefix("/g/<capability>/")
        filled = filled.replace("<upload_id>", upload).replace("<batch_id>", batch)
        paths = (path, f"1 guest/{path}", f"2 guest/{path}")
        for one in dict.fromkeys(filled.replace("<public_path:path>", path) for path in paths):
            for method in (rule.methods or set()) - {"OPTIONS"}:
                found += 1
                yield method, one
    assert found > 30


def test_a_guests_secret_is_not_logged(
    invite: Invite, come: Come, capsys: pytest.CaptureFixture[str]
) -> None:
    guest = come(invite(password="open sesame"), password="open sesame")
    secret = guest.place.split("/")[2]

    guest.send(b"text")
    guest.get("files")
    guest.get("nothing/here")

    logged = capsys.readouterr().out
    assert f"/g/{secret[:6]}..." in logged
    assert secret not in logged
    assert "sesame" not in logged


def test_a_token_is_no_secret_and_a_secret_no_token(
    alice: Person, client: FlaskClient, guest: HandingGuest
) -> None:
    secret = guest.place.split("/")[2]
    url = guest.begin(4)

    for token in (secret, f"Bearer {secret}"):
        headers = {"Authorization": token, "Tus-Resumable": "1.0.0"}
        assert client.get("/uploads", headers=headers).status_code == 401
    assert alice.get("/v2/workspaces").status_code == 200
    stranger = client.get("/g/eyJhbGciOi/", headers={"Authorization": alice.token})
    assert refusal(stranger) == (404, "invitation_unknown")
    assert (
        client.head(
            f"/uploads/tus/{url.rpartition('/')[2]}",
            headers={"Authorization": alice.token, "Tus-Resumable": "1.0.0"},
        ).status_code
        == 404
    )
