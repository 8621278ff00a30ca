"""ID tokens: what must hold before one is believed (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from filemanager.domain.requests.secrets import is_same
from filemanager.domain.sessions.provider import FLOW_LASTS, Identity
from filemanager.identity.documents import ALGORITHMS, ProviderKey, texts

_LEEWAY_SECONDS = 60
_MAX_CLAIM = 255
"""Characters; an owner, its issuer in front, fits its column."""

_OPTIONS: Any = {
    "require": ["iss", "aud", "sub", "exp", "iat", "nonce"],
    # By our clock, below.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "enforce_minimum_key_length": True,
}

_Claims = Mapping[str, Any]


class Unbelievable(Exception):
    """The text is for the log, and repeats nothing of the token."""


class KeyUnknown(Unbelievable):
    """Perhaps the provider has new ones."""


@dataclass(frozen=True, slots=True)
class Expected:
    issuer: str
    client_id: str
    nonce: str


def identity_of(
    token: str, keys: Sequence[ProviderKey], expected: Expected, at: datetime
) -> Identity:
    """Raises ``Unbelievable``."""
    claims = _verified(token, keys, expected)
    _ensure_for_us(claims, expected.client_id)
    _ensure_of_now(claims, at.timestamp())
    nonce = claims["nonce"]
    if not isinstance(nonce, str) or not is_same(nonce, expected.nonce):
        raise Unbelievable("nonce is that of another sign-in")
    subject = _subject(claims["sub"])
    return Identity(subject=subject, name=_name(claims) or subject, groups=_groups(claims))


def _verified(token: str, keys: Sequence[ProviderKey], expected: Expected) -> _Claims:
    try:
        for key in _candidates(jwt.get_unverified_header(token), keys):
            try:
                claims: _Claims = jwt.decode(
                    token,
                    key.material,
                    algorithms=[key.algorithm],
                    audience=expected.client_id,
                    issuer=expected.issuer,
                    options=_OPTIONS,
                )
            except jwt.InvalidSignatureError:
                continue
            return claims
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise Unbelievable(type(error).__name__) from None
    raise KeyUnknown("signed with a key that the provider does not show")


def _candidates(head: _Claims, keys: Sequence[ProviderKey]) -> Iterator[ProviderKey]:
    if head.get("alg") not in ALGORITHMS:
        raise Unbelievable("alg is neither RS256 nor ES256")
    for key in keys:
        if key.algorithm == head["alg"] and head.get("kid") in (None, key.key_id):
            yield key


def _ensure_for_us(claims: _Claims, client_id: str) -> None:
    """Of several audiences ``azp`` tells who asked for the token."""
    audience, party = claims["aud"], claims.get("azp")
    is_for_several = isinstance(audience, list) and len(audience) > 1
    if party != client_id and (party is not None or is_for_several):
        raise Unbelievable("azp is another client")


def _ensure_of_now(claims: _Claims, now: float) -> None:
    """``iat`` too: what bears our nonce and is older belongs to a sign-in that is over."""
    if not _number(claims["exp"]) > now - _LEEWAY_SECONDS:
        raise Unbelievable("exp is over")
    oldest = now - FLOW_LASTS.total_seconds() - _LEEWAY_SECONDS
    if not oldest <= _number(claims["iat"]) <= now + _LEEWAY_SECONDS:
        raise Unbelievable("iat is not of this sign-in")


def _number(claim: object) -> float:
    if not isinstance(claim, int | float) or isinstance(claim, bool):
        raise Unbelievable("a time is no number")
    return claim


def _subject(claim: object) -> str:
    if not isinstance(claim, str) or not (claim.isascii() and claim.isprintable()):
        raise Unbelievable("sub is no text of printable ASCII")
    if not 0 < len(claim) <= _MAX_CLAIM:
        raise Unbelievable(f"sub has not 1 to {_MAX_CLAIM} characters")
    return claim


def _name(claims: _Claims) -> str | None:
    """The first that rows and logs can hold."""
    for claim in ("preferred_username", "name"):
        given = claims.get(claim)
        if isinstance(given, str) and given.isprintable() and 0 < len(given) <= _MAX_CLAIM:
            return given
    return None


def _groups(claims: _Claims) -> frozenset[str]:
    return texts(claims.get("groups"))
