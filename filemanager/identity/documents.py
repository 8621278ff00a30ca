"""What a provider says of itself: its addresses, and the keys that it signs with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import jwt

from filemanager.identity.asking import Document, NoAnswer

ALGORITHMS = ("RS256", "ES256")
_MOST_KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """``takes_basic``: the secret of a client goes into a header, else into the form."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_basic: bool
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProviderKey:
    """For one algorithm, so that no key is taken for one of another kind (RFC 8725, 3.1)."""

    key_id: str | None
    algorithm: str
    material: Any


def configuration_url(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def discovered(document: Document, issuer: str) -> Discovered:
    """OpenID Connect Discovery 1.0, 3 and 4.3. Raises ``NoAnswer``."""
    if document.get("issuer") != issuer:
        raise NoAnswer("its configuration names another issuer than FILEMANAGER_OIDC_ISSUER")
    challenges = document.get("code_challenge_methods_supported")
    if isinstance(challenges, list) and "S256" not in challenges:
        raise NoAnswer("it takes no PKCE by S256")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Discovered(
        authorization_endpoint=_address(document, "authorization_endpoint", issuer),
        token_endpoint=_address(document, "token_endpoint", issuer),
        jwks_uri=_address(document, "jwks_uri", issuer),
        takes_basic=not isinstance(methods, list) or "client_secret_basic" in methods,
        scopes=texts(document.get("scopes_supported")),
    )


def provider_keys(document: Document) -> tuple[ProviderKey, ...]:
    """Those that sign with what we take; others are passed over. Raises ``NoAnswer``."""
    given = document.get("keys")
    if not isinstance(given, list) or len(given) > _MOST_KEYS:
        raise NoAnswer("its keys are no list of at most 100")
    found = tuple(key for one in given for key in _keys_of(one))
    if not found:
        raise NoAnswer("it has no key of RS256 or ES256")
    return found


def texts(given: object) -> frozenset[str]:
    """Of a list, or the only one; anything else is none."""
    several = given if isinstance(given, list) else [given]
    return frozenset(one for one in several if isinstance(one, str))


def _keys_of(given: object) -> Iterator[ProviderKey]:
    if not isinstance(given, dict) or given.get("use", "sig") != "sig":
        return
    try:
        key = jwt.PyJWK.from_dict(cast("Mapping[str, Any]", given))  # type: ignore[arg-type]  # it asks for a dict
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return
    if key.algorithm_name in ALGORITHMS:
        yield ProviderKey(key.key_id, key.algorithm_name, key.key)


def _address(document: Document, name: str, issuer: str) -> str:
    """Over TLS, unless the issuer itself is asked without."""
    given = document.get(name)
    try:
        parts = urlsplit(given) if isinstance(given, str) else urlsplit("")
        is_address = bool(parts.hostname) and parts.scheme in ("https", urlsplit(issuer).scheme)
    except ValueError:
        is_address = False
    if (
        not is_address
        or not isinstance(given, str)
        or not (given.isascii() and given.isprintable())
    ):
        raise NoAnswer(f"its {name} is no address")
    return given
