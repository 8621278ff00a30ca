"""The pages that need a store beside us."""

import uuid
from pathlib import Path

import boto3
import pytest

from manual.blocks import PAGES
from manual.running import printed
from servers.radosgw import Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.s3]


def test_files_are_kept_in_a_bucket_as_the_page_says(tmp_path: Path, s3_gateway: Gateway) -> None:
    values = {
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
        "FILEMANAGER_S3_BUCKET": f"made-{uuid.uuid4().hex}",
    }

    printed(PAGES / "how-to" / "s3-stores.md", tmp_path, values)


def test_a_bucket_is_connected_and_shared_as_the_page_says(
    tmp_path: Path, s3_gateway: Gateway
) -> None:
    bucket = s3_gateway.new_bucket()
    _put(s3_gateway, bucket, "2026/rings.csv", b"year,width\n1800,1.2\n")
    values = {
        "ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_SOURCE_HOSTS": s3_gateway.endpoint_url.removeprefix("http://"),
        "ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_SOURCE_SECRET_KEY": s3_gateway.secret_key,
        "BUCKET": bucket,
    }

    output = printed(PAGES / "how-to" / "from-package-r.md", tmp_path, values)

    assert "2026/rings.csv: OK" in output


def _put(gateway: Gateway, bucket: str, key: str, data: bytes) -> None:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=gateway.endpoint_url,
        aws_access_key_id=gateway.access_key,
        aws_secret_access_key=gateway.secret_key,
        region_name="us-east-1",
    )
    client.put_object(Bucket=bucket, Key=key, Body=data)
    client.close()
