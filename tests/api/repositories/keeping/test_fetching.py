"""Packages from the files of a workspace."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from builders.debian import FILES, a_deb, a_dsc
from builders.papers import a_token
from people.granting import V2
from people.keepers import Caretaker
from people.pushers import Pusher, basic

FOCAL = "live/2.8/ubuntu/focal"
DEB = "tiny_1.0-1_amd64.deb"
POOL = "live/2.8/ubuntu/pool/focal/main/t/tools"
PUBLISH = f"repository:publish:{FOCAL}"
OWNER = ("upload:read", "upload:create", "upload:update")


@pytest.fixture
def workspace(client: FlaskClient) -> int:
    """Of user 1: a package, and a source in a directory."""
    token = {"Authorization": a_token("1")}
    made = client.post(V2, json={"profile": "generic"}, headers=token)
    files = {DEB: a_deb(), "src/tiny_1.0-1.dsc": a_dsc()}
    files |= {f"src/{name}": data for name, data in FILES.items()}
    for path, data in files.items():
        place = f"{V2}/{made.get_json()['id']}/files/{path}?unpack=false"
        assert client.put(place, data=data, headers=token).status_code in (200, 201)
    return int(made.get_json()["id"])


@pytest.fixture
def owner(client: FlaskClient) -> Caretaker:
    return Caretaker(client, a_token("1", *OWNER, PUBLISH), FOCAL)


def names(found: Caretaker) -> list[str]:
    return [one["name"] for one in found.json("/packages")["packages"]]


def test_a_file_of_a_workspace_becomes_a_package(
    owner: Caretaker, workspace: int, reader: Pusher, publish: Callable[[], None]
) -> None:
    response = owner.post("/packages", {"workspace": workspace, "path": DEB, "product": "tools"})
    publish()

    assert (response.status_code, response.get_json()["pushes"]) == (201, 1)
    assert reader.get(f"{POOL}/{DEB}").data == a_deb()


def test_files_that_belong_together_are_one_push(owner: Caretaker, workspace: int) -> None:
    paths = ["src/tiny_1.0-1.dsc", *(f"src/{name}" for name in FILES)]
    wish = {"workspace": workspace, "path": paths, "product": "tools"}
    key = {"Idempotency-Key": "once"}

    first = owner.post("/packages", wish, headers=key)
    again = owner.post("/packages", wish, headers=key)

    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    (package,) = owner.json("/packages")["packages"]
    assert (package["arch"], len(package["files"])) == ("source", 3)


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"path": "nothing.deb"}, 404, "file_not_found"),
        ({"path": "src/tiny_1.0-1.dsc"}, 400, "package_refused"),
        ({"path": "../x.deb"}, 400, "path_refused"),
        ({"path": []}, 422, "malformed_request"),
        ({"product": None}, 400, "product_missing"),
        ({"workspace": 99}, 404, "workspace_not_found"),
    ],
)
def test_what_cannot_be_pushed_is_told(
    owner: Caretaker, workspace: int, wish: dict[str, object], status: int, code: str
) -> None:
    response = owner.post(
        "/packages", {"workspace": workspace, "path": DEB, "product": "tools", **wish}
    )

    assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert names(owner) == []


@pytest.mark.parametrize(
    ("token", "status"),
    [
        (("2", *OWNER, PUBLISH), 404),
        (("1", PUBLISH), 403),
        (("1", *OWNER), 403),
        (("1", *OWNER, "repository:publish:release"), 403),
    ],
)
def test_it_takes_leave_in_both_places(
    client: FlaskClient, workspace: int, token: tuple[str, ...], status: int
) -> None:
    somebody = Caretaker(client, a_token(*token), FOCAL)
    wish = {"workspace": workspace, "path": DEB, "product": "tools"}

    assert somebody.post("/packages", wish).status_code == status
    assert Caretaker(client, basic(), FOCAL).post("/packages", wish).status_code == 403
    assert names(somebody) == []
