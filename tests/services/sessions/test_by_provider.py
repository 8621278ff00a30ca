"""Who is believed to have signed in at the identity provider, and what they may do then."""

import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from structlog.testing import capture_logs
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from builders.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONFIGURATION,
    ISSUER,
    KEYS,
    SUBJECT,
    TOKEN,
    FakeIdentityProvider,
    ec_key,
    rsa_key,
)
from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.sessions.errors import ProviderUnavailable, SignInRefused
from filemanager.domain.sessions.session import WebSession
from filemanager.identity.asking import ProviderClient
from filemanager.identity.provider import OpenIdProvider, Registration
from filemanager.services.sessions.by_provider import Accounts, BroughtBack, ProviderSignIn
from worlds.stored import World

HERE = "https://files.example/login/oidc/callback"
READ, ALL = GrantedScope(Scope.READ), GrantedScope(Scope.READ, "*")
REGISTRATION = Registration(issuer=ISSUER, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
ACCOUNTS = Accounts(name="oidc", scopes=frozenset({READ}), by_group={"staff": frozenset({ALL})})


@pytest.fixture
def theirs(world: World, monkeypatch: pytest.MonkeyPatch) -> FakeIdentityProvider:
    made = FakeIdentityProvider(world.clock)
    monkeypatch.setattr(
        PoolManager, "request", lambda _, *given, **sent: made.request(*given, **sent)
    )
    return made


def a_service(world: World, **registered: Any) -> ProviderSignIn:
    provider = OpenIdProvider(replace(REGISTRATION, **registered), world.clock)
    return ProviderSignIn(world.database, world.clock, provider, ACCOUNTS)


@pytest.fixture
def ours(world: World, theirs: FakeIdentityProvider) -> ProviderSignIn:
    assert theirs
    return a_service(world)


def came_back(ours: ProviderSignIn, theirs: FakeIdentityProvider, **changed: str) -> BroughtBack:
    flow, address = ours.begin(HERE)
    return replace(BroughtBack(flow=flow, **theirs.authorize(address)), **changed)


def signed_in(ours: ProviderSignIn, theirs: FakeIdentityProvider, **changed: str) -> WebSession:
    return ours.finish(came_back(ours, theirs, **changed), HERE, None).session


def test_who_signed_in_there_is_the_subject_of_the_provider(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    caller = signed_in(ours, theirs).caller

    assert (str(caller.owner), caller.name) == (f"oidc:{SUBJECT}", "jane")
    assert caller.granted == {READ}


def test_a_session_outlives_the_token_of_a_few_minutes(
    world: World, ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    assert signed_in(ours, theirs).ends_at == world.clock() + timedelta(days=7)


@pytest.mark.parametrize(
    ("groups", "granted"),
    [
        (["staff", "others"], {READ, ALL}),
        ("staff", {READ, ALL}),
        (["others", 7, None], {READ}),
        ({"staff": True}, {READ}),
        (None, {READ}),
    ],
    ids=["several", "one", "unknown", "no-list", "none"],
)
def test_groups_give_more_scopes(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, groups: object, granted: set[GrantedScope]
) -> None:
    theirs.claims["groups"] = groups

    assert signed_in(ours, theirs).caller.granted == granted


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": None},
        {"preferred_username": "a\0b"},
        {"preferred_username": "x" * 256},
    ],
    ids=["none", "nul", "long"],
)
def test_who_has_no_name_that_can_be_shown_is_called_by_the_subject(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, claims: dict[str, Any]
) -> None:
    theirs.claims.update(claims)

    assert signed_in(ours, theirs).caller.name == SUBJECT


NOW = 1795262400
LIES: Mapping[str, dict[str, Any]] = {
    "other issuer": {"iss": "https://evil.example"},
    "issuer with a slash": {"iss": f"{ISSUER}/"},
    "no issuer": {"iss": None},
    "other audience": {"aud": "another"},
    "no audience": {"aud": None},
    "several audiences": {"aud": [CLIENT_ID, "another"]},
    "another party": {"azp": "another"},
    "other nonce": {"nonce": "0" * 64},
    "no nonce": {"nonce": None},
    "nonce of no text": {"nonce": ["a"]},
    "expired": {"exp": NOW - 61},
    "no end": {"exp": None},
    "end of no number": {"exp": "never"},
    "end that is none": {"exp": float("nan")},
    "of long ago": {"iat": NOW - 661},
    "of tomorrow": {"iat": NOW + 86400},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "long subject": {"sub": "x" * 256},
    "subject of lines": {"sub": "1\n2"},
    "subject of no text": {"sub": 17},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_fit_signs_nobody_in(
    world: World, ours: ProviderSignIn, theirs: FakeIdentityProvider, lie: str
) -> None:
    assert world.clock().timestamp() == NOW
    theirs.claims.update(LIES[lie])

    with capture_logs() as logs, pytest.raises(SignInRefused, match="not to be believed"):
        signed_in(ours, theirs)

    assert [(one["event"], bool(one["why"])) for one in logs] == [("sign_in_refused", True)]


def _public_pem() -> bytes:
    return rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _by_public_key(claims: Mapping[str, Any]) -> str:
    """By hand: the library makes no HMAC of a public key."""
    parts = ({"alg": "HS256", "kid": "r"}, dict(claims))
    signed = b".".join(jwt.utils.base64url_encode(json.dumps(one).encode()) for one in parts)
    mac = hmac.digest(_public_pem(), signed, "sha256")
    return b".".join((signed, jwt.utils.base64url_encode(mac))).decode()


FORGED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "none": lambda claims: jwt.encode(dict(claims), "", algorithm="none", headers={"kid": "r"}),
    "HS256 by the client's secret": lambda claims: jwt.encode(
        dict(claims), CLIENT_SECRET * 3, algorithm="HS256", headers={"kid": "r"}
    ),
    "HS256 by the public key": _by_public_key,
    "another key": lambda claims: jwt.encode(
        dict(claims), rsa_key("mallory's"), algorithm="RS256", headers={"kid": "r"}
    ),
    "PS256": lambda claims: jwt.encode(
        dict(claims), rsa_key(), algorithm="PS256", headers={"kid": "r"}
    ),
    "the kid of another kind": lambda claims: jwt.encode(
        dict(claims), rsa_key(), algorithm="RS256", headers={"kid": "e"}
    ),
    "nonsense": lambda _: "nonsense",
    "no text": lambda _: "",
}


@pytest.mark.parametrize("how", FORGED)
def test_what_the_provider_did_not_sign_signs_nobody_in(
    ours: ProviderSignIn,
    theirs: FakeIdentityProvider,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    monkeypatch.setattr(theirs, "signs", FORGED[how])

    with pytest.raises(SignInRefused, match="not to be believed"):
        signed_in(ours, theirs)


def test_es256_is_taken_too_and_a_token_need_not_name_its_key(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        theirs, "signs", lambda claims: jwt.encode(dict(claims), ec_key(), algorithm="ES256")
    )

    assert signed_in(ours, theirs).caller.subject == SUBJECT


def test_a_flow_serves_once_even_where_the_provider_gives_a_second_code(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    flow, address = ours.begin(HERE)
    first, second = (BroughtBack(flow=flow, **theirs.authorize(address)) for _ in range(2))
    ours.finish(first, HERE, None)

    with pytest.raises(SignInRefused, match="not to be believed"):
        ours.finish(first, HERE, None)
    with pytest.raises(SignInRefused, match="used already"):
        ours.finish(second, HERE, None)


NOT_BEGUN: Mapping[str, dict[str, str]] = {
    "no flow": {"flow": ""},
    "no secret": {"flow": f"{NOW}."},
    "no time": {"flow": "now.secret"},
    "a time that is none": {"flow": f"{'9' * 30}.secret"},
    "digits of others": {"flow": "१.secret"},
    "no state": {"state": ""},
    "another state": {"state": "0" * 64},
    "no ASCII": {"state": "ä"},
}


@pytest.mark.parametrize("how", NOT_BEGUN)
def test_what_this_browser_did_not_begin_is_not_asked_about(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, how: str
) -> None:
    brought = came_back(ours, theirs, **NOT_BEGUN[how])

    with pytest.raises(SignInRefused, match="not begun in this browser"):
        ours.finish(brought, HERE, None)

    assert f"POST {TOKEN}" not in theirs.asked


def test_a_flow_of_another_browser_fits_no_state_of_this_one(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    mallory = came_back(ours, theirs)
    flow, _ = ours.begin(HERE)

    with pytest.raises(SignInRefused, match="not begun in this browser"):
        ours.finish(replace(mallory, flow=flow), HERE, None)


def test_a_flow_lasts_ten_minutes_and_no_browser_makes_it_younger(
    world: World, ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    brought = came_back(ours, theirs)
    world.clock.turn(timedelta(minutes=10))
    younger = f"{NOW + 600}.{brought.flow.partition('.')[2]}"

    for flow in (brought.flow, younger):
        with pytest.raises(SignInRefused, match="not begun in this browser"):
            ours.finish(replace(brought, flow=flow), HERE, None)


def test_a_code_that_was_asked_for_with_another_challenge_is_of_no_use(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    stolen = came_back(ours, theirs).code

    with pytest.raises(SignInRefused, match="not to be believed"):
        signed_in(ours, theirs, code=stolen)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"error": "access_denied", "code": ""}, "did not sign you in"),
        ({"code": ""}, "did not sign you in"),
        ({"issuer": "https://evil.example"}, "Another identity provider"),
    ],
    ids=["denied", "no-code", "mixed-up"],
)
def test_what_the_provider_leads_back_with_is_looked_at_first(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(SignInRefused, match=words):
        signed_in(ours, theirs, **changed)

    assert f"POST {TOKEN}" not in theirs.asked


def test_an_issuer_that_names_itself_is_the_one_that_was_asked(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    assert signed_in(ours, theirs, issuer=ISSUER).caller.subject == SUBJECT


MISCONFIGURED: Mapping[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://evil.example"},
    "no PKCE": {"code_challenge_methods_supported": ["plain"]},
    "keys without TLS": {"jwks_uri": "http://id.example/keys"},
    "a file": {"token_endpoint": "file:///etc/passwd"},
    "no address": {"authorization_endpoint": None},
    "a broken address": {"authorization_endpoint": "https://[id/"},
    "lines": {"authorization_endpoint": "https://id.example/\r\nX: y"},
}


@pytest.mark.parametrize("how", MISCONFIGURED)
def test_nobody_is_led_to_a_provider_that_lies_of_itself(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, how: str
) -> None:
    theirs.configuration.update(MISCONFIGURED[how])

    with capture_logs() as logs, pytest.raises(ProviderUnavailable):
        ours.begin(HERE)

    assert [one["event"] for one in logs] == ["provider_unavailable"]


SILENT: Mapping[str, tuple[int, bytes] | Exception] = {
    "no connection": NewConnectionError(HTTPConnection("id.example"), "refused"),
    "time-out": TimeoutError(),
    "fault": (500, b"{}"),
    "redirect": (302, b"{}"),
    "HTML": (200, b"<html>"),
    "a list": (200, b"[]"),
    "deep": (200, b"[" * 200_000),
    "a number without end": (200, b"9" * 10_000),
    "no UTF-8": (200, b"\xff\xfe\xfd"),
    "endless": (200, b'{"a":"' + b"a" * (256 << 10) + b'"}'),
}


@pytest.mark.parametrize("address", [CONFIGURATION, KEYS, TOKEN], ids=["itself", "keys", "token"])
@pytest.mark.parametrize("how", SILENT)
def test_a_silent_provider_is_told_of_in_words(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, how: str, address: str
) -> None:
    theirs.answers[address] = SILENT[how]

    with capture_logs() as logs, pytest.raises(ProviderUnavailable):
        signed_in(ours, theirs)

    assert [one["event"] for one in logs] == ["provider_unavailable"]


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "r"}],
        [{"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}, 7, {}],
        [{"kty": "oct", "k": "c2VjcmV0", "kid": "r"}],
        [{"kty": "RSA"}] * 101,
    ],
    ids=["none", "weak", "broken", "symmetric", "many"],
)
def test_keys_that_are_none_sign_nobody_in(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, keys: list[Any]
) -> None:
    theirs.keys = keys

    with pytest.raises((ProviderUnavailable, SignInRefused)):
        signed_in(ours, theirs)


def test_a_short_rsa_key_is_not_believed(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = rsa_key("short", 1024)
    theirs.keys = [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(short.public_key()))]
    options: Any = {"enforce_minimum_key_length": False}
    signer = jwt.PyJWT(options)
    monkeypatch.setattr(
        theirs,
        "signs",
        lambda claims: _unwarned(lambda: signer.encode(dict(claims), short, "RS256")),
    )

    with pytest.raises(SignInRefused, match="not to be believed"):
        signed_in(ours, theirs)


def _unwarned(make: Callable[[], str]) -> str:
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        return make()


def test_documents_are_fetched_once_an_hour(
    world: World, ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    for _ in range(3):
        signed_in(ours, theirs)
    first = [theirs.asked.count(f"GET {one}") for one in (CONFIGURATION, KEYS)]
    world.clock.turn(timedelta(hours=1))
    signed_in(ours, theirs)

    assert first == [1, 1]
    assert [theirs.asked.count(f"GET {one}") for one in (CONFIGURATION, KEYS)] == [2, 2]


def test_new_keys_are_fetched_when_a_token_needs_them_but_once_a_minute(
    world: World, ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    new, theirs.keys = theirs.keys, theirs.keys[1:]
    with pytest.raises(SignInRefused):
        signed_in(ours, theirs)
    with pytest.raises(SignInRefused):
        signed_in(ours, theirs)
    asked = theirs.asked.count(f"GET {KEYS}")
    theirs.keys = new
    world.clock.turn(timedelta(minutes=1))

    assert signed_in(ours, theirs).caller.subject == SUBJECT
    assert (asked, theirs.asked.count(f"GET {KEYS}")) == (1, 2)


@pytest.mark.parametrize("methods", [["client_secret_post"], None], ids=["form", "header"])
def test_the_secret_goes_where_the_provider_takes_it(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, methods: list[str] | None
) -> None:
    theirs.configuration["token_endpoint_auth_methods_supported"] = methods

    assert signed_in(ours, theirs).caller.subject == SUBJECT


def test_a_wrong_secret_is_the_operators_matter_and_is_not_logged(
    world: World, theirs: FakeIdentityProvider
) -> None:
    ours = a_service(world, client_secret="guessed")

    with capture_logs() as logs, pytest.raises(ProviderUnavailable):
        signed_in(ours, theirs)

    assert [one["why"] for one in logs] == ["status 401, error invalid_client"]


def test_no_log_has_code_state_secret_or_token(
    ours: ProviderSignIn, theirs: FakeIdentityProvider
) -> None:
    theirs.claims["aud"] = "another"
    brought = came_back(ours, theirs)
    secret = brought.flow.partition(".")[2]

    with capture_logs() as logs, pytest.raises(SignInRefused):
        ours.finish(brought, HERE, None)

    told = str(logs) + repr(brought)
    assert not [one for one in (brought.code, brought.state, secret, "eyJ") if one in told]


def test_groups_are_asked_for_where_the_provider_knows_the_scope(
    world: World, theirs: FakeIdentityProvider
) -> None:
    ours = a_service(world, wants_groups=True)
    theirs.configuration["scopes_supported"] = ["openid", "groups"]

    assert "scope=openid+profile+groups" in ours.begin(HERE)[1]


def test_more_than_four_waiting_for_the_provider_are_told_so(
    ours: ProviderSignIn, theirs: FakeIdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    answers = theirs.request

    def ask_again(*given: Any, **named: Any) -> Any:
        waiting.append(1)
        with pytest.raises(ProviderUnavailable) if len(waiting) == 4 else nullcontext():
            ours.begin(HERE)
        return answers(*given, **named)

    monkeypatch.setattr(theirs, "request", ask_again)
    ours.begin(HERE)

    assert len(waiting) == 4


def test_an_answer_that_drips_is_left(theirs: FakeIdentityProvider) -> None:
    seconds = iter([0.0, 11.0])
    theirs.answers[KEYS] = (200, b'{"keys": []}')

    with pytest.raises(Exception, match="10 seconds"):
        ProviderClient(lambda: next(seconds)).get(KEYS)
