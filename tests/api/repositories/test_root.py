"""Without a prefix, as RWS: at the root, beside all other doors."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.rpms import an_rpm
from filemanager.api.http.front.rule_clashes import AddressClaimedTwice
from filemanager.factory.application import create_app
from filemanager.settings.service import Settings
from people.person import Person
from people.pushers import Pusher, basic, door_settings

EL9, RPM = "live/2.8/el/9", "tiny-1.0-1.x86_64.rpm"
ELSEWHERE = [
    ("GET", "/bucket/nothing"), ("PUT", "/bucket/upload"), ("DELETE", "/docs"), ("PUT", "/livez"),
    ("GET", "/uploads/tus/a/b/c"), ("GET", "/filemanager/nothing"), ("POST", "/jobs"),
    ("PUT", "/filemanager/api/1/content"), ("GET", "/jobs/a/b/c/d"), ("PATCH", "/readyz"),
    ("GET", "/static/nothing"), ("POST", "/static/pages.css"), ("PUT", "/k/nothing/"),
    ("PUT", "/metrics"), ("GET", "/openapi.json/x"), ("GET", "/filemanager/api/v2/nothing"),
]  # fmt: skip


@pytest.fixture
def special() -> dict[str, Any]:
    return door_settings(repositories_prefix="")


@pytest.fixture
def root(client: FlaskClient) -> Pusher:
    return Pusher(client, basic(), prefix="")


def test_packages_are_pushed_and_read_at_the_root(
    root: Pusher, publish: Callable[[], None]
) -> None:
    response = root.push(EL9, {RPM: an_rpm()})
    publish()

    assert (response.status_code, response.get_json()) == (201, {"message": "OK"})
    assert root.get(f"{EL9}/x86_64/Packages/{RPM}").data == an_rpm()
    assert (
        root.get(f"mirrorlist/{EL9}/x86_64").text
        == f"http://fooserver.localdomain/@1/{EL9}/x86_64\n"
    )


def test_the_api_is_at_the_root_too(root: Pusher) -> None:
    assert root.get(f"api/{EL9}").get_json()["path"] == EL9
    assert root.get("api/live/2.8/el/10").mimetype == "application/problem+json"


def test_the_root_and_the_index_are_pages(root: Pusher) -> None:
    for path in ("", "index"):
        assert "<title>Index of /</title>" in root.get(path).text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "nothing", 404), ("PUT", "dead/2.8/el/9", 400), ("PATCH", EL9, 405)],
)
def test_what_nobody_else_has_is_worded_as_rws_did(
    root: Pusher, method: str, path: str, status: int
) -> None:
    response = root.call(method, path)

    assert response.status_code == status
    assert set(response.get_json()) == {"message"}


def test_other_doors_answer_as_they_do_with_a_prefix(
    client: FlaskClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    apart = create_app(Settings(data_dir=tmp_path_factory.mktemp("apart"), jobs=False))

    for method, path in ELSEWHERE:
        here, there = (one.open(path, method=method) for one in (client, apart.test_client()))
        assert here.status_code == there.status_code, path
        assert here.status_code in (404, 405), path
        assert here.mimetype == there.mimetype, path
        allowed = [set(one.headers.get("Allow", "").split(", ")) for one in (here, there)]
        assert allowed[0] == allowed[1], path


def test_workspaces_are_where_they_were(alice: Person) -> None:
    assert alice.create("a.txt", b"text")["upload_id"] == 1


def test_no_first_segment_of_another_door_is_left_out(app: Flask, settings: Settings) -> None:
    firsts = {
        rule.rule.split("/")[1]
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(("repositories.", "keeping."))
    }

    assert firsts <= settings.taken_segments


def test_two_doors_at_the_root_stop_the_start(settings: Settings) -> None:
    bucket = settings.bucket.model_copy(update={"bucket_prefix": ""})

    with pytest.raises(AddressClaimedTwice):
        create_app(settings.model_copy(update={"bucket": bucket}))
