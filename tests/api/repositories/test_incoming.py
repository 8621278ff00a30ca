"""Files that come one by one, as dput sends them, and their .changes."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from pysequoia import SignatureMode, sign
from werkzeug.test import TestResponse

from builders.debian import FILES, a_changes, a_deb, a_dsc, clearsigned
from builders.keys import a_key
from builders.papers import a_token
from people.keepers import Caretaker
from people.pushers import HASH, Pusher, basic, door_settings

FOCAL = "live/2.8/ubuntu/focal"
INCOMING = f"incoming/{FOCAL}"
DEB, DSC, CHANGES = "tiny_1.0-1_amd64.deb", "tiny_1.0-1.dsc", "tiny_1.0-1_amd64.changes"
BESIDE = {
    "tiny_1.0-1_amd64.buildinfo": b"how it was built",
    "tiny-dbgsym_1.0-1_amd64.ddeb": b"symbols",
    "tiny-di_1.0-1_amd64.udeb": b"for the installer",
}
BUILD = {DSC: a_dsc(), **FILES, DEB: a_deb(), **BESIDE}
POOL = "live/2.8/ubuntu/pool/focal/main/t/tiny"
KEYS = str(a_key("ann").extract_certificate())
OK = {"message": "OK"}


@pytest.fixture
def visitor(client: FlaskClient) -> Caretaker:
    return Caretaker(client, None, FOCAL)


def put(pusher: Pusher, name: str, data: bytes, to: str = INCOMING) -> TestResponse:
    return pusher.call("PUT", f"{to}/{name}", data=data)


def put_all(pusher: Pusher, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        response = put(pusher, name, data)
        assert (response.status_code, response.get_json()) == (201, OK), response.text


def versions(visitor: Caretaker) -> list[str]:
    found = visitor.json("/packages")["packages"]
    return sorted(f"{one['name']} {one['version']} {one['arch']}" for one in found)


def message(response: TestResponse) -> str:
    return str(response.get_json()["message"])


WHOLE = ["tiny 1.0-1 amd64", "tiny 1.0-1 source"]


def test_what_a_changes_file_lists_is_one_push(
    rws: Pusher, visitor: Caretaker, reader: Pusher, publish: Callable[[], None]
) -> None:
    put_all(rws, BUILD)
    assert versions(visitor) == []

    put_all(rws, {CHANGES: a_changes(files=BUILD)})
    publish()

    assert (versions(visitor), visitor.json()["pushes"]) == (WHOLE, 1)
    assert reader.get(f"{POOL}/{DEB}").data == BUILD[DEB]
    for name in BESIDE:
        assert reader.get(f"{POOL}/{name}").status_code == 404


def test_a_changes_file_sent_again_changes_nothing(rws: Pusher, visitor: Caretaker) -> None:
    changes = {CHANGES: a_changes(files=BUILD)}
    put_all(rws, {**BUILD, **changes})

    put_all(rws, changes)
    put_all(rws, {**BUILD, **changes})

    assert (versions(visitor), visitor.json()["pushes"]) == (WHOLE, 1)


@pytest.mark.parametrize(
    ("files", "changes", "says"),
    [
        ({}, a_changes(files=BUILD), "which was not sent"),
        ({**BUILD, DEB: b"x"}, a_changes(files=BUILD), f"{DEB} was sent, and is not what it says"),
        (
            {**BUILD, "tiny_1.0-1_amd64.buildinfo": b"other"},
            a_changes(files=BUILD),
            "buildinfo was sent, and is not what it says",
        ),
        (BUILD, b"", CHANGES),
        (BUILD, a_changes({"Checksums-Sha256": ""}, BUILD), CHANGES),
        (
            BUILD,
            a_changes(files=BUILD).replace(b"Checksums-Sha256", b"Checksums-Sha257"),
            "no field 'Checksums-Sha256'",
        ),
        (BUILD, a_changes(files={**BUILD, "notes.txt": b"text"}), '"notes.txt" file does not'),
        ({**BUILD, DEB: b"junk"}, a_changes(files={**BUILD, DEB: b"junk"}), DEB),
    ],
)
def test_a_changes_file_that_is_refused_leaves_all_as_it_was(
    rws: Pusher,
    visitor: Caretaker,
    files: Mapping[str, bytes],
    changes: bytes,
    says: str,
) -> None:
    put_all(rws, files)

    refused = put(rws, CHANGES, changes)

    assert refused.status_code == 400
    assert says in message(refused)
    assert versions(visitor) == []
    put_all(rws, {name: data for name, data in BUILD.items() if files.get(name) != data})
    put_all(rws, {CHANGES: a_changes(files=BUILD)})
    assert versions(visitor) == WHOLE


def test_a_file_that_comes_again_takes_the_place_of_the_first(
    rws: Pusher, visitor: Caretaker
) -> None:
    put_all(rws, {**BUILD, DEB: b"broken off"})

    put_all(rws, {DEB: BUILD[DEB], CHANGES: a_changes(files=BUILD)})

    assert versions(visitor) == WHOLE


@pytest.mark.parametrize("special", [door_settings(rws_credentials={"rws": HASH, "bob": HASH})])
def test_everybody_has_a_place_of_their_own(
    client: FlaskClient, rws: Pusher, visitor: Caretaker
) -> None:
    bob = Pusher(client, basic("bob"))
    put_all(rws, BUILD)

    refused = put(bob, CHANGES, a_changes(files=BUILD))

    assert (refused.status_code, versions(visitor)) == (400, [])
    put_all(rws, {CHANGES: a_changes(files=BUILD)})


@pytest.mark.parametrize(
    ("name", "to", "status"),
    [
        ("tiny-1.0-1.x86_64.rpm", INCOMING, 400),
        ("notes.txt", INCOMING, 400),
        ("..deb", INCOMING, 400),
        (DEB, "incoming/live/2.8/el/9", 400),
        (CHANGES, "incoming/live/2.8/el/9", 400),
        (DEB, "incoming/live/2.8/ubuntu/noble", 404),
        (DEB, "incoming/live/2.8/ubuntu", 400),
    ],
)
def test_what_no_changes_file_could_list_is_refused_at_once(
    rws: Pusher, name: str, to: str, status: int
) -> None:
    response = put(rws, name, b"x", to)

    assert response.status_code == status
    assert message(response)


def test_who_may_not_publish_keeps_nothing(client: FlaskClient, reader: Pusher) -> None:
    elsewhere = Pusher(client, a_token("5", "repository:publish:release"))

    asked = put(reader, DEB, BUILD[DEB])
    refused = put(elsewhere, DEB, BUILD[DEB])

    assert (asked.status_code, refused.status_code) == (401, 403)
    assert asked.headers["WWW-Authenticate"].startswith("Basic realm=")


def test_the_files_of_one_uploader_have_a_limit(rws: Pusher) -> None:
    for number in range(200):
        assert put(rws, f"p{number}_1_amd64.deb", b"x").status_code == 201

    refused = put(rws, "one_1_amd64.deb", b"x")

    assert refused.status_code == 429
    assert put(rws, "p7_1_amd64.deb", b"y").status_code == 429


@pytest.mark.parametrize("special", [door_settings(repositories_max_bytes=9000)])
def test_files_aside_count_against_their_repository(rws: Pusher) -> None:
    answers = [put(rws, f"p{number}_1_amd64.deb", b"x").status_code for number in range(3)]

    assert answers == [201, 201, 413]


def test_files_aside_wait_for_their_changes_file_alone(
    client: FlaskClient, visitor: Caretaker
) -> None:
    token = a_token("5", "repository:publish")
    put_all(Pusher(client, token), {DEB: BUILD[DEB]})
    listed = client.get("/uploads", headers={"Authorization": token}).get_json()["uploads"]
    (batch,) = {one["batch"] for one in listed}

    received = client.post(f"/uploads/batches/{batch}:receive", headers={"Authorization": token})

    assert (received.status_code, received.get_json()["code"]) == (409, "changes_awaited")
    assert versions(visitor) == []


def signed(text: bytes, name: str = "ann") -> bytes:
    return sign(a_key(name).signer(), text, mode=SignatureMode.CLEAR)


DEMANDING: Any = door_settings(repositories_changes_keys=KEYS)


@pytest.mark.parametrize("special", [DEMANDING])
def test_a_signature_is_demanded_where_keys_are_named(rws: Pusher, visitor: Caretaker) -> None:
    changes = a_changes(files=BUILD)
    put_all(rws, BUILD)

    for document in (
        changes,
        clearsigned(changes),
        signed(changes, "bob"),
        signed(changes).replace(b"utils", b"admin"),
    ):
        refused = put(rws, CHANGES, document)
        assert refused.status_code == 400
        assert CHANGES in message(refused)
    assert versions(visitor) == []

    put_all(rws, {CHANGES: signed(changes)})
    assert versions(visitor) == WHOLE


def test_a_signature_that_nobody_demands_is_not_looked_at(rws: Pusher, visitor: Caretaker) -> None:
    put_all(rws, {**BUILD, CHANGES: signed(a_changes(files=BUILD), "bob")})

    assert versions(visitor) == WHOLE
