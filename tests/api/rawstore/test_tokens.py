"""Which tokens open the rawstore door, and where their key comes from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from flask.testing import FlaskClient

from builders.papers import a_token
from filemanager.api.rawstore.tokens import public_key
from filemanager.settings.rawstore import RawstoreSettings
from people.answers import answer
from people.depositors import (
    SIGNING,
    Depositor,
    claims,
    datahub_token,
    door_settings,
    worded,
)
from worlds.calls import calls

OTHER = rsa.generate_private_key(65537, 2048)
OTHER_PEM = OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
BAD = (401, worded("Invalid auth token"))
PAST = int((datetime.now(UTC) - timedelta(minutes=1)).timestamp())


def info(client: FlaskClient, token: str, path: str = "/rawstore/info") -> tuple[int, Any]:
    return answer(client.get(path, headers={"Auth-Token": token}))


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"Auth-Token": datahub_token()}},
        {"headers": {"Authorization": datahub_token()}},
        {"headers": {"Authorization": f"Bearer {datahub_token()}"}},
        {"query_string": {"jwt": datahub_token()}},
        {"headers": {"Authorization": a_token("1", "rawstore:read")}},
    ],
)
def test_a_token_is_taken_from_three_places(client: FlaskClient, sent: dict[str, Any]) -> None:
    assert client.get("/rawstore/info", **sent).status_code == 200


@pytest.mark.parametrize("token", [datahub_token(), a_token("1", "rawstore:read")])
def test_a_signature_is_verified_once(client: FlaskClient, token: str) -> None:
    with calls() as made:
        answers = [info(client, token) for _ in range(3)]

    assert [status for status, _ in answers] == [200, 200, 200]
    assert made.count("PyJWS._verify_signature") == 1


def test_the_same_token_twice_is_one(client: FlaskClient) -> None:
    token = datahub_token()
    headers = {"Auth-Token": token, "Authorization": f"Bearer {token}"}

    assert client.get(f"/rawstore/info?jwt={token}", headers=headers).status_code == 200


def test_tokens_that_disagree_are_400(client: FlaskClient) -> None:
    headers = {"Auth-Token": datahub_token("alice"), "Authorization": datahub_token("bob")}

    told = client.get("/rawstore/info", headers=headers)

    assert answer(told) == (400, worded("The request carries different tokens. Send one."))


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": PAST},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 10**400},
        {"userid": None},
        {"userid": ""},
        {"userid": 7},
        {"service": "other"},
        {"permissions": {"max_public_storage_mb": -1}},
        {"permissions": {"max_public_storage_mb": "many"}},
        {"permissions": {"max_private_storage_mb": True}},
    ],
)
def test_a_token_that_says_something_else_is_401(
    client: FlaskClient, changed: dict[str, Any]
) -> None:
    assert info(client, datahub_token(**changed)) == BAD


@pytest.mark.parametrize("changed", [{"service": None}, {"permissions": None}])
def test_what_the_original_did_not_ask_for_may_be_missing(
    client: FlaskClient, changed: dict[str, Any]
) -> None:
    assert info(client, datahub_token(**changed))[0] == 200


def test_another_signature_is_401(client: FlaskClient) -> None:
    assert info(client, jwt.encode(claims("alice"), OTHER, algorithm="RS256")) == BAD


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_is_401(client: FlaskClient, algorithm: str) -> None:
    assert info(client, jwt.encode(claims("alice"), SIGNING, algorithm=algorithm)) == BAD


def test_an_unsigned_token_is_401(client: FlaskClient) -> None:
    assert info(client, jwt.encode(claims("alice"), "", algorithm="none")) == BAD


@pytest.mark.parametrize("token", ["testing-token", "a.b.c", "x", "ü"])
def test_what_is_no_token_is_401(client: FlaskClient, token: str) -> None:
    assert answer(client.get("/rawstore/info", query_string={"jwt": token})) == BAD


def test_such_a_token_opens_this_door_alone(client: FlaskClient) -> None:
    headers = {"Authorization": datahub_token()}

    assert client.get("/filemanager/api/v2/workspaces", headers=headers).status_code == 401


@pytest.mark.parametrize("special", [{}])
def test_without_a_key_no_such_token_is_good(client: FlaskClient) -> None:
    assert info(client, datahub_token()) == BAD


def test_the_key_must_be_a_public_one() -> None:
    private = SIGNING.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    for pem in (private.decode(), "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA"):
        with pytest.raises(ValueError, match="it is"):
            public_key(pem)


@pytest.mark.parametrize("special", [door_settings(AUTH_SERVER="http://127.0.0.1:9")])
def test_a_set_key_is_used_and_the_server_is_not_asked(ann: Depositor) -> None:
    assert ann.get("/info").status_code == 200


@pytest.mark.parametrize(
    "special",
    [{"rawstore": RawstoreSettings.model_validate({"AUTH_SERVER": "http://127.0.0.1:9"})}],
)
def test_while_the_server_is_silent_tokens_are_503_and_the_rest_works(
    client: FlaskClient,
) -> None:
    """The start does not wait for it either."""
    ours = a_token("1", "rawstore:read")

    status, told = info(client, datahub_token())

    assert status == 503
    assert told["reason"].startswith("The server that tells the key of tokens does not answer.")
    assert info(client, ours)[0] == 200
    assert info(client, "a.b.c") == BAD
