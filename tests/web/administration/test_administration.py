"""The page of whoever looks after the service."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import Flask

from builders.papers import SECRET, a_token
from filemanager.domain.ids import Digest
from filemanager.domain.jobs.job import Lane, Task
from filemanager.domain.ports import Database, Transaction
from filemanager.factory.parts import clock, parts_of
from filemanager.services.jobs import slot_of
from filemanager.settings.service import Settings
from filemanager.settings.web import WebSettings
from people.person import Person
from people.surfers import Surfer, a_surfer

HARM = "<script>alert(1)</script>"


@pytest.fixture
def database(app: Flask, settings: Settings) -> Database:
    del app
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


def test_all_that_failed_is_tried_again(operator: Surfer, failed: int, database: Database) -> None:
    assert failed

    retried = operator.send("/admin/retry-all")
    again = operator.send("/admin/retry-all")

    assert retried.headers["Location"] == "../admin?done=all-due"
    assert again.headers["Location"] == "../admin?done=gone"
    with database.read() as tx:
        assert list(tx.outbox.troubled(0, 10)) == []


def test_an_owner_is_blocked_and_let_in_again(operator: Surfer, database: Database) -> None:
    owner = f"arxiv:{HARM}"

    blocked = operator.send("/admin/block", {"owner": owner})
    with database.read() as tx:
        assert tx.blocked_owners.holds(owner)
    shown = operator.get("/admin?done=blocked").text
    unblocked = operator.send("/admin/unblock", {"owner": owner})
    again = operator.send("/admin/unblock", {"owner": owner})
    refused = [operator.send("/admin/block", {"owner": one}).status_code for one in ("*", "x", "")]

    assert blocked.headers["Location"] == "../admin?done=blocked"
    assert "arxiv:&lt;script&gt;" in shown
    assert HARM not in shown
    assert unblocked.headers["Location"] == "../admin?done=unblocked"
    assert again.headers["Location"] == "../admin?done=was-not-blocked"
    assert refused == [422, 422, 422]
    with database.read() as tx:
        assert not tx.blocked_owners.holds(owner)


def test_a_long_list_of_the_blocked_has_pages(operator: Surfer, database: Database) -> None:
    def work(tx: Transaction) -> None:
        for number in range(201):
            tx.blocked_owners.block(f"arxiv:{number:03}", clock())

    database.write(work)

    first = operator.get("/admin").text
    more = first.partition('rel="next" href="')[2].partition('"')[0]

    assert "arxiv:200" not in first
    assert "arxiv:200" in operator.get(f"/admin{more}").text


def test_periodic_work_is_begun_now(operator: Surfer, database: Database) -> None:
    slot = slot_of(clock(), timedelta(hours=1))
    assert database.write(lambda tx: tx.take_slot("sweep", slot))
    assert not database.write(lambda tx: tx.take_slot("sweep", slot))

    begun = operator.send("/admin/begin", {"work": "sweep"})
    refused = operator.send("/admin/begin", {"work": HARM})

    assert begun.headers["Location"] == "../admin?done=begins"
    assert refused.status_code == 422
    assert database.write(lambda tx: tx.take_slot("sweep", slot_of(clock(), timedelta(hours=1))))


def test_each_act_is_logged_with_who_did_it(operator: Surfer, failed: int) -> None:
    with structlog.testing.capture_logs() as events:
        operator.send("/admin/retry", {"task": str(failed)})
        operator.send("/admin/retry-all")
        operator.send("/admin/block", {"owner": "arxiv:7"})
        operator.send("/admin/unblock", {"owner": "arxiv:7"})
        operator.send("/admin/begin", {"work": "sweep"})

    told = [
        (one["act"], one["what"], one["by"]) for one in events if one["event"] == "administered"
    ]
    assert told == [
        ("retry", str(failed), "arxiv:9"),
        ("retry_all", "0", "arxiv:9"),
        ("block", "arxiv:7", "arxiv:9"),
        ("unblock", "arxiv:7", "arxiv:9"),
        ("begin", "sweep", "arxiv:9"),
    ]


def test_quotas_of_somebody_are_shown(operator: Surfer, api: Person) -> None:
    number = api.post("/v2/workspaces", json={}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.txt", bytes(8192))

    shown = operator.get("/admin?owner=arxiv:1").text

    row = shown.partition("owner:arxiv:1")[2].partition("</tr>")[0]
    assert [one for one in ("8.0 KiB", "100.0 GiB") if one not in row] == []
    assert "10000" in shown.partition("open:arxiv:1")[2].partition("</tr>")[0]
    assert HARM not in operator.get(f"/admin?owner={HARM}").text


def test_damaged_blobs_are_named(operator: Surfer, api: Person, database: Database) -> None:
    number = api.post("/v2/workspaces", json={}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.txt", b"text\n")
    digest = Digest(hashlib.sha256(b"text\n").hexdigest())
    database.write(lambda tx: tx.blobs.quarantine(digest, clock()))

    shown = operator.get("/admin").text

    assert "Damaged blobs (1)" in shown
    assert digest in shown


ACTS = {
    "retry": {},
    "retry-all": {},
    "block": {"owner": "arxiv:7"},
    "unblock": {"owner": "arxiv:6"},
    "begin": {"work": "sweep"},
}


@pytest.fixture
def untouched(failed: int, database: Database) -> Iterator[int]:
    """The number of a failed task; in the end all is as it was."""
    slot = slot_of(clock(), timedelta(hours=1)) + 1
    database.write(lambda tx: tx.blocked_owners.block("arxiv:6", clock()))
    database.write(lambda tx: tx.take_slot("sweep", slot))
    yield failed
    with database.read() as tx:
        assert [one.id for one in tx.outbox.troubled(0, 10)] == [failed]
        assert [owner for owner, _at in tx.blocked_owners.page("", 9)] == ["arxiv:6"]
        assert tx.slots()["sweep"] == slot


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_sees_or_changes_it(alice: Surfer, untouched: int, act: str) -> None:
    fields = {"task": str(untouched), **ACTS[act]}

    seen, sent = alice.get("/admin"), alice.send(f"/admin/{act}", fields)

    assert [(one.status_code, one.mimetype) for one in (seen, sent)] == [(403, "text/html")] * 2
    assert "Administration" not in alice.get("/w").text


@pytest.mark.parametrize("act", ACTS)
def test_forms_of_other_sites_and_without_the_secret_change_nothing(
    operator: Surfer, untouched: int, act: str
) -> None:
    fields = {"task": str(untouched), **ACTS[act]}
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

    assert operator.post(f"/admin/{act}", data=fields).status_code == 403
    assert operator.send(f"/admin/{act}", fields, headers=foreign).status_code == 403
