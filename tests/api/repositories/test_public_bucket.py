"""What is promised to the bucket in which clients read repositories by themselves."""

from collections.abc import Callable
from contextlib import closing

import pytest
from flask.testing import FlaskClient

from builders.debian import a_deb
from builders.papers import a_token
from filemanager.factory.parts import parts_of
from filemanager.settings.service import Settings
from people.keepers import Caretaker
from people.pushers import Pusher, door_settings

FOCAL = "live/2.8/ubuntu/focal"
TINY = {"tiny_1.0-1_amd64.deb": a_deb()}
IN_A_BUCKET = door_settings(S3_BUCKET="rws", S3_URL="http://127.0.0.1:1")


def promised(settings: Settings) -> set[object]:
    parts = parts_of(settings)
    with closing(parts.database), parts.database.read() as tx:
        return {row["key"] for row in tx.rows.of("outbox")}


@pytest.mark.parametrize("special", [IN_A_BUCKET])
def test_what_lies_there_is_taken_in_before_anything_is_written(
    rws: Pusher, publish: Callable[[], None], settings: Settings
) -> None:
    rws.push(FOCAL, TINY, "tiny")
    publish()

    assert promised(settings) == {f"sync {FOCAL}"}


@pytest.mark.parametrize("special", [IN_A_BUCKET])
def test_building_a_repository_anew_looks_there(rws: Pusher, settings: Settings) -> None:
    assert rws.rebuild(FOCAL).status_code == 200

    assert promised(settings) == {f"publish {FOCAL}", f"sync {FOCAL}"}


@pytest.mark.parametrize("special", [IN_A_BUCKET])
def test_what_is_hidden_goes_from_there(client: FlaskClient, settings: Settings) -> None:
    admin = Caretaker(client, a_token("9", "repository:admin"), FOCAL)

    assert admin.patch(visibility="private").status_code == 200

    assert promised(settings) == {f"mirror {FOCAL}"}


def test_without_a_bucket_nothing_is_promised(
    rws: Pusher, publish: Callable[[], None], settings: Settings
) -> None:
    rws.push(FOCAL, TINY, "tiny")
    rws.rebuild(FOCAL)
    publish()

    assert promised(settings) == set()
