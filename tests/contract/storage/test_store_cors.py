"""``filemanager store cors --set``: pages of named origins may put straight into the bucket."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import boto3
import pytest
import requests
from click.testing import CliRunner, Result

from filemanager.cli import main
from filemanager.domain.errors import StoreUnavailable
from servers.radosgw import Gateway

PAGE = "https://pages.example"
OTHER = {"ID": "other", "AllowedOrigins": ["https://other.example"], "AllowedMethods": ["GET"]}

pytestmark = pytest.mark.s3


def set_rule() -> Result:
    return CliRunner().invoke(main, ["store", "cors", "--set"])


@pytest.fixture
def client(s3_gateway: Gateway) -> Iterator[Any]:
    made = boto3.session.Session().client(
        "s3",
        endpoint_url=s3_gateway.endpoint_url,
        aws_access_key_id=s3_gateway.access_key,
        aws_secret_access_key=s3_gateway.secret_key,
        region_name="us-east-1",
    )
    with closing(made):
        yield made


@pytest.fixture
def names(s3_gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The bucket of files, which has a rule of somebody else's, and the rawstore door's own."""
    found = {name: s3_gateway.new_bucket() for name in ("files", "raw")}
    monkeypatch.setenv("CORS_ORIGINS", f"{PAGE},http://localhost:3000")
    monkeypatch.setenv("FILEMANAGER_S3_BUCKET", found["files"])
    monkeypatch.setenv("STORAGE_BUCKET_NAME", found["raw"])
    monkeypatch.setenv("FILEMANAGER_S3_ENDPOINT", s3_gateway.endpoint_url)
    monkeypatch.setenv("FILEMANAGER_S3_ACCESS_KEY", s3_gateway.access_key)
    monkeypatch.setenv("FILEMANAGER_S3_SECRET_KEY", s3_gateway.secret_key)
    return found


def test_the_rule_is_set_in_place_of_ours_and_beside_those_of_others(
    client: Any, names: Mapping[str, str]
) -> None:
    client.put_bucket_cors(Bucket=names["files"], CORSConfiguration={"CORSRules": [OTHER]})

    results = set_rule(), set_rule()

    assert [result.exit_code for result in results] == [0, 0]
    assert results[0].stdout.splitlines() == [f"{names['files']}: set", f"{names['raw']}: set"]
    files, raw = (client.get_bucket_cors(Bucket=name)["CORSRules"] for name in names.values())
    assert [rule["ID"] for rule in files] == ["filemanager", "other"]
    assert [rule["ID"] for rule in raw] == ["filemanager"]


def test_the_store_then_lets_pages_of_these_origins_put(
    s3_gateway: Gateway, names: Mapping[str, str]
) -> None:
    set_rule()

    allowed = asked_for_leave(s3_gateway, names["files"], PAGE)
    refused = asked_for_leave(s3_gateway, names["files"], "https://evil.example")

    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] == PAGE
    assert refused.status_code == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


def asked_for_leave(gateway: Gateway, bucket: str, origin: str) -> requests.Response:
    """As a browser asks before it puts what a grant gave leave for."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,if-none-match,x-amz-content-sha256",
    }
    url = f"{gateway.endpoint_url}/{bucket}/incoming/x"
    return requests.options(url, headers=headers, timeout=30)


def test_a_bucket_that_is_not_there_is_told(
    names: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILEMANAGER_S3_BUCKET", f"none-{names['files']}")

    result = set_rule()

    assert isinstance(result.exception, StoreUnavailable)
    assert result.stdout == ""
