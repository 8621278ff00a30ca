"""The keys that tokens are verified with, read from the settings."""

from collections.abc import Iterator

from filemanager.api.http.auth import ByWebToken, Key, TokenVerifier
from filemanager.domain.ports import Clock
from filemanager.settings.keys import key_set, pem_keys
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
        for name, material in pem_keys(settings.jwt_public_key).items():
            yield Key(issuer, material, (name,))
    if settings.jwt_jwks:
        for one in key_set(settings.jwt_jwks):
            yield Key(issuer, one.key, (one.algorithm_name,), one.key_id)
