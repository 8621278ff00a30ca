"""The bucket that clients read repositories in: whose it is, and where everything lies in it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from builders.papers import SECRET
from filemanager.factory.repositories.public_bucket import client_objects
from filemanager.settings.repositories import RepositoriesSettings
from filemanager.settings.service import Settings
from filemanager.storage.named.s3 import S3NamedObjects, S3Place

STORE = {
    "s3_bucket": "store",
    "s3_endpoint": "http://s3.example.org",
    "s3_prefix": "files/",
    "s3_access_key": "key",
    "s3_secret_key": "secret",
}
RWS = {"S3_BUCKET": "rws", "S3_URL": "http://s3.example.org", "S3_ACCESS_KEY": "key",
       "S3_SECRET_KEY": "secret"}  # fmt: skip


def objects_of(directory: Path, door: dict[str, Any], **core: Any) -> S3NamedObjects:
    settings = Settings(
        data_dir=directory,
        jwt_secret=SecretStr(SECRET),
        repositories=RepositoriesSettings.model_validate(door),
        **core,
    )
    bucket = settings.repositories.public_bucket
    assert bucket is not None
    return client_objects(settings, bucket)


@pytest.mark.parametrize(
    ("door", "core", "url"),
    [
        (RWS, {}, "http://s3.example.org/rws/live/a"),
        ({**RWS, "S3_BASE_PATH": "/base/path/"}, {}, "http://s3.example.org/rws/base/path/live/a"),
        ({"S3_BUCKET": "rws"}, STORE, "http://s3.example.org/rws/live/a"),
        (
            {"REPOSITORIES_BUCKET": "1"},
            STORE,
            "http://s3.example.org/store/files/repositories/live/a",
        ),
        (
            {"REPOSITORIES_BUCKET": "1", "S3_BASE_PATH": "base"},
            STORE,
            "http://s3.example.org/store/files/repositories/base/live/a",
        ),
    ],
)
def test_keys_begin_where_the_settings_say(
    tmp_path: Path, door: dict[str, Any], core: dict[str, Any], url: str
) -> None:
    assert objects_of(tmp_path, door, **core).plain_url("live/a") == url


@pytest.mark.parametrize(
    ("door", "core", "is_copied"),
    [
        (RWS, STORE, True),
        ({"REPOSITORIES_BUCKET": "1"}, STORE, True),
        (RWS, {}, False),
        ({**RWS, "S3_ACCESS_KEY": "another"}, STORE, False),
        ({**RWS, "S3_URL": "http://other.example.org"}, STORE, False),
        ({**RWS, "S3_REGION": "elsewhere"}, STORE, False),
    ],
)
def test_blobs_are_copied_within_one_store_under_one_account(
    tmp_path: Path, door: dict[str, Any], core: dict[str, Any], is_copied: bool
) -> None:
    blobs = objects_of(tmp_path, door, **core)._blobs

    assert blobs == (S3Place(bucket="store", prefix="files/") if is_copied else None)
