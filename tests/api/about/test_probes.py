"""/livez, /readyz and /metrics: the service about itself."""

from contextlib import closing
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from builders.papers import a_token
from filemanager.api.about.version import VERSION
from filemanager.db.database import SqlDatabase
from filemanager.domain.ids import Digest
from filemanager.domain.jobs.job import MAX_ATTEMPTS, Lane, Task, Trying
from filemanager.domain.ports import Transaction
from filemanager.factory import application as factory
from filemanager.factory.parts import clock
from filemanager.settings.service import Settings
from people.person import Person

OPERATOR = {"Authorization": a_token("9", "upload:read_service_logs")}


def test_the_process_is_alive(client: FlaskClient) -> None:
    response = client.get("/livez")

    assert (response.status_code, response.get_json()["ready"]) == (200, True)


def test_readiness_is_open_and_its_parts_are_not(client: FlaskClient, alice: Person) -> None:
    anybody = client.get("/readyz")
    somebody = client.get("/readyz", headers={"Authorization": alice.token})
    operator = client.get("/readyz", headers=OPERATOR)

    assert (anybody.status_code, anybody.get_json()) == (
        200,
        {"ready": True, "parts": None, "load": None},
    )
    assert somebody.get_json()["parts"] is None
    assert operator.get_json()["parts"] == dict.fromkeys(
        ("database", "writers", "store", "queue", "scratch", "clock"), "ok"
    )


def test_operators_are_told_what_waits(
    client: FlaskClient, settings: Settings, alice: Person
) -> None:
    now = clock()
    with closing(SqlDatabase(settings.database)) as database:
        add_tasks(database, now)
    part = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Concat": "partial"}
    begun = client.post("/uploads/tus", headers={**part, "Authorization": alice.token})

    load = client.get("/readyz", headers=OPERATOR).get_json()["load"]
    metrics = client.get("/metrics", headers=OPERATOR).text.splitlines()

    assert begun.status_code == 201
    assert load.pop("oldest_due_seconds") >= 90
    assert load == {"tasks_due": 2, "tasks_failed": 1, "tasks_stuck": 1, "open_uploads": 1}
    assert metrics.count("filemanager_tasks_due 2.0") == 1
    assert metrics.count("filemanager_tasks_failed 1.0") == 1
    assert metrics.count("filemanager_tasks_stuck 1.0") == 1
    assert metrics.count("filemanager_uploads_open 1.0") == 1


def add_tasks(database: SqlDatabase, now: datetime) -> None:
    """Two that are due, the one for 90 seconds; one that is not yet due, one that failed, and one
    that fails again and again.
    """

    def work(tx: Transaction) -> None:
        tx.outbox.add(Task(kind="stuck", patience=Trying.UNTIL_DONE), now - timedelta(days=1))
        for count in range(MAX_ATTEMPTS):
            at = now if count < MAX_ATTEMPTS - 1 else now + timedelta(hours=1)
            assert tx.outbox.claim(Lane.SHORT, f"lost {count}", now, at)
        tx.outbox.add(Task(kind="failing"), now - timedelta(days=1))
        claimed = tx.outbox.claim(Lane.SHORT, "a", now, now)
        assert claimed is not None
        assert tx.outbox.give_up(claimed, "why", now)
        for kind, seconds in (("first", -90), ("second", -10), ("later", 3600)):
            tx.outbox.add(Task(kind=kind), now + timedelta(seconds=seconds))

    database.write(work)


def test_without_a_database_the_metrics_are_told_and_nobody_is_ready(
    client: FlaskClient, settings: Settings
) -> None:
    (settings.data_dir / "filemanager.db").unlink()

    operator = client.get("/readyz", headers=OPERATOR)
    metrics = client.get("/metrics", headers=OPERATOR)

    told = operator.get_json()
    assert (operator.status_code, told["load"], told["parts"]["queue"]) == (
        503,
        None,
        "database_unavailable",
    )
    assert metrics.status_code == 200
    assert "filemanager_requests_total" in metrics.text
    assert "filemanager_tasks_due" not in metrics.text


def test_a_store_that_is_gone_is_503(client: FlaskClient, settings: Settings) -> None:
    store = settings.data_dir / "store"
    store.rename(settings.data_dir / "elsewhere")

    anybody, operator = client.get("/readyz"), client.get("/readyz", headers=OPERATOR)

    assert (anybody.status_code, anybody.get_json()) == (
        503,
        {"ready": False, "parts": None, "load": None},
    )
    assert operator.get_json()["parts"]["store"] == "store_unavailable"
    assert client.get("/livez").status_code == 200


def test_a_bad_token_is_401_even_where_none_is_needed(client: FlaskClient) -> None:
    for path in ("/livez", "/readyz", "/docs", "/openapi.json"):
        assert client.get(path, headers={"Authorization": "bad"}).status_code == 401


