"""A provider of OpenID Connect behind urllib3: signs people in, and lies where a test says so."""

import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from urllib3 import HTTPResponse

ISSUER = "https://id.example"
CLIENT_ID, CLIENT_SECRET = "filemanager", "s3cr3t & more"
CONFIGURATION = f"{ISSUER}/.well-known/openid-configuration"
KEYS, TOKEN = f"{ISSUER}/keys", f"{ISSUER}/token"
SUBJECT = "248289761001"


@cache
def rsa_key(which: str = "theirs", bits: int = 2048) -> rsa.RSAPrivateKey:
    assert which
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_keys() -> list[dict[str, Any]]:
    """The last one is of no use to us."""
    return [
        {**RSAAlgorithm.to_jwk(rsa_key().public_key(), as_dict=True), "kid": "r", "alg": "RS256"},
        {**ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True), "kid": "e", "use": "sig"},
        {"kty": "future", "kid": "f"},
    ]


@dataclass
class FakeIdentityProvider:
    """``claims`` and ``configuration`` come over what it would say; None: it does not say it.

    ``answers`` are whole bodies by address, ``signs`` makes the token of the claims.
    """

    clock: Callable[[], datetime]
    claims: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes] | Exception] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=public_keys)
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def signs(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), rsa_key(), algorithm="RS256", headers={"kid": "r"})

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser brings back from there once its user signed in."""
        asked = {name: one for name, (one,) in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def request(
        self, method: str, url: str, *, body: str | None = None, **sent: Any
    ) -> HTTPResponse:
        """In place of urllib3's."""
        assert sent["redirect"] is False
        self.asked.append(f"{method} {url}")
        made = self.answers.get(url) or self._answer(url, body, sent["headers"])
        if isinstance(made, Exception):
            raise made
        status, told = made
        return HTTPResponse(BytesIO(told), status=status, preload_content=False)

    def _answer(self, url: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        if url == CONFIGURATION:
            return 200, _written(self._configured())
        if url == KEYS:
            return 200, _written({"keys": self.keys})
        assert url == TOKEN
        return self._token(_fields(body or ""), headers.get("Authorization"))

    def _configured(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": TOKEN,
            "jwks_uri": KEYS,
            **self.configuration,
        }

    def _token(self, sent: Mapping[str, str], header: str | None) -> tuple[int, bytes]:
        if not _is_client(sent, header):
            return 401, _written({"error": "invalid_client"})
        asked = self._codes.pop(sent["code"], {})
        fits = asked.get("code_challenge") == _challenge(sent["code_verifier"])
        if not fits or asked["redirect_uri"] != sent["redirect_uri"]:
            return 400, _written({"error": "invalid_grant"})
        token = self.signs(self._claims(asked["nonce"]))
        return 200, _written({"id_token": token, "access_token": "a", "token_type": "Bearer"})

    def _claims(self, nonce: str) -> dict[str, Any]:
        now = int(self.clock().timestamp())
        said = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "preferred_username": "jane",
            **self.claims,
        }
        return {name: claim for name, claim in said.items() if claim is not None}


def _is_client(sent: Mapping[str, str], header: str | None) -> bool:
    if header is None:
        return (sent.get("client_id"), sent.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
    pair = b64decode(header.removeprefix("Basic ")).decode().split(":")
    return [unquote_plus(one) for one in pair] == [CLIENT_ID, CLIENT_SECRET]


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _fields(body: str) -> dict[str, str]:
    return {name: one for name, (one,) in parse_qs(body).items()}


def _written(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()
