"""Packages that come as uploads: in pieces, in batches, straight to the store."""

from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from builders.debian import FILES, a_deb, a_dsc
from builders.papers import a_token
from builders.rpms import an_rpm
from people.following import led_to
from people.granting import GRANTS, Sender, a_file
from people.keepers import Caretaker
from people.pushers import Pusher, door_settings
from people.tus_uploader import TUS, Uploader, metadata, refusal

FOCAL, EL9 = "live/2.8/ubuntu/focal", "live/2.8/el/9"
DEB, RPM = "tiny_1.0-1_amd64.deb", "tiny-1.0-1.x86_64.rpm"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tools"
SOURCE = {"tiny_1.0-1.dsc": a_dsc(), **FILES}


@pytest.fixture
def uploader(client: FlaskClient) -> Uploader:
    return Uploader(client, a_token("1", f"repository:publish:{FOCAL}", "repository:publish:live"))


@pytest.fixture
def visitor(client: FlaskClient) -> Caretaker:
    return Caretaker(client, None, FOCAL)


def begin(uploader: Uploader, name: str, data: bytes, **wanted: object) -> TestResponse:
    told = {"repository": FOCAL, "product": "tools", "filename": name, **wanted}
    length = {"Upload_Length": str(len(data))}
    return uploader.tus("POST", TUS, Upload_Metadata=metadata(told), **length)


def send(uploader: Uploader, name: str, data: bytes, **wanted: object) -> TestResponse:
    begun = begin(uploader, name, data, **wanted)
    assert begun.status_code == 201, begun.text
    return uploader.append(led_to(begun), 0, data)


def names(found: Caretaker) -> list[str]:
    return [one["name"] for one in found.json("/packages")["packages"]]


def test_an_upload_in_pieces_becomes_a_package(
    uploader: Uploader, reader: Pusher, publish: Callable[[], None]
) -> None:
    data = a_deb()
    url = led_to(begin(uploader, DEB, data))

    for start in range(0, len(data), 1000):
        last = uploader.append(url, start, data[start : start + 1000])
    publish()

    assert last.status_code == 204
    assert uploader.state(url)["result"] == {"sent": DEB, "repository": FOCAL, "push": 1}
    assert reader.get(f"{POOL}/{DEB}").data == data


def test_the_files_of_a_batch_are_one_push(
    uploader: Uploader, reader: Pusher, visitor: Caretaker, publish: Callable[[], None]
) -> None:
    for name, data in SOURCE.items():
        assert send(uploader, name, data, batch="build").status_code == 204
    assert names(visitor) == []

    received = uploader.call("POST", "/uploads/batches/build:receive")
    publish()

    assert received.status_code == 200, received.text
    assert visitor.json()["pushes"] == 1
    assert reader.get(f"{POOL}/tiny_1.0.orig.tar.xz").data == FILES["tiny_1.0.orig.tar.xz"]


def test_a_batch_is_taken_whole_or_not_at_all(uploader: Uploader, visitor: Caretaker) -> None:
    send(uploader, DEB, a_deb(), batch="build")
    send(uploader, "junk_1.0-1_amd64.deb", b"junk", batch="build")

    received = uploader.call("POST", "/uploads/batches/build:receive")

    assert refusal(received) == (400, "package_refused")
    assert names(visitor) == []
    with_it = uploader.call("GET", "/uploads/batches/build").get_json()["uploads"]
    assert {one["state"] for one in with_it} == {"refused"}


def test_files_of_two_products_are_no_batch(uploader: Uploader) -> None:
    send(uploader, DEB, a_deb(), batch="build")

    other = begin(uploader, "other_1.0-1_amd64.deb", b"x", batch="build", product="shop")

    assert refusal(other) == (409, "batch_elsewhere")


def granted(sender: Sender, files: Mapping[str, bytes], **more: object) -> TestResponse:
    wish = {"repository": FOCAL, "product": "tools", **more}
    body = {**wish, "files": [a_file(name, data) for name, data in files.items()]}
    return sender.ask("POST", GRANTS, json=body)


