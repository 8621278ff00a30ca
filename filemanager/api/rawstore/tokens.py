"""Tokens of the rawstore door: those of its own auth server, and ours."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import jwt
from jwt.algorithms import get_default_algorithms

from filemanager.api.http.auth import TokenVerifier, storable
from filemanager.domain.caller import Scope, owner_of
from filemanager.domain.errors import InvalidToken, NoSession
from filemanager.domain.ports import Clock
from filemanager.domain.rawstore.stored_file import Depositor, StorageLimits

_ALGORITHM = "RS256"
_UNLIMITED_PERMISSION = "datapackage-upload"
_TOKENS_REMEMBERED = 4096


class PublicKeys(Protocol):
    """Where the auth server's key comes from."""

    def current(self) -> Any: ...

    def newer(self, than: Any) -> Any | None:
        """A key to try where *than* does not fit; None: there is none."""


@dataclass(frozen=True, slots=True)
class SetKey:
    """A key that a setting brings."""

    material: Any

    def current(self) -> Any:
        return self.material

    def newer(self, than: Any) -> None:
        del than


def public_key(pem: str) -> Any:
    """Raises ``ValueError`` for what is no RSA public key in PEM."""
    try:
        key = get_default_algorithms()[_ALGORITHM].prepare_key(pem)
    except (jwt.InvalidKeyError, TypeError) as error:
        raise ValueError("it is no PEM") from error
    if not hasattr(key, "public_numbers"):
        raise ValueError("it is a private key")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The auth server: whose users its tokens name, and the service they must be made for."""

    name: str
    service: str
    keys: PublicKeys


class DepositorVerifier:
    """Our own tokens need a scope and get *default_mb*; those of *issuer* carry their limits.

    The issuer's tokens open this door alone: no other verifier knows its key. What one says is
    remembered, so that its signature is verified once for each key of the issuer.
    """

    def __init__(
        self, own: TokenVerifier, issuer: Issuer | None, clock: Clock, *, default_mb: int
    ) -> None:
        self._own = own
        self._issuer = issuer
        self._clock = clock
        self._default_mb = default_mb
        self._known: dict[bytes, _Verified] = {}

    def depositor(self, token: str, scope: Scope) -> Depositor:
        """Raises ``InvalidToken``, ``NoSession``, ``InsufficientScope`` or ``KeyServerSilent``."""
        try:
            caller = self._own.caller(token)
        except (InvalidToken, NoSession):
            if self._issuer is None:
                raise
            return self._of_issuer(self._issuer, token)
        caller.ensure_holds(scope)
        limits = StorageLimits(self._default_mb, self._default_mb)
        return Depositor(caller.owner, caller.subject, limits)

    def _of_issuer(self, issuer: Issuer, token: str) -> Depositor:
        claims = self._claims(issuer.keys, token)
        user, permissions = claims.get("userid"), claims.get("permissions")
        if claims.get("service") not in (None, issuer.service):
            raise InvalidToken
        ends_at = _ends_at(claims)
        if ends_at <= self._clock():
            raise InvalidToken(f"The token expired at {ends_at:%Y-%m-%dT%H:%M:%SZ}.")
        if not isinstance(user, str) or not user:
            raise InvalidToken("The token names no userid.")
        limits = self._limits(permissions if isinstance(permissions, dict) else {})
        return Depositor(owner_of(issuer.name, storable(user)), user, limits)

    def _claims(self, keys: PublicKeys, token: str) -> Mapping[str, Any]:
        name = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        verified = self._known.get(name)
        if verified is None or verified.key is not keys.current():
            verified = _verified(keys, token)
            if len(self._known) >= _TOKENS_REMEMBERED:
                self._known.clear()
            self._known[name] = verified
        return verified.claims

    def _limits(self, permissions: Mapping[str, Any]) -> StorageLimits:
        """What is not said is nothing, unless the token may upload packages."""
        default = self._default_mb if permissions.get(_UNLIMITED_PERMISSION) is True else 0
        return StorageLimits(
            _megabytes(permissions.get("max_public_storage_mb"), default),
            _megabytes(permissions.get("max_private_storage_mb"), default),
        )


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token says, and the key that it is signed with."""

    key: Any
    claims: Mapping[str, Any]


def _verified(keys: PublicKeys, token: str) -> _Verified:
    # Without a look at the algorithm anybody could make us ask the auth server.
    try:
        if jwt.get_unverified_header(token).get("alg") != _ALGORITHM:
            raise InvalidToken
        for key in _candidates(keys):
            claims = _decoded(token, key)
            if claims is not None:
                return _Verified(key, claims)
    except jwt.PyJWTError as error:
        raise InvalidToken from error
    raise InvalidToken("The token is signed with a key that is not known here.")


def _candidates(keys: PublicKeys) -> Iterator[Any]:
    current = keys.current()
    yield current
    newer = keys.newer(current)
    if newer is not None:
        yield newer


def _decoded(token: str, key: Any) -> Mapping[str, Any] | None:
    options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
    try:
        claims: Mapping[str, Any] = jwt.decode(token, key, algorithms=[_ALGORITHM], options=options)
    except jwt.InvalidSignatureError:
        return None
    return claims


def _ends_at(claims: Mapping[str, Any]) -> datetime:
    seconds = claims.get("exp")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise InvalidToken
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise InvalidToken from error


def _megabytes(said: object, default: int) -> int:
    if said is None:
        return default
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said < 2**53:
        raise InvalidToken
    return int(said)
