"""Tokens: from an ``Authorization`` header to a caller."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from filemanager.api.http.wishes import is_storable
from filemanager.domain.caller import Caller, GrantedScope
from filemanager.domain.errors import InvalidToken, NoSession
from filemanager.domain.ports import Clock
from filemanager.domain.sessions.session import WEB_TOKEN

_Claims = Mapping[str, Any]

_TOKENS_REMEMBERED = 4096
ByWebToken = Callable[[str], Caller]
"""Whom the scripts of a page ask for with a token of theirs. Raises ``InvalidToken``."""

_MAX_CLAIM = 255
"""Characters; an owner, its issuer in front, fits its column."""


@dataclass(frozen=True, slots=True)
class Key:
    """A verification key, the algorithms it may be used with, and whose tokens it signs.

    Pinning algorithms to keys is what keeps a public key from being taken for an HMAC secret
    (RFC 8725, 3.1). ``key_id`` None matches any ``kid``.
    """

    issuer: str
    material: Any
    algorithms: tuple[str, ...]
    key_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignedToken:
    """What a token says. ``ends_at`` None: never."""

    caller: Caller
    ends_at: datetime | None


def bare_token(header: str) -> str:
    """The token of a header that may begin with ``Bearer``."""
    return (header[7:] if header[:7].lower() == "bearer " else header).strip()


class TokenVerifier:
    """Reads the session tokens of arxiv-auth, 0.4 and 1.x.

    A client sends the same token with each request: what it says is remembered by its digest, so
    that the signature is verified once. Its end is looked at every time.
    """

    def __init__(
        self,
        keys: Sequence[Key],
        clock: Clock,
        *,
        by_web_token: ByWebToken | None = None,
        allow_endless: bool = False,
        audiences: Collection[str] = (),
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._by_web_token = by_web_token
        self._allow_endless = allow_endless
        self._audiences = frozenset(audiences)
        self._known: dict[bytes, SignedToken] = {}

    def caller(self, header: str | None) -> Caller:
        """Raises ``NoSession`` without a header or principal, ``InvalidToken`` for the rest."""
        if header is None:
            raise NoSession
        token = bare_token(header)
        if self._by_web_token is not None and token.startswith(WEB_TOKEN):
            return self._by_web_token(token)
        return self.signed(token).caller

    def signed(self, token: str) -> SignedToken:
        """What a token says that an issuer signed; one for scripts is none. Raises the same."""
        name = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        session = self._known.get(name) or self._remembered(name, self._session(token))
        if session.ends_at is not None and session.ends_at <= self._clock():
            raise InvalidToken(f"The token expired at {session.ends_at:%Y-%m-%dT%H:%M:%SZ}.")
        return session

    def _remembered(self, name: bytes, session: SignedToken) -> SignedToken:
        if len(self._known) >= _TOKENS_REMEMBERED:
            self._known.clear()
        self._known[name] = session
        return session

    def _session(self, token: str) -> SignedToken:
        key, claims = self._verified(token)
        self._ensure_for_us(claims.get("aud"))
        return SignedToken(_caller(key.issuer, claims), self._end_of(claims))

    def _verified(self, token: str) -> tuple[Key, _Claims]:
        try:
            head = jwt.get_unverified_header(token)
            for key in self._candidates(head):
                claims = _decoded(token, key)
                if claims is not None:
                    return key, claims
        except jwt.PyJWTError as error:
            raise InvalidToken from error
        raise InvalidToken("The token is signed with a key that is not known here.")

    def _ensure_for_us(self, audience: object) -> None:
        """A token that names whom it is for is for nobody else (RFC 7519, 4.1.3)."""
        named = audience if isinstance(audience, list) else [audience]
        if audience is not None and not any(one in self._audiences for one in _texts(named)):
            raise InvalidToken("The token is for another service: aud is not known here.")

    def _candidates(self, head: _Claims) -> Iterator[Key]:
        for key in self._keys:
            if head.get("alg") in key.algorithms and key.key_id in (None, head.get("kid")):
                yield key

    def _end_of(self, claims: _Claims) -> datetime | None:
        """``exp`` and the older custom claim ``end_time`` both end a token; one must be there."""
        ends = [_moment(claims.get("end_time")), _from_timestamp(claims.get("exp"))]
        known = [end for end in ends if end is not None]
        if not known and not self._allow_endless:
            raise InvalidToken("The token says neither exp nor end_time.")
        return min(known, default=None)


def _decoded(token: str, key: Key) -> _Claims | None:
    options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
    try:
        claims: _Claims = jwt.decode(
            token, key.material, algorithms=list(key.algorithms), options=options
        )
    except jwt.InvalidSignatureError:
        return None
    if claims.get("iss") not in (None, key.issuer):
        raise InvalidToken("The token is of another issuer than its key.")
    return claims


def _moment(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise InvalidToken from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _from_timestamp(seconds: object) -> datetime | None:
    if seconds is None:
        return None
    if not isinstance(seconds, int | float):
        raise InvalidToken
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise InvalidToken from error


def _caller(issuer: str, claims: _Claims) -> Caller:
    """The user is the principal; a session with only a client acts for the client's owner."""
    granted = frozenset(_scopes(claims))
    user, client = _object(claims, "user"), _object(claims, "client")
    if user and user.get("user_id"):
        subject = storable(user["user_id"])
        name = storable(user.get("username") or subject)
        return Caller(issuer=issuer, subject=subject, name=name, granted=granted)
    if client and client.get("owner_id"):
        return Caller(
            issuer=issuer,
            subject=storable(client["owner_id"]),
            name=f"client:{storable(client.get('client_id', ''))}",
            is_client=True,
            granted=granted,
        )
    raise NoSession


def storable(claim: object) -> str:
    """A name or number of a token, which will stand in rows and logs. Raises ``InvalidToken``."""
    text = str(claim) if isinstance(claim, str | int) else "\0"
    if not is_storable(text) or len(text) > _MAX_CLAIM:
        raise InvalidToken("A claim of the token cannot be stored.")
    return text


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (one for one in values if isinstance(one, str))


def _object(claims: _Claims, name: str) -> _Claims | None:
    value = claims.get(name)
    return value if isinstance(value, dict) else None


def _scopes(claims: _Claims) -> Iterator[GrantedScope]:
    """Three spellings: objects, strings, one string separated by blanks."""
    scopes = (_object(claims, "authorizations") or {}).get("scopes") or []
    if isinstance(scopes, str):
        scopes = scopes.split()
    if not isinstance(scopes, list):
        raise InvalidToken
    for scope in scopes:
        if isinstance(scope, str):
            domain, _, rest = storable(scope).partition(":")
            action, _, resource = rest.partition(":")
            yield GrantedScope(f"{domain}:{action}", resource or None)
        elif isinstance(scope, dict):
            bound = scope.get("resource")
            name = f"{storable(scope.get('domain', ''))}:{storable(scope.get('action', ''))}"
            yield GrantedScope(name, None if bound is None else storable(bound))
        else:
            raise InvalidToken
