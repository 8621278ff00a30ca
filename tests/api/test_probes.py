"""/livez, /readyz and /metrics: the service about itself."""

from flask.testing import FlaskClient

from builders import a_token
from filemanager.config import Settings
from people import Person

OPERATOR = {"Authorization": a_token("9", "upload:read_service_logs")}


def test_the_process_is_alive(client: FlaskClient) -> None:
    response = client.get("/livez")

    assert (response.status_code, response.get_json()["ready"]) == (200, True)


def test_readiness_is_open_and_its_parts_are_not(client: FlaskClient, alice: Person) -> None:
    anybody = client.get("/readyz")
    somebody = client.get("/readyz", headers={"Authorization": alice.token})
    operator = client.get("/readyz", headers=OPERATOR)

    assert (anybody.status_code, anybody.get_json()) == (200, {"ready": True, "parts": None})
    assert somebody.get_json()["parts"] is None
    assert operator.get_json()["parts"] == dict.fromkeys(
        ("database", "store", "scratch", "clock"), "ok"
    )


def test_a_store_that_is_gone_is_503(client: FlaskClient, settings: Settings) -> None:
    store = settings.data_dir / "store"
    store.rename(settings.data_dir / "elsewhere")

    anybody, operator = client.get("/readyz"), client.get("/readyz", headers=OPERATOR)

    assert (anybody.status_code, anybody.get_json()) == (503, {"ready": False, "parts": None})
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