def test_the_metrics_need_their_scope(client: FlaskClient, alice: Person) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": alice.token}).status_code == 403


def test_the_metrics_count_by_route_and_tell_no_path(client: FlaskClient, alice: Person) -> None:
    alice.get("/v2/workspaces/123456/files/secret.txt")

    response = client.get("/metrics", headers=OPERATOR)

    route = "/filemanager/api/v2/workspaces/<id:workspace_id>/files/<public_path:path>"
    line = f'filemanager_requests_total{{method="GET",route="{route}",status="404"}} 1.0'
    assert response.mimetype == "text/plain"
    assert line in response.text
    assert "secret.txt" not in response.text


def test_methods_that_only_a_client_knows_make_one_series(client: FlaskClient) -> None:
    for method in ("BREW", "WHEN"):
        client.open("/nothing", method=method)

    response = client.get("/metrics", headers=OPERATOR)

    line = 'filemanager_requests_total{method="other",route="unknown",status="404"} 2.0'
    assert line in response.text
    assert "BREW" not in response.text


METRICS_TOKEN = "for-prometheus-alone"


@pytest.fixture
def scraped(settings: Settings) -> FlaskClient:
    settings = settings.model_copy(update={"metrics_token": SecretStr(METRICS_TOKEN)})
    return factory.create_app(settings).test_client()


@pytest.mark.parametrize("form", ["{}", "Bearer {}"], ids=["bare", "bearer"])
def test_the_token_of_the_settings_opens_the_metrics_and_nothing_else(
    scraped: FlaskClient, form: str
) -> None:
    sent = {"Authorization": form.format(METRICS_TOKEN)}

    assert scraped.get("/metrics", headers=sent).status_code == 200
    assert scraped.get("/metrics", headers=OPERATOR).status_code == 200
    assert scraped.get("/metrics", headers={"Authorization": "another"}).status_code == 401
    assert scraped.get("/filemanager/api/v2/workspaces", headers=sent).status_code == 401


def test_without_that_setting_no_empty_token_opens_them(client: FlaskClient) -> None:
    for sent in ("", "Bearer ", "None"):
        assert client.get("/metrics", headers={"Authorization": sent}).status_code == 401


def figures(client: FlaskClient) -> dict[str, float]:
    """The metrics by name and labels."""
    lines = client.get("/metrics", headers=OPERATOR).text.splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
    }


def test_the_metrics_tell_what_runs_and_how_it_is(client: FlaskClient) -> None:
    found = figures(client)

    (build,) = [name for name in found if name.startswith("filemanager_build_info")]
    assert f'version="{VERSION}"' in build
    assert found["filemanager_processes"] == 1
    assert found["filemanager_process_cpu_seconds_total"] > 0
    assert found["filemanager_process_resident_memory_bytes"] > 1 << 20
    assert found["filemanager_process_open_fds"] > 3
    assert found["filemanager_scratch_claimed_bytes"] == 0
    assert (
        0 < found["filemanager_scratch_free_bytes"] <= found["filemanager_scratch_capacity_bytes"]
    )
    assert found["filemanager_database_connections_in_use"] == 0
    assert found['filemanager_jobs{state="waiting"}'] == 0
    assert found["filemanager_blobs_quarantined"] == 0


def test_the_metrics_count_bytes_and_findings(client: FlaskClient, alice: Person) -> None:
    workspace = alice.post("/v2/workspaces").get_json()["id"]
    path = f"/v2/workspaces/{workspace}/files"

    sent = b"\\documentclass{article}\n" * 100
    alice.put(f"{path}/a b.tex", sent)
    alice.put(f"{path}/.hidden", b"junk")
    got = alice.get(f"{path}/a_b.tex").data
    found = figures(client)

    assert got == sent
    assert found["filemanager_received_bytes_total"] >= len(sent) + 4
    assert found["filemanager_sent_bytes_total"] >= len(sent)
    assert found['filemanager_findings_total{severity="warn"}'] >= 1
    assert found['filemanager_findings_total{severity="fatal"}'] == 0


def test_the_metrics_tell_when_periodic_work_was_begun(
    client: FlaskClient, settings: Settings
) -> None:
    with closing(SqlDatabase(settings.database)) as database:
        database.write(lambda tx: tx.take_slot("sweep", 480_000))

    name = 'filemanager_periodic_begun_timestamp_seconds{name="sweep"}'
    assert figures(client)[name] == 480_000 * 3600


def test_damaged_blobs_are_counted(client: FlaskClient, settings: Settings, alice: Person) -> None:
    workspace = alice.post("/v2/workspaces").get_json()["id"]
    alice.put(f"/v2/workspaces/{workspace}/files/a.tex", b"text\n")
    with closing(SqlDatabase(settings.database)) as database:
        database.write(
            lambda tx: tx.blobs.quarantine(Digest(sha256(b"text\n").hexdigest()), clock())
        )

    assert figures(client)["filemanager_blobs_quarantined"] == 1
