"""The keys that tokens are verified with, read from the settings."""

import json
from collections.abc import Iterator

import jwt
from jwt.algorithms import get_default_algorithms

from filemanager.api.http.auth import ByWebToken, Key, TokenVerifier
from filemanager.domain.ports import Clock
from filemanager.settings.service import Settings


def verifier(settings: Settings, clock: Clock, by_web_token: ByWebToken) -> TokenVerifier:
    return TokenVerifier(
        list(keys(settings)),
        clock,
        by_web_token=by_web_token,
        allow_endless=settings.allow_endless_tokens,
        audiences=settings.audiences,
    )


def keys(settings: Settings) -> Iterator[Key]:
    """Each key with the algorithms that fit its type, and no others."""
    issuer = settings.jwt_issuer
    if settings.jwt_secret:
        yield Key(issuer, settings.jwt_secret.get_secret_value().encode(), ("HS256",))
    if settings.jwt_public_key:
        pem = settings.jwt_public_key.get_secret_value()
        for name in ("RS256", "ES256", "EdDSA"):
            try:
                material = get_default_algorithms()[name].prepare_key(pem)
            except (jwt.InvalidKeyError, TypeError, ValueError):
                continue
            yield Key(issuer, material, (name,))
    if settings.jwt_jwks:
        for one in jwt.PyJWKSet.from_dict(json.loads(settings.jwt_jwks.get_secret_value())).keys:
            if one.algorithm_name in ("RS256", "ES256", "EdDSA"):
                yield Key(issuer, one.key, (one.algorithm_name,), one.key_id)
