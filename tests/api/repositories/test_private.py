"""Private repositories: for those who may read them, and for nobody else there at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from builders.rpms import an_rpm
from filemanager.domain.ports import Transaction
from filemanager.domain.repositories.repository import Visibility
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings
from people.pushers import HASH, Pusher, basic, door_settings

EL9, PUBLIC = "live/2.8/el/9", "live/2.8/el/8"
RPM = "tiny-1.0-1.x86_64.rpm"
INSIDE = [
    f"{EL9}/x86_64/repodata/repomd.xml",
    f"{EL9}/x86_64/Packages/{RPM}",
    f"@1/{EL9}/x86_64/repodata/repomd.xml",
    f"{EL9}/x86_64/",
    EL9,
    f"mirrorlist/{EL9}/x86_64",
    f"api/{EL9}/client.repo",
]


@pytest.fixture(autouse=True)
def _private(rws: Pusher, settings: Settings, publish: Callable[[], None]) -> None:
    """One of two."""
    for path in (EL9, PUBLIC):
        rws.push(path, {RPM: an_rpm()})
    publish()

    def hide(tx: Transaction) -> None:
        repository = tx.repositories.lock(EL9)
        tx.repositories.save(replace(repository, visibility=Visibility.PRIVATE))

    parts_of(settings).database.write(hide)


def test_to_everybody_it_is_not_there(reader: Pusher) -> None:
    for path in [*INSIDE, f"{EL9}/KEY.asc", f"{EL9}/nothing"]:
        response = reader.get(path)
        assert response.status_code == 404, path
        assert "no such repository" in response.text
    assert reader.get(f"{PUBLIC}/x86_64/repodata/repomd.xml").status_code == 200


@pytest.mark.parametrize("scopes", [["upload:read"], ["repository:read:live/2.9"]])
def test_nor_to_who_may_not_read_it(client: FlaskClient, scopes: list[str]) -> None:
    somebody = Pusher(client, a_token("5", *scopes))

    assert {somebody.get(path).status_code for path in INSIDE} == {404}
    assert " 9 " not in somebody.get("live/2.8/el").text


def test_a_wrong_password_is_told_whatever_is_there(client: FlaskClient) -> None:
    somebody = Pusher(client, basic(password="wrong"))

    assert [somebody.get(path).status_code for path in INSIDE] == [401] * len(INSIDE)


@pytest.mark.parametrize("scopes", [["repository:read"], ["repository:read:live"]])
def test_who_may_read_it_does(client: FlaskClient, rws: Pusher, scopes: list[str]) -> None:
    for somebody in (rws, Pusher(client, a_token("5", *scopes))):
        assert {somebody.get(path).status_code for path in INSIDE} == {200}


def test_no_cache_that_others_share_keeps_it(rws: Pusher) -> None:
    files = [rws.get(path).headers["Cache-Control"] for path in INSIDE[:3]]
    pages = [rws.get(path).headers["Cache-Control"] for path in (INSIDE[3], "live/2.8/el")]

    assert all(one.startswith("private, ") for one in files + pages)
    assert rws.get(f"{PUBLIC}/x86_64/").headers["Cache-Control"] == "no-cache"


def test_listings_show_it_to_those_alone_who_may_read_it(rws: Pusher, reader: Pusher) -> None:
    assert " 9 " in rws.get("live/2.8/el").text
    assert " 9 " not in reader.get("live/2.8/el").text
    assert " 8 " in reader.get("live/2.8/el").text


@pytest.mark.parametrize(
    "special",
    [
        door_settings(
            rws_credentials={"rws": HASH, "ci": HASH},
            repositories_users={"ci": {"publish": ["live"], "read": ["release"]}},
        )
    ],
)
def test_who_may_only_fill_it_does_not_read_it(client: FlaskClient) -> None:
    ci = Pusher(client, basic("ci"))

    assert ci.get(f"{EL9}/x86_64/repodata/repomd.xml").status_code == 404
    assert ci.push(EL9, {RPM: an_rpm()}).status_code == 201
