"""What docker-compose.yml says fits the service that it starts."""

import subprocess
import sys
from typing import Any

import boto3
import pytest
import yaml

from filemanager.settings import reading as config
from image.building import PROJECT
from servers.radosgw import Gateway


@pytest.fixture
def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return dict(read["services"])


def test_it_does_not_start_without_a_secret_for_tokens(services: dict[str, Any]) -> None:
    secret = services["filemanager"]["environment"]["JWT_SECRET"]

    assert secret.startswith("${JWT_SECRET:?")
    assert "openssl rand -base64 32" in secret


def test_it_refuses_a_secret_that_can_be_guessed(services: dict[str, Any]) -> None:
    assert services["filemanager"]["environment"]["FILEMANAGER_STRICT"] == "true"


def test_every_variable_is_one_that_the_service_reads(services: dict[str, Any]) -> None:
    known = {name for names, _, _ in config.described() for name in names.split(" or ")}

    assert set(services["filemanager"]["environment"]) <= known


def test_every_image_of_others_is_pinned_to_a_release(services: dict[str, Any]) -> None:
    images = [service["image"] for service in services.values() if "build" not in service]

    assert images
    assert all(image.rpartition(":")[2].lstrip("v")[0].isdigit() for image in images)


def test_only_the_service_itself_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    open_services = [name for name, service in services.items() if "ports" in service]

    assert open_services == ["filemanager"]


@pytest.mark.s3
def test_the_bucket_is_made_where_there_is_none_and_kept_where_there_is_one(
    services: dict[str, Any], s3_gateway: Gateway
) -> None:
    (script,) = services["bucket"]["command"]
    environment = {
        "FILEMANAGER_S3_BUCKET": "made-by-compose",
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
    }

    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=60)

    assert "made-by-compose" in _buckets(s3_gateway)


def _buckets(gateway: Gateway) -> list[str]:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=gateway.endpoint_url,
        aws_access_key_id=gateway.access_key,
        aws_secret_access_key=gateway.secret_key,
        region_name="us-east-1",
    )
    found = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    client.close()
    return found
