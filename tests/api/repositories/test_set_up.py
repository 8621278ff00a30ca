"""What package managers are set up with: keys, mirror lists, files for apt and dnf."""

from collections.abc import Callable
from typing import Any

import pytest

from builders.keys import a_key
from builders.rpms import an_rpm
from people.pushers import Pusher, door_settings

EL9, FOCAL = "live/2.8/el/9", "live/2.8/ubuntu/focal"
HOST = "http://fooserver.localdomain"


def signed(**changed: Any) -> dict[str, Any]:
    keys = {
        "gpg_sign_key_armored": str(a_key("ann")) + str(a_key("new")),
        "gpg_modules_sign_key_armored": str(a_key("modules")),
    }
    return door_settings(**{**keys, "repositories_unsigned": False, **changed})


def public(*names: str) -> str:
    return "".join(str(a_key(name).extract_certificate()) for name in names)


@pytest.mark.parametrize("special", [signed()])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("KEY.asc", ("ann", "new")),
        (f"{EL9}/KEY.asc", ("ann", "new")),
        (f"{FOCAL}/KEY.asc", ("ann", "new")),
        ("release/modules/el/9/KEY.asc", ("modules",)),
    ],
)
def test_every_key_that_signs_is_given_out(
    reader: Pusher, path: str, names: tuple[str, ...]
) -> None:
    response = reader.get(path)

    assert response.status_code == 200
    assert response.mimetype == "application/pgp-keys"
    assert response.text == public(*names)


@pytest.mark.parametrize("special", [signed()])
def test_keys_are_those_of_repositories_that_there_are(reader: Pusher) -> None:
    for path in ("live/KEY.asc", "live/2.8/el/10/KEY.asc", "dead/2.8/el/9/KEY.asc"):
        assert reader.get(path).status_code == 404


def test_where_nothing_is_signed_there_is_no_key(reader: Pusher) -> None:
    assert reader.get("KEY.asc").status_code == 404
    assert reader.get(f"{EL9}/KEY.asc").status_code == 404


@pytest.mark.parametrize(
    ("special", "place"),
    [
        (door_settings(), f"{HOST}/repositories"),
        ({**door_settings(), "public_url": "https://a.test/fm"}, "https://a.test/fm/repositories"),
    ],
)
def test_a_mirror_list_names_the_newest_publication(
    rws: Pusher, reader: Pusher, publish: Callable[[], None], place: str
) -> None:
    for _ in range(2):
        rws.rebuild(EL9)
        publish()

    response = reader.get(f"mirrorlist/{EL9}/x86_64")

    assert response.text == f"{place}/@2/{EL9}/x86_64\n"
    assert (response.mimetype, response.headers["Cache-Control"]) == ("text/plain", "no-cache")
    path = response.text.strip().partition("/repositories/")[2]
    assert reader.get(f"{path}/repodata/repomd.xml").status_code == 200


@pytest.mark.parametrize(
    "path", [f"{EL9}/i386", f"{FOCAL}/amd64", "live/2.8/el/10/x86_64", f"{EL9}/x86_64/repodata"]
)
def test_there_are_mirror_lists_of_yum_repositories_alone(
    rws: Pusher, reader: Pusher, publish: Callable[[], None], path: str
) -> None:
    rws.rebuild(FOCAL)
    publish()

    assert reader.get(f"mirrorlist/{path}").status_code == 404


@pytest.mark.parametrize("special", [signed()])
def test_dnf_is_set_up_by_the_mirror_list_and_the_key(reader: Pusher) -> None:
    assert reader.get(f"api/{EL9}/client.repo").text.splitlines() == [
        "[live-2.8-el-9]",
        "name=live/2.8/el/9",
        f"mirrorlist={HOST}/repositories/mirrorlist/{EL9}/$basearch",
        "enabled=1",
        "gpgcheck=0",
        "repo_gpgcheck=1",
        f"gpgkey={HOST}/repositories/{EL9}/KEY.asc",
    ]


@pytest.mark.parametrize("special", [signed()])
def test_apt_is_set_up_with_the_keys_inside(reader: Pusher) -> None:
    head, _, keys = reader.get(f"api/{FOCAL}/client.sources").text.partition("Signed-By:\n")

    assert head.splitlines() == [
        "Types: deb",
        f"URIs: {HOST}/repositories/live/2.8/ubuntu",
        "Suites: focal",
        "Components: main",
    ]
    lines = ["" if line == " ." else line.removeprefix(" ") for line in keys.splitlines()]
    assert "\n".join([*lines, ""]) == public("ann", "new")


def test_where_nothing_is_signed_clients_are_told_so(reader: Pusher) -> None:
    assert "repo_gpgcheck=0" in reader.get(f"api/{EL9}/client.repo").text
    assert "Trusted: yes" in reader.get(f"api/{FOCAL}/client.sources").text


@pytest.mark.parametrize(
    "path",
    [f"{EL9}/client.sources", f"{FOCAL}/client.repo", "live/2.8/el/10/client.repo", "client.repo"],
)
def test_there_is_no_file_for_what_there_is_not(reader: Pusher, path: str) -> None:
    assert reader.get(f"api/{path}").status_code == 404


@pytest.mark.parametrize("special", [signed()])
def test_what_is_pushed_is_signed(rws: Pusher, reader: Pusher, publish: Callable[[], None]) -> None:
    rws.push(EL9, {"tiny-1.0-1.x86_64.rpm": an_rpm()})
    publish()

    signature = reader.get(f"{EL9}/x86_64/repodata/repomd.xml.asc")

    assert signature.mimetype == "application/pgp-signature"
    assert "BEGIN PGP SIGNATURE" in signature.text
