"""The page of whoever looks after the service."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from builders.papers import SECRET, a_token
from filemanager.domain.ids import Digest
from filemanager.domain.jobs.job import Lane, Task
from filemanager.domain.ports import Database, Transaction
from filemanager.factory.parts import clock, parts_of
from filemanager.settings.service import Settings
from filemanager.settings.web import WebSettings
from people.person import Person
from people.surfers import Surfer, a_surfer

HARM = "<script>alert(1)</script>"


@pytest.fixture
def database(app: Flask, tmp_path: Path, special: dict[str, Any]) -> Database:
    del app
    settings = Settings(data_dir=tmp_path, jwt_secret=SECRET, jobs=False, **special)
    return parts_of(settings).database


@pytest.fixture
def special() -> dict[str, Any]:
    return {"pages": WebSettings(password="open sesame")}


@pytest.fixture
def operator(app: Flask) -> Surfer:
    made = a_surfer(app)
    made.sign_in(a_token("9", "upload:admin", username="olga"))
    return made


@pytest.fixture
def failed(database: Database) -> int:
    """A task that was given up; what it says means harm."""

    def fail(tx: Transaction) -> None:
        tx.outbox.add(Task(kind="publish", key=HARM), clock())
        claimed = tx.outbox.claim(Lane.SHORT, "a", clock(), clock())
        assert claimed is not None
        tx.outbox.give_up(claimed, f"store_full: {HARM}", clock())

    database.write(fail)
    with database.read() as tx:
        (task,) = tx.outbox.troubled(0, 10)
    return task.id


def test_it_shows_how_the_service_stands(operator: Surfer) -> None:
    shown = operator.get("/admin").text

    told = (
        "database",
        "writers",
        "store",
        "Tasks failed",
        "sweep",
        "prune_pointers",
        "Damaged blobs (0)",
    )
    assert [one for one in told if one not in shown] == []


def test_settings_are_shown_without_secrets(operator: Surfer) -> None:
    shown = operator.get("/admin").text

    assert "FILEMANAGER_DATA_DIR" in shown
    assert "FILEMANAGER_PASSWORD" in shown
    assert "open sesame" not in shown
    assert SECRET not in shown


def test_a_failed_task_is_tried_again(operator: Surfer, failed: int, database: Database) -> None:
    before = operator.get("/admin").text

    retried = operator.send("/admin/retry", {"task": str(failed)})
    again = operator.send("/admin/retry", {"task": str(failed)})

    assert "store_full" in before
    assert HARM not in before
    assert retried.headers["Location"] == "../admin?done=due"
    assert again.headers["Location"] == "../admin?done=gone"
    with database.read() as tx:
        assert list(tx.outbox.troubled(0, 10)) == []
    assert operator.send("/admin/retry", {"task": "x"}).status_code == 422


def test_quotas_of_somebody_are_shown(operator: Surfer, api: Person) -> None:
    number = api.post("/v2/workspaces", json={}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.txt", bytes(8192))

    shown = operator.get("/admin?owner=arxiv:1").text

    assert "owner:arxiv:1" in shown
    assert "8.0 KiB" in shown
    assert HARM not in operator.get(f"/admin?owner={HARM}").text


def test_damaged_blobs_are_named(operator: Surfer, api: Person, database: Database) -> None:
    number = api.post("/v2/workspaces", json={}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.txt", b"text\n")
    digest = Digest(hashlib.sha256(b"text\n").hexdigest())
    database.write(lambda tx: tx.blobs.quarantine(digest, clock()))

    shown = operator.get("/admin").text

    assert "Damaged blobs (1)" in shown
    assert digest in shown


def test_nobody_else_sees_or_changes_it(alice: Surfer, failed: int, database: Database) -> None:
    seen, sent = alice.get("/admin"), alice.send("/admin/retry", {"task": str(failed)})

    assert [(one.status_code, one.mimetype) for one in (seen, sent)] == [(403, "text/html")] * 2
    assert "Administration" not in alice.get("/w").text
    with database.read() as tx:
        assert [one.id for one in tx.outbox.troubled(0, 10)] == [failed]


def test_forms_of_other_sites_and_without_the_secret_change_nothing(
    operator: Surfer, failed: int, database: Database
) -> None:
    data = {"task": str(failed)}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert operator.post("/admin/retry", data=data).status_code == 403
    assert operator.send("/admin/retry", data, headers=foreign).status_code == 403
    with database.read() as tx:
        assert [one.id for one in tx.outbox.troubled(0, 10)] == [failed]
