"""Buckets of Ceph connected over HTTP: what is told of them, and what never is."""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from people.source_keepers import ALICE, API, SourceKeeper
from servers.radosgw import Gateway
from worlds.lab_sources import PREFIX, GatewayLab, gateway_lab

pytestmark = pytest.mark.s3


@pytest.fixture
def lab(s3_gateway: Gateway) -> GatewayLab:
    lab = gateway_lab(s3_gateway, is_versioned=True)
    lab.put("a.tif", b"old")
    lab.put("sub dir/b \u00fc.tif")
    lab.put("a.tif", b"newer")
    return lab


@pytest.fixture
def hosts(s3_gateway: Gateway) -> str:
    return urlsplit(s3_gateway.endpoint_url).netloc


@pytest.fixture
def wish(lab: GatewayLab) -> dict[str, Any]:
    return {
        "name": "lab",
        "kind": "s3",
        "bucket": lab.place.bucket,
        "prefix": PREFIX,
        "endpoint": lab.place.endpoint,
        "credentials": {
            "access_key": lab.gateway.access_key,
            "secret_key": lab.gateway.secret_key,
        },
        "readers": [ALICE],
    }


@pytest.fixture
def made(admin: SourceKeeper, wish: dict[str, Any]) -> dict[str, Any]:
    response = admin.call("POST", json=wish)
    assert response.status_code == 201, response.text
    assert urljoin(f"{API}", response.headers["Location"]) == f"{API}/lab"
    return dict(response.get_json())


def test_it_works(made: dict[str, Any], reader: SourceKeeper, wish: dict[str, Any]) -> None:
    wanted = {
        **wish,
        "public_endpoint": wish["endpoint"],
        "region": "us-east-1",
        "probe": {"versioning": True, "conditional_get": True, "signed_head": True, "cors": False},
        "has_credentials": True,
    }
    del wanted["credentials"]

    assert made == reader.json("/lab") == wanted


@pytest.mark.usefixtures("made")
def test_the_latest_versions_are_listed(reader: SourceKeeper, lab: GatewayLab) -> None:
    found = reader.json("/lab/objects")
    below = reader.json("/lab/objects", prefix="sub dir/")

    latest = lab.objects.find("a.tif")
    assert [(one["key"], one["size"], one["version"], one["etag"]) for one in found["objects"]] == [
        ("a.tif", 5, latest.version, latest.etag)
    ]
    assert found["prefixes"] == ["sub dir/"]
    assert [one["key"] for one in below["objects"]] == ["sub dir/b \u00fc.tif"]


@pytest.mark.usefixtures("made")
def test_credentials_are_in_no_answer_no_log_and_not_in_the_database(
    admin: SourceKeeper, lab: GatewayLab, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = (lab.gateway.access_key, lab.gateway.secret_key)
    with capture_logs() as logs, caplog.at_level(logging.INFO):
        wrong = {"credentials": {"access_key": "AKWRONG", "secret_key": "SKWRONG"}}
        answers = [
            admin.get().text,
            admin.get("/lab").text,
            admin.call("PATCH", "/lab", json={"readers": ["*"]}).text,
            admin.call("PATCH", "/lab", json=wrong).text,
            admin.call("PATCH", "/lab", json={"credentials": {"access_key": "AKWRONG"}}).text,
        ]

    told = "\n".join([*answers, json.dumps(logs, default=str), caplog.text])
    assert not any(secret in told for secret in (*secrets, "AKWRONG", "SKWRONG"))
    engine = create_engine(f"sqlite:///{tmp_path / 'filemanager.db'}")
    with engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM sources")).all())
    engine.dispose()
    assert not any(secret in rows for secret in secrets)
    assert lab.place.bucket in rows


@pytest.mark.usefixtures("made")
def test_a_name_is_taken_once(admin: SourceKeeper, wish: dict[str, Any]) -> None:
    again = admin.call("POST", json=wish)

    assert (again.status_code, again.get_json()["code"]) == (409, "source_exists")


@pytest.mark.usefixtures("made")
def test_whoever_is_no_reader_any_more_sees_nothing(
    admin: SourceKeeper, reader: SourceKeeper, stranger: SourceKeeper
) -> None:
    assert reader.get("/lab/objects").status_code == 200

    changed = admin.call("PATCH", "/lab", json={"readers": ["arxiv:2"]})

    assert changed.get_json()["readers"] == ["arxiv:2"]
    assert reader.get("/lab/objects").status_code == 404
    assert stranger.get("/lab/objects").status_code == 200


@pytest.mark.usefixtures("made")
def test_other_readers_are_not_told_to_a_reader(admin: SourceKeeper, reader: SourceKeeper) -> None:
    admin.call("PATCH", "/lab", json={"readers": [ALICE, "arxiv:2", "*"]})

    assert reader.json("/lab")["readers"] == ["*", ALICE]
    assert admin.json("/lab")["readers"] == ["*", ALICE, "arxiv:2"]


@pytest.mark.usefixtures("made")
def test_a_removed_source_is_gone_and_its_name_free(
    admin: SourceKeeper, reader: SourceKeeper, wish: dict[str, Any]
) -> None:
    assert admin.call("DELETE", "/lab").status_code == 204

    assert reader.get("/lab/objects").status_code == 404
    assert admin.call("DELETE", "/lab").status_code == 404
    assert admin.call("POST", json=wish).status_code == 201


def test_wrong_credentials_are_found_out_before_anything_is_kept(
    admin: SourceKeeper, wish: dict[str, Any]
) -> None:
    wrong = {**wish, "credentials": {"access_key": "AKTEST", "secret_key": "wrong"}}

    made = admin.call("POST", json=wrong)

    assert (made.status_code, made.get_json()["code"]) == (503, "source_unavailable")
    assert admin.json() == {"sources": []}
