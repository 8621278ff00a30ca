"""Sources of packages by pages: tried, changed, forgotten; connected where that is allowed."""

from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from pydantic import SecretStr

from builders.papers import a_token
from filemanager.domain.ports import Database
from filemanager.domain.sources.source import DirectoryPlace
from filemanager.factory.parts import clock, parts_of
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.service import Settings
from people.surfers import Surfer, a_surfer

HARM = "<script>alert(1)</script>"
KEYS = "first:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
BUCKET = {
    "name": "bucket",
    "bucket": "runs",
    "endpoint": "https://store.example",
    "region": "us-east-1",
}


@pytest.fixture
def special(tmp_path: Path) -> dict[str, Any]:
    connected = ConnectedSourcesSettings(
        source_directories=str(tmp_path), source_keys=SecretStr(KEYS)
    )
    return {"connected_sources": connected}


@pytest.fixture
def database(app: Flask, settings: Settings) -> Database:
    """With a source that nobody declares, whose readers mean harm."""
    del app
    database = parts_of(settings).database
    (settings.data_dir / "lab").mkdir()
    place = DirectoryPlace(path=str(settings.data_dir / "lab"))
    database.write(lambda tx: tx.sources.add("lab", place, [f"arxiv:{HARM}"], clock()))
    return database


@pytest.fixture
def keeper(app: Flask, database: Database) -> Surfer:
    assert database
    made = a_surfer(app)
    made.sign_in(a_token("9", "package:admin", username="olga"))
    return made


def readers(database: Database) -> list[str]:
    with database.read() as tx:
        found = tx.sources.find("lab")
    assert found is not None
    return sorted(found.readers)


def test_they_are_shown_with_where_they_lie_and_who_reads_them(
    keeper: Surfer, tmp_path: Path
) -> None:
    shown = keeper.get("/admin/sources").text

    assert [one for one in (str(tmp_path / "lab"), "nothing known") if one not in shown] == []
    assert "arxiv:&lt;script&gt;" in shown
    assert HARM not in shown


def test_one_is_tried_and_who_reads_it_is_changed(keeper: Surfer, database: Database) -> None:
    tried = keeper.send("/admin/sources/check", {"name": "lab"})
    changed = keeper.send("/admin/sources/readers", {"name": "lab", "readers": "arxiv:1\r\n*\r\n"})
    refused = keeper.send("/admin/sources/readers", {"name": "lab", "readers": HARM})
    unknown = keeper.send("/admin/sources/check", {"name": "none"})

    assert tried.headers["Location"].endswith("?done=checked")
    assert changed.headers["Location"].endswith("?done=readers")
    assert (refused.status_code, unknown.status_code) == (422, 404)
    assert HARM not in refused.text
    assert readers(database) == ["*", "arxiv:1"]


def test_one_is_forgotten_once_that_is_meant(keeper: Surfer, database: Database) -> None:
    hasty = keeper.send("/admin/sources/remove", {"name": "lab"})
    assert readers(database)

    removed = keeper.send("/admin/sources/remove", {"name": "lab", "meant": "true"})

    assert (hasty.status_code, removed.status_code) == (422, 303)
    with database.read() as tx:
        assert tx.sources.find("lab") is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 422),
        ({"name": "A b"}, 422),
        ({"endpoint": "http://169.254.169.254"}, 422),
        ({"access_key": "only-half"}, 422),
    ],
    ids=["host", "name", "metadata", "half"],
)
def test_a_bucket_of_a_host_that_is_not_listed_is_not_asked(
    keeper: Surfer, changes: dict[str, str], status: int
) -> None:
    secrets = {"access_key": "whose-key", "secret_key": "whose-secret"}

    refused = keeper.send("/admin/sources", {**BUCKET, **secrets, "secret_key": "", **changes})
    other = keeper.send("/admin/sources", {**BUCKET, **secrets, **changes})

    assert {refused.status_code, other.status_code} <= {status}
    assert "whose-secret" not in other.text
    assert "whose-key" not in other.text
    assert keeper.get("/admin/sources").text.count("<li>\n<h2>") == 1


def test_credentials_are_encrypted_with_the_newest_key(keeper: Surfer) -> None:
    assert keeper.send("/admin/sources/rekey").headers["Location"].endswith("?done=rekeyed")


def test_each_act_is_logged_without_a_secret(keeper: Surfer) -> None:
    with structlog.testing.capture_logs() as events:
        keeper.send("/admin/sources/check", {"name": "lab"})
        keeper.send("/admin/sources/remove", {"name": "lab", "meant": "true"})

    told = [(one["act"], one["what"]) for one in events if one["event"] == "administered"]
    assert told == [("source_check", "lab"), ("source_remove", "lab")]


ACTS = ("", "/readers", "/credentials", "/check", "/remove", "/rekey")


@pytest.mark.parametrize("act", ACTS, ids=[one.strip("/") or "connect" for one in ACTS])
def test_nobody_else_sees_or_changes_them(app: Flask, database: Database, act: str) -> None:
    """Whoever looks after uploads does not look after sources."""
    author = a_surfer(app)
    author.sign_in(a_token("1", "package:read", "package:write"))
    fields = {"name": "lab", "meant": "true"}

    sent = author.send(f"/admin/sources{act}", fields)

    assert (author.get("/admin/sources").status_code, sent.status_code) == (403, 403)
    assert readers(database) == [f"arxiv:{HARM}"]


@pytest.mark.parametrize("act", ACTS, ids=[one.strip("/") or "connect" for one in ACTS])
def test_forms_of_other_sites_and_without_the_secret_change_nothing(
    keeper: Surfer, database: Database, act: str
) -> None:
    fields = {"name": "lab", "meant": "true"}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert keeper.post(f"/admin/sources{act}", data=fields).status_code == 403
    assert keeper.send(f"/admin/sources{act}", fields, headers=foreign).status_code == 403
    assert readers(database) == [f"arxiv:{HARM}"]
