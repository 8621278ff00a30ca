"""What docker-compose.yml says fits the service that it starts."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from builders.papers import SECRET
from filemanager.settings import reading as config
from image.building import PROJECT
from servers.postgres import new_postgres_database
from servers.radosgw import Gateway
from servers.service import V2, served


@pytest.fixture
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text()))


@pytest.fixture
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


def test_secrets_are_files_that_the_script_makes_once(
    compose: dict[str, Any], services: dict[str, Any], tmp_path: Path
) -> None:
    made = [make_secrets(tmp_path / "secrets") for _ in range(2)]

    named = {Path(one["file"]).name for one in compose["secrets"].values()}
    used = {name for service in services.values() for name in service.get("secrets", ())}
    assert made[0] == made[1]
    assert set(made[0]) == named == used
    assert made[0]["database_password"].strip() in made[0]["database_url"]
    assert len(made[0]["jwt_secret"]) >= 32


def make_secrets(directory: Path) -> dict[str, str]:
    subprocess.run([PROJECT / "deploy" / "compose" / "make-secrets", directory], check=True)
    assert directory.stat().st_mode & 0o777 == 0o700
    # Containers read them as users of their own.
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir()} == {0o444}
    return {file.name: file.read_text() for file in directory.iterdir()}


def test_no_secret_is_in_an_environment(services: dict[str, Any]) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            is_secret = any(word in name for word in ("SECRET", "PASSWORD", "ACCESS_KEY", "_URL"))
            assert not is_secret or value.startswith("/run/secrets/"), name


def test_the_settings_that_it_sets_are_right(
    services: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_secrets(tmp_path / "secrets")
    for name, value in as_set(services["filemanager"]).items():
        monkeypatch.setenv(name, value.replace("/run/secrets", str(tmp_path / "secrets")))

    settings = config.load()

    assert settings.strict
    assert settings.s3_public_endpoint == "http://localhost:7070"


@pytest.mark.parametrize("name", ["filemanager", "bucket", "database", "store"])
def test_every_container_has_its_limits(services: dict[str, Any], name: str) -> None:
    service = services[name]

    assert {"memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    assert "no-new-privileges:true" in service["security_opt"]
    if "build" in service:
        assert service["read_only"]
        assert service["tmpfs"]


def test_it_refuses_a_secret_that_can_be_guessed(services: dict[str, Any]) -> None:
    assert services["filemanager"]["environment"]["FILEMANAGER_STRICT"] == "true"


def test_every_variable_is_one_that_the_service_reads(services: dict[str, Any]) -> None:
    names = {name for names, _, _ in config.described() for name in names.split(" or ")}
    known = names | {f"{name}_FILE" for name in names}

    assert set(services["filemanager"]["environment"]) <= known


def test_every_image_of_others_is_pinned_to_a_release(services: dict[str, Any]) -> None:
    images = [service["image"] for service in services.values() if "build" not in service]

    assert images
    assert all(image.rpartition(":")[2].lstrip("v")[0].isdigit() for image in images)


def test_the_database_cannot_be_reached_and_the_store_from_this_machine(
    services: dict[str, Any],
) -> None:
    open_services = {name: one["ports"] for name, one in services.items() if "ports" in one}

    assert set(open_services) == {"filemanager", "store"}
    assert open_services["store"] == ["${STORE_ADDRESS:-127.0.0.1:7070}:7070"]


@pytest.mark.e2e
@pytest.mark.s3
@pytest.mark.postgres
def test_the_service_that_it_starts_takes_a_file(
    services: dict[str, Any], tmp_path: Path, postgres_url: str, s3_gateway: Gateway
) -> None:
    """Its variables, its files of secrets and the command of the image, before real servers."""
    told = {
        "jwt_secret": SECRET,
        "database_url": new_postgres_database(postgres_url),
        "s3_access_key": s3_gateway.access_key,
        "s3_secret_key": s3_gateway.secret_key,
    }
    for name, text in told.items():
        (tmp_path / name).write_text(f"{text}\n")
    environments = {
        name: {
            variable: value.replace("/run/secrets", str(tmp_path))
            for variable, value in as_set(services[name]).items()
        }
        | {"FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url}
        for name in ("bucket", "filemanager")
    }
    data = bytes(range(256)) * (8 << 10)

    make = [*entry_point(), *services["bucket"]["command"]]
    subprocess.run(make, env=environments["bucket"], check=True, stdout=subprocess.DEVNULL)
    serve = ("env", "-u", "JWT_SECRET", *entry_point(), "serve")
    with served(tmp_path / "data", serve, **environments["filemanager"]) as running:
        workspace = running.new_workspace()
        put = running.put(workspace, "anc/data.bin", data)
        got = running.get(f"{V2}/{workspace}/files/anc/data.bin")

    assert (put.status_code, got.content == data) == (201, True)
    assert not list((tmp_path / "data").glob("*.db"))
    assert not list((tmp_path / "data").glob("store/**/*"))


def as_set(service: dict[str, Any]) -> dict[str, str]:
    """The variables of a container, where nobody has set those that they are made of."""
    return {
        name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
        for name, value in service["environment"].items()
    }


def entry_point() -> list[str]:
    """Of the image, by the Python that runs this."""
    (words,) = re.findall(r"^ENTRYPOINT (.*)$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    program, *arguments = json.loads(words)
    assert program == "python"
    return [sys.executable, *arguments]


@pytest.mark.s3
def test_the_bucket_is_made_where_there_is_none_and_kept_where_there_is_one(
    services: dict[str, Any], s3_gateway: Gateway
) -> None:
    environment = {
        "FILEMANAGER_S3_BUCKET": "made-by-compose",
        "FILEMANAGER_S3_ENDPOINT": s3_gateway.endpoint_url,
        "FILEMANAGER_S3_ACCESS_KEY": s3_gateway.access_key,
        "FILEMANAGER_S3_SECRET_KEY": s3_gateway.secret_key,
    }
    command = [sys.executable, "-m", "filemanager", *services["bucket"]["command"]]

    said = [
        subprocess.run(command, env=environment, check=True, timeout=60, stdout=subprocess.PIPE)
        for _ in range(2)
    ]

    assert [one.stdout for one in said] == [
        b"made-by-compose: made\n",
        b"made-by-compose: is there\n",
    ]
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
