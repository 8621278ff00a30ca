"""Who may fill repositories: names with passwords, rules for them, tokens."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from builders.rpms import an_rpm
from people.pushers import HASH, PASSWORD, Pusher, basic, door_settings

EL9, RPM = "live/2.8/el/9", "tiny-1.0-1.x86_64.rpm"
CHALLENGE = 'Basic realm="Authentication Required"'
DENIED = {"message": "Access denied"}


def coded(text: bytes) -> str:
    return f"Basic {base64.b64encode(text).decode()}"


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        basic(password="wrong"),
        basic("nobody"),
        basic("RWS"),
        basic("rws", HASH),
        coded(b"rws"),
        coded(b"\xff:\xff"),
        "Basic !",
        "Basic ",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_without_a_password_that_is_right_nothing_is_done(
    client: FlaskClient, authorization: str | None, method: str
) -> None:
    somebody = Pusher(client, authorization)

    for path in (EL9, "dead/2.8/el/9"):
        response = somebody.call(method, path)
        assert (response.status_code, response.text) == (401, "Unauthorized Access")
        assert response.mimetype == "text/html"
        assert response.headers["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_a_password_that_is_right_opens(client: FlaskClient, scheme: str) -> None:
    authorization = f"{scheme} {basic().partition(' ')[2]}"

    assert Pusher(client, authorization).rebuild(EL9).status_code == 200


@pytest.mark.parametrize("special", [door_settings(rws_credentials={"user": "password"})])
def test_a_password_may_stand_in_the_setting_itself(client: FlaskClient) -> None:
    right, wrong = basic("user", "password"), basic("user", "Password")

    assert Pusher(client, right).rebuild(EL9).status_code == 200
    assert Pusher(client, wrong).rebuild(EL9).status_code == 401


@pytest.mark.parametrize("special", [door_settings(rws_credentials=None)])
def test_where_nobody_has_a_password_none_is_right(client: FlaskClient) -> None:
    assert Pusher(client, basic()).rebuild(EL9).status_code == 401


RULES = {"rws": {"publish": ["live/2.8/", "release/modules/el/9"]}}


@pytest.mark.parametrize("special", [door_settings(repositories_users=RULES)])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("live/2.8/el/9", 200),
        ("live/2.8/ubuntu/focal", 200),
        ("release/modules/el/9", 200),
        ("tools/el/9", 200),
        ("release/modules/el/8", 403),
        ("tools/el/both", 403),
        ("live/enabled/el/9", 403),
        ("live/2.8/el/10", 400),
        ("live/2.80/el/9", 403),
        ("live", 403),
    ],
)
def test_a_user_with_a_rule_publishes_below_its_paths(rws: Pusher, path: str, status: int) -> None:
    """Of what an anchor stands for, all must be there."""
    response = rws.rebuild(path)

    assert response.status_code == status
    if status == 403:
        assert response.get_json() == DENIED


@pytest.mark.parametrize("special", [door_settings(repositories_users={"rws": {"admin": True}})])
def test_an_admin_among_the_users_does_all(rws: Pusher) -> None:
    assert rws.rebuild(EL9).status_code == 200
    assert rws.push(f"{EL9}?replace=true", {RPM: an_rpm()}).status_code == 201
    assert rws.call("DELETE", EL9).status_code == 501


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (["repository:publish"], 200),
        (["repository:publish:*"], 200),
        (["repository:publish:live"], 200),
        (["repository:publish:live/2.8/el/9"], 200),
        (["repository:admin"], 200),
        (["repository:publish:live/2"], 403),
        (["repository:publish:release"], 403),
        (["repository:read"], 403),
        (["upload:read", "bucket:write"], 403),
    ],
)
def test_a_token_opens_what_its_scopes_say(
    client: FlaskClient, scopes: list[str], status: int
) -> None:
    response = Pusher(client, a_token("5", *scopes)).rebuild(EL9)

    assert response.status_code == status
    if status == 403:
        challenge = 'Bearer error="insufficient_scope", scope="repository:publish"'
        assert response.headers["WWW-Authenticate"] == challenge
        assert response.get_json() == DENIED


@pytest.mark.parametrize("token", ["nonsense", "Bearer x.y.z"])
def test_a_token_that_is_no_good_is_told_so(client: FlaskClient, token: str) -> None:
    response = Pusher(client, token).rebuild(EL9)

    assert response.status_code == 401
    assert response.get_json() == {"message": "Invalid auth token"}
    assert "invalid_token" in response.headers["WWW-Authenticate"]


def test_ten_wrong_passwords_of_an_address_are_enough_for_a_minute(client: FlaskClient) -> None:
    wrong = Pusher(client, basic(password="wrong"))
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.9"}}

    found = [wrong.rebuild(EL9).status_code for _ in range(11)]
    last = wrong.rebuild(EL9)

    assert found == [401] * 10 + [429]
    assert "10 wrong passwords" in last.get_json()["message"]
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert wrong.call("POST", EL9, **elsewhere).status_code == 401


def test_who_was_right_before_is_not_kept_out_by_others(client: FlaskClient, rws: Pusher) -> None:
    wrong = Pusher(client, basic(password="wrong"))
    rws.rebuild(EL9)

    for _ in range(11):
        wrong.rebuild(EL9)

    assert rws.rebuild(EL9).status_code == 200
    assert Pusher(client, basic("other")).rebuild(EL9).status_code == 429


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_a_page_of_another_site_fills_nothing_by_a_password_that_a_browser_knows(
    client: FlaskClient, rws: Pusher, headers: dict[str, str]
) -> None:
    token = Pusher(client, a_token("5", "repository:publish"))

    refused = rws.call("POST", EL9, headers=headers)

    assert refused.status_code == 403
    assert "another site" in refused.get_json()["message"]
    assert token.call("POST", EL9, headers=headers).status_code == 200


def test_what_is_public_is_read_with_any_password(
    client: FlaskClient, rws: Pusher, publish: Callable[[], None]
) -> None:
    """Package managers send what they know to every address of a host."""
    rws.push(EL9, {RPM: an_rpm()})
    publish()

    for authorization in (basic(password="wrong"), "nonsense"):
        somebody = Pusher(client, authorization)
        assert somebody.get(f"{EL9}/x86_64/repodata/repomd.xml").status_code == 200
        assert somebody.get(f"{EL9}/x86_64/").status_code == 200
        assert somebody.get(f"{EL9}/x86_64/nothing").status_code == 404
        assert somebody.get(f"mirrorlist/{EL9}/x86_64").status_code == 200


@pytest.mark.parametrize("path", ["dead/2.8/el/9", "live/2.8/el/10/x86_64", "", "live", "live/2.8"])
def test_elsewhere_a_wrong_password_is_401_whatever_is_there(
    client: FlaskClient, path: str
) -> None:
    response = Pusher(client, basic(password="wrong")).get(path)

    assert (response.status_code, response.text) == (401, "Unauthorized Access")


def test_a_password_is_nowhere_in_an_answer(client: FlaskClient) -> None:
    somebody = Pusher(client, basic("rws", "wrong secret"))

    answers: list[Any] = [somebody.rebuild(EL9), somebody.get("dead")]

    for one in answers:
        assert "secret" not in one.text + str(one.headers)
        assert PASSWORD not in one.text
