"""The bucket over a real object store: nothing of it needs a file system."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from builders.papers import SECRET, a_tarball
from filemanager.db.engine.migrate import upgrade
from filemanager.factory import application as factory
from filemanager.factory.parts import parts_of
from filemanager.settings.bucket import BucketSettings
from filemanager.settings.service import Settings
from people.visitors import Visitor, a_visitor
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]


@pytest.fixture
def dana(tmp_path: Path, s3_gateway: Gateway) -> Iterator[Visitor]:
    named: dict[str, Any] = {
        "s3_bucket": s3_gateway.new_bucket(),
        "s3_endpoint": s3_gateway.endpoint_url,
        "s3_access_key": s3_gateway.access_key,
        "s3_secret_key": s3_gateway.secret_key,
        "bucket": BucketSettings.model_validate({"REPLICATE_0": "user/${Username}"}),
    }
    settings = Settings(data_dir=tmp_path, jwt_secret=SecretStr(SECRET), jobs=False, **named)
    upgrade(settings.database)
    made = parts_of(settings)
    with closing(made.database):
        yield a_visitor(factory.app_on(made).test_client(), "1", "bucket:write", "bucket:read")


def test_an_archive_is_kept_taken_apart_and_labelled(dana: Visitor) -> None:
    archive = a_tarball({"d/sub/y.txt": b"inside\n"})

    kept = dana.keep("d.tgz", archive, Username="bob")

    assert dana.get(kept["path"]["blob"]).data == archive
    assert dana.get(f"{kept['path']['archive']}/d/sub/y.txt").data == b"inside\n"
    assert dana.get(f"{kept['path']['replicas'][0]}/d/sub/y.txt").data == b"inside\n"


def test_a_checksum_is_found_and_a_part_of_the_file_is_sent(dana: Visitor) -> None:
    data = bytes(range(256)) * 8192

    kept = dana.keep("big.bin", data)
    known = dana.head(f"checksum/{hashlib.md5(data, usedforsecurity=False).hexdigest()}")
    part = dana.get(kept["path"]["blob"], headers={"Range": "bytes=256-511"})

    assert known.status_code == 200
    assert (part.status_code, part.data) == (206, bytes(range(256)))