def test_files_of_a_grant_are_one_push(
    client: FlaskClient, reader: Pusher, visitor: Caretaker, publish: Callable[[], None]
) -> None:
    sender = Sender(client, a_token("1", f"repository:publish:{FOCAL}"), 0)
    begun = granted(sender, SOURCE)
    for file in begun.get_json()["files"]:
        assert sender.put(file, SOURCE[file["path"]]) == 200

    done = sender.complete(led_to(begun))
    publish()

    assert (done.status_code, done.get_json()["state"]) == (200, "received"), done.text
    assert (done.get_json()["repository"], done.get_json()["workspace"]) == (FOCAL, None)
    assert visitor.json()["pushes"] == 1
    assert reader.get(f"{POOL}/tiny_1.0-1.dsc").data == SOURCE["tiny_1.0-1.dsc"]


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"workspace": 1}, 422, "malformed_request"),
        ({"repository": None}, 422, "malformed_request"),
        ({"repository": "live/2.8/ubuntu/noble"}, 404, "repository_unknown"),
        ({"repository": "release/2.8/ubuntu/focal"}, 403, "insufficient_scope"),
        ({"repository": "x" * 201}, 422, "malformed_request"),
        ({"product": None}, 400, "product_missing"),
        ({"product": "../evil"}, 400, "package_refused"),
        ({"files": [a_file("notes.txt")]}, 400, "foreign_file"),
        ({"files": [a_file("a/b_1_amd64.deb")]}, 400, "package_refused"),
        ({"files": [a_file(DEB), a_file(DEB)]}, 400, "path_twice"),
    ],
)
def test_what_would_be_refused_in_the_end_is_refused_at_once(
    client: FlaskClient, wish: dict[str, object], status: int, code: str
) -> None:
    sender = Sender(client, a_token("1", "repository:publish:live"), 0)
    body = {"repository": FOCAL, "product": "tools", "files": [a_file(DEB)], **wish}

    response = sender.ask("POST", GRANTS, json=body)

    assert refusal(response) == (status, code)


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"repository": "live/2.8/ubuntu/noble"}, 404, "repository_unknown"),
        ({"repository": "release/2.8/ubuntu/focal"}, 403, "insufficient_scope"),
        ({"repository": ""}, 400, "header_refused"),
        ({"repository": EL9}, 400, "foreign_file"),
        ({"workspace": 1}, 400, "header_refused"),
        ({"product": ""}, 400, "product_missing"),
    ],
)
def test_an_upload_to_nowhere_does_not_begin(
    uploader: Uploader, wanted: dict[str, object], status: int, code: str
) -> None:
    assert refusal(begin(uploader, DEB, b"x", **wanted)) == (status, code)


def test_a_private_repository_is_not_there_for_strangers(
    client: FlaskClient, uploader: Uploader
) -> None:
    admin = Caretaker(client, a_token("9", "repository:admin"), FOCAL)
    admin.patch(visibility="private")
    stranger = Uploader(client, a_token("2", "repository:publish:release"))

    assert refusal(begin(stranger, DEB, b"x")) == (404, "repository_unknown")
    assert begin(uploader, DEB, b"x").status_code == 201


@pytest.mark.parametrize("special", [door_settings(repositories_max_bytes=6000)])
def test_room_is_reserved_in_the_repository(uploader: Uploader) -> None:
    first = begin(uploader, DEB, bytes(4000))
    second = begin(uploader, RPM, an_rpm(), repository=EL9)
    third = begin(uploader, "other_1.0-1_amd64.deb", bytes(4000))

    assert [one.status_code for one in (first, second, third)] == [201, 201, 413]
    assert uploader.tus("DELETE", led_to(first)).status_code == 204
    assert begin(uploader, "other_1.0-1_amd64.deb", bytes(4000)).status_code == 201


@pytest.mark.parametrize("scopes", [["repository:publish:release"], ["upload:update"], ["x"]])
def test_an_upload_is_shown_to_who_holds_the_scope_of_its_repository(
    client: FlaskClient, uploader: Uploader, scopes: list[str]
) -> None:
    url = led_to(begin(uploader, DEB, a_deb()))
    state = url.replace(TUS, "/uploads")
    weaker = Uploader(client, a_token("1", *scopes))
    reader = Uploader(client, a_token("1", "repository:read:live"))

    assert weaker.call("GET", state).status_code == 404
    assert weaker.append(url, 0, a_deb()).status_code == 404
    assert reader.call("GET", state).status_code == 200
    assert reader.append(url, 0, a_deb()).status_code == 404
    assert uploader.append(url, 0, a_deb()).status_code == 204


def test_debug_symbols_alone_are_received_and_change_nothing(
    uploader: Uploader, visitor: Caretaker
) -> None:
    sent = send(uploader, "tiny-dbgsym_1.0-1_amd64.ddeb", b"symbols")

    assert sent.status_code == 204, sent.text
    assert visitor.json()["pushes"] == 0
