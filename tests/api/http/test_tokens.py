"""Which tokens are taken, and that a bad one opens nothing."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm

from builders.papers import PAPER, SECRET, a_session, a_token
from filemanager.api.http.auth import Key, TokenVerifier
from filemanager.domain.errors import InvalidToken
from people.answers import BAD_TOKEN, NO_SESSION, answer, everything
from people.person import Person

NOW = datetime.now(UTC)
RSA = rsa.generate_private_key(65537, 2048)
RSA_PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
CURVE = ec.generate_private_key(ec.SECP256R1())
CURVE_PEM = CURVE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed(claims: dict[str, Any], *, secret: str = SECRET, **head: Any) -> str:
    """An HS256 token; *head* are further fields of its header."""
    return jwt.encode(claims, secret, algorithm="HS256", headers=head or None)


def forged(head: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """A token put together by hand: PyJWT refuses to sign what attackers do."""
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=")
             for one in (head, claims)]  # fmt: skip
    signature = hmac.digest(secret, b".".join(parts), hashlib.sha256) if secret else b""
    parts.append(base64.urlsafe_b64encode(signature).rstrip(b"="))
    return b".".join(parts).decode()


def tampered(token: str) -> str:
    """The session of another user under the signature of this one."""
    head, _, signature = token.split(".")
    other = jwt.utils.base64url_encode(json.dumps(a_session("2", "upload:admin")).encode())
    return f"{head}.{other.decode()}.{signature}"


def without(name: str) -> dict[str, Any]:
    session = a_session()
    del session[name]
    return session


def with_claims(**claims: Any) -> dict[str, Any]:
    return {**a_session(), **claims}


PAST = (NOW - timedelta(hours=1)).isoformat()
FUTURE = (NOW + timedelta(hours=1)).timestamp()

BAD = {
    "empty": "",
    "Bearer alone": "Bearer ",
    "garbage": "garbage",
    "three dots": "a.b.c",
    "not ASCII": "\xe9\xff.\xff.\xff",
    "Basic": "Basic dXNlcjpwYXNz",
    "alg none": forged({"alg": "none", "typ": "JWT"}, a_session(), b""),
    "alg None": forged({"alg": "None", "typ": "JWT"}, a_session(), b""),
    "no alg": forged({"typ": "JWT"}, a_session(), SECRET.encode()),
    "alg a list": forged({"alg": ["HS256"]}, a_session(), SECRET.encode()),
    "HS512": jwt.encode(a_session(), SECRET * 2, algorithm="HS512"),
    "HS384": jwt.encode(a_session(), SECRET * 2, algorithm="HS384"),
    "RS256 where there is no such key": jwt.encode(a_session(), RSA, algorithm="RS256"),
    "another secret": signed(a_session(), secret="another secret of thirty-two bytes"),
    "empty signature": a_token().rpartition(".")[0] + ".",
    "tampered": tampered(a_token()),
    "crit": signed(a_session(), crit=["unknown"], unknown=1),
    "kid a number": forged({"alg": "HS256", "kid": 7}, a_session(), SECRET.encode()),
    "end_time past": signed(with_claims(end_time=PAST)),
    "end_time past without offset": signed(with_claims(end_time="2020-01-01T00:00:00")),
    "end_time no time": signed(with_claims(end_time="soon")),
    "end_time a number": signed(with_claims(end_time=17)),
    "exp past": signed(with_claims(exp=1_000_000_000)),
    "exp past and no end_time": signed({**without("end_time"), "exp": 1_000_000_000}),
    "end_time past and exp to come": signed(with_claims(end_time=PAST, exp=FUTURE)),
    "exp no number": signed(with_claims(exp="later")),
    "exp beyond every calendar": signed(with_claims(exp=10**30)),
    "nbf to come": signed(with_claims(nbf=FUTURE)),
    "endless": signed(without("end_time")),
    "endless by null": signed(with_claims(end_time=None)),
    "other issuer": signed(with_claims(iss="elsewhere")),
    "issuer no text": forged({"alg": "HS256"}, with_claims(iss=["arxiv"]), SECRET.encode()),
    "scopes a number": signed(with_claims(authorizations={"scopes": 7})),
    "scopes an object": signed(with_claims(authorizations={"scopes": {"upload:read": 1}})),
    "scopes nested": signed(with_claims(authorizations={"scopes": [["upload:read"]]})),
    "for another": signed(with_claims(aud="somebody")),
    "for others": signed(with_claims(aud=["a", "b", 3])),
    "for nobody": signed(with_claims(aud=[])),
    "aud no text": signed(with_claims(aud={"a": 1})),
    "half a letter as user": signed(with_claims(user={"user_id": "a\ud800"})),
    "half a letter as name": signed(with_claims(user={"user_id": "1", "username": "\udfff"})),
    "NUL as user": signed(with_claims(user={"user_id": "1\0"})),
    "a list as user": signed(with_claims(user={"user_id": ["1"]})),
    "a long user": signed(with_claims(user={"user_id": "1" * 256})),
    "half a letter as scope": signed(with_claims(authorizations={"scopes": ["upload:\ud800"]})),
    "NUL as resource": signed(with_claims(authorizations={"scopes": ["upload:read:1\0"]})),
    "claims a list": forged({"alg": "HS256"}, [], SECRET.encode()),  # type: ignore[arg-type]  # no claims
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_401_everywhere(client: FlaskClient, alice: Person, name: str) -> None:
    alice.create("main.tex", PAPER)
    caller = Person(client, BAD[name])

    asked = caller.get("/1")

    assert answer(asked) == BAD_TOKEN
    challenge = asked.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="filemanager", error="invalid_token", error_desc')
    assert answer(caller.get("/status")) == BAD_TOKEN
    assert answer(caller.get("/9999")) == BAD_TOKEN


def test_a_bad_token_changes_nothing(client: FlaskClient, alice: Person, bob: Person) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)
    caller = Person(client, BAD["tampered"])

    responses = [
        caller.upload("/", "main.tex", PAPER),
        caller.upload("/1", "main.tex", b"other\n"),
        caller.delete("/1/main.tex"),
        caller.delete("/1"),
        caller.post("/1/lock"),
    ]

    assert [answer(response) for response in responses] == [BAD_TOKEN] * 5
    assert everything(bob) == before


@pytest.mark.parametrize(
    "claims",
    [
        with_claims(user=None),
        with_claims(user=None, client=None, authorizations=None),
        with_claims(user="theuser"),
        with_claims(user={"username": "theuser"}),
        with_claims(user=None, client={"client_id": "x"}),
    ],
)
def test_a_token_without_a_principal_is_no_session(
    client: FlaskClient, claims: dict[str, Any]
) -> None:
    response = Person(client, signed(claims)).get("/1")

    assert answer(response) == NO_SESSION


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer ", "BEARER   "])
def test_a_token_is_taken_bare_or_as_bearer(
    client: FlaskClient, alice: Person, prefix: str
) -> None:
    alice.create("main.tex", PAPER)

    response = Person(client, f"{prefix}{alice.token}").get("/1")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {**without("end_time"), "exp": FUTURE},
        with_claims(exp=FUTURE),
        with_claims(iss="arxiv"),
        with_claims(iat=FUTURE),
    ],
)
def test_other_good_claims_are_taken(
    client: FlaskClient, alice: Person, claims: dict[str, Any]
) -> None:
    alice.create("main.tex", PAPER)

    assert Person(client, signed(claims)).get("/1").status_code == 200


@pytest.mark.parametrize("kid", ["any", "../../../../dev/null", "' OR 1=1 --"])
def test_a_key_id_chooses_no_file_and_no_other_secret(
    client: FlaskClient, alice: Person, kid: str
) -> None:
    alice.create("main.tex", PAPER)

    right = Person(client, signed(a_session(), kid=kid)).get("/1")
    wrong = Person(client, forged({"alg": "HS256", "kid": kid}, a_session(), b"\0")).get("/1")

    assert right.status_code == 200
    assert answer(wrong) == BAD_TOKEN


def test_a_token_ends_though_it_was_good_before() -> None:
    times = [NOW, NOW + timedelta(minutes=59), NOW + timedelta(minutes=60)]
    ticking = iter(times)
    verifier = TokenVerifier([Key("arxiv", SECRET.encode(), ("HS256",))], lambda: next(ticking))
    token = signed(with_claims(end_time=(NOW + timedelta(minutes=60)).isoformat()))

    first, second = verifier.caller(token), verifier.caller(token)

    assert first == second
    with pytest.raises(InvalidToken):
        verifier.caller(token)


@pytest.mark.parametrize("special", [{"allow_endless_tokens": True}])
def test_endless_tokens_are_taken_where_a_setting_says_so(
    client: FlaskClient, alice: Person
) -> None:
    alice.create("main.tex", PAPER)

    assert Person(client, BAD["endless"]).get("/1").status_code == 200
    assert answer(Person(client, BAD["exp past and no end_time"]).get("/1")) == BAD_TOKEN


@pytest.mark.parametrize("special", [{"jwt_secret": None, "jwt_public_key": RSA_PEM.decode()}])
def test_a_public_rsa_key_takes_rs256_and_is_no_hmac_secret(client: FlaskClient) -> None:
    good = Person(client, jwt.encode(a_session(), RSA, algorithm="RS256"))
    confused = Person(client, forged({"alg": "HS256"}, a_session(), RSA_PEM))
    other = Person(client, jwt.encode(a_session(), RSA, algorithm="RS512"))

    created = good.upload("/", "main.tex", PAPER)

    assert created.status_code == 201
    assert answer(confused.get("/1")) == BAD_TOKEN
    assert answer(other.get("/1")) == BAD_TOKEN
    assert answer(Person(client, a_token()).get("/1")) == BAD_TOKEN


@pytest.mark.parametrize("special", [{"jwt_secret": None, "jwt_public_key": CURVE_PEM.decode()}])
def test_a_public_curve_key_takes_es256(client: FlaskClient) -> None:
    good = Person(client, jwt.encode(a_session(), CURVE, algorithm="ES256"))
    confused = Person(client, forged({"alg": "HS256"}, a_session(), CURVE_PEM))

    created = good.upload("/", "main.tex", PAPER)

    assert created.status_code == 201
    assert answer(confused.get("/1")) == BAD_TOKEN


def _jwks() -> str:
    key = RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True)
    return json.dumps({"keys": [{**key, "kid": "first", "alg": "RS256", "use": "sig"}]})


@pytest.mark.parametrize("special", [{"jwt_secret": None, "jwt_jwks": _jwks()}])
def test_a_key_of_a_set_is_chosen_by_its_id(client: FlaskClient) -> None:
    good = jwt.encode(a_session(), RSA, algorithm="RS256", headers={"kid": "first"})
    other = jwt.encode(a_session(), RSA, algorithm="RS256", headers={"kid": "second"})

    created = Person(client, good).upload("/", "main.tex", PAPER)

    assert created.status_code == 201
    assert answer(Person(client, other).get("/1")) == BAD_TOKEN


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("exp past", "The token expired at 2001-09-09T01:46:40Z."),
        ("another secret", "The token is signed with a key that is not known here."),
        ("for another", "The token is for another service: aud is not known here."),
        ("endless", "The token says neither exp nor end_time."),
        ("other issuer", "The token is of another issuer than its key."),
        ("garbage", "The token cannot be read."),
    ],
)
def test_the_challenge_says_why_and_the_body_does_not(
    client: FlaskClient, name: str, why: str
) -> None:
    asked = Person(client, BAD[name]).get("/1")

    assert f'error_description="{why}"' in asked.headers["WWW-Authenticate"]
    assert answer(asked) == BAD_TOKEN


def test_who_sent_no_token_is_told_of_no_error(client: FlaskClient) -> None:
    asked = Person(client, None).get("/1")

    assert asked.headers["WWW-Authenticate"] == 'Bearer realm="filemanager"'


@pytest.mark.parametrize("special", [{"jwt_audience": "https://files.example,files"}])
@pytest.mark.parametrize(
    ("audience", "status"),
    [("files", 200), (["other", "files"], 200), ("https://files.example", 200), ("other", 401)],
)
def test_a_token_for_us_is_taken(
    client: FlaskClient, alice: Person, audience: object, status: int
) -> None:
    alice.create("main.tex", PAPER)

    assert Person(client, signed(with_claims(aud=audience))).get("/1").status_code == status
    assert alice.get("/1").status_code == 200
