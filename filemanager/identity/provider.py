"""A provider of OpenID Connect: found by its issuer, asked for who came back with a code."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from threading import BoundedSemaphore
from urllib.parse import urlencode

import structlog

from filemanager.domain.ports import Clock
from filemanager.domain.sessions.errors import ProviderUnavailable, SignInRefused
from filemanager.domain.sessions.provider import Flow, Identity
from filemanager.identity.asking import NoAnswer, ProviderAnswer, ProviderClient
from filemanager.identity.documents import (
    Discovered,
    ProviderKey,
    configuration_url,
    discovered,
    provider_keys,
)
from filemanager.identity.tokens import Expected, KeyUnknown, Unbelievable, identity_of

_KEPT_FOR = timedelta(hours=1)
_KEYS_AGAIN_AFTER = timedelta(minutes=1)
"""A token signed with nobody's key would make us ask for the keys each time."""

_AT_ONCE = 4
"""Threads that wait for the provider; whoever comes beyond is told so, and holds none."""

_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the provider knows us by. ``client_secret`` None: PKCE alone protects the code."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    wants_groups: bool = False


@dataclass(frozen=True, slots=True)
class _Keys:
    keys: tuple[ProviderKey, ...]
    at: datetime


class OpenIdProvider:
    """Its documents are kept for an hour and fetched under no lock: two threads may both do it."""

    def __init__(
        self, registration: Registration, clock: Clock, client: ProviderClient | None = None
    ) -> None:
        self._ours = registration
        self._clock = clock
        self._client = client or ProviderClient()
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._known: tuple[Discovered, datetime] | None = None
        self._keys: _Keys | None = None

    def is_issuer(self, named: str) -> bool:
        return named == self._ours.issuer

    def authorization_url(self, flow: Flow) -> str:
        with self._asking():
            known = self._discovered()
        asked = {
            "response_type": "code",
            "client_id": self._ours.client_id,
            "redirect_uri": flow.redirect_uri,
            "scope": " ".join(self._scopes(known)),
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": _challenge(flow.verifier),
            "code_challenge_method": "S256",
        }
        address = known.authorization_endpoint
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def identify(self, code: str, flow: Flow) -> Identity:
        with self._asking():
            known = self._discovered()
            token = self._token(known, code, flow)
            expected = Expected(self._ours.issuer, self._ours.client_id, flow.nonce)
            keys = self._shown_keys(known, _KEPT_FOR)
            try:
                return identity_of(token, keys, expected, self._clock())
            except KeyUnknown:
                keys = self._shown_keys(known, _KEYS_AGAIN_AFTER)
                return identity_of(token, keys, expected, self._clock())

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Words for the log, and others for the browser."""
        if not self._turns.acquire(blocking=False):
            raise ProviderUnavailable
        try:
            yield
        except NoAnswer as error:
            structlog.get_logger().warning("provider_unavailable", why=str(error))
            raise ProviderUnavailable from error
        except Unbelievable as error:
            structlog.get_logger().warning("sign_in_refused", why=str(error))
            raise SignInRefused(
                "What the identity provider answered is not to be believed, so you are not signed"
                " in. Try again; the operator finds the reason in the log."
            ) from error
        finally:
            self._turns.release()

    def _discovered(self) -> Discovered:
        at = self._clock()
        if self._known is not None and at - self._known[1] < _KEPT_FOR:
            return self._known[0]
        answer = _fine(self._client.get(configuration_url(self._ours.issuer)))
        found = discovered(answer, self._ours.issuer)
        self._known = (found, at)
        return found

    def _shown_keys(self, known: Discovered, kept_for: timedelta) -> tuple[ProviderKey, ...]:
        at, before = self._clock(), self._keys
        if before is not None and at - before.at < kept_for:
            return before.keys
        found = provider_keys(_fine(self._client.get(known.jwks_uri)))
        self._keys = _Keys(found, at)
        return found

    def _scopes(self, known: Discovered) -> Iterator[str]:
        """Some refuse to be asked for a scope that they do not know."""
        yield "openid"
        yield "profile"
        if self._ours.wants_groups and "groups" in known.scopes:
            yield "groups"

    def _token(self, known: Discovered, code: str, flow: Flow) -> str:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": flow.redirect_uri,
            "code_verifier": flow.verifier,
        }
        answer = self._exchanged(known, fields)
        if answer.status == HTTPStatus.BAD_REQUEST and _error(answer) == "invalid_grant":
            raise Unbelievable("the provider does not know the code, or not from this browser")
        token = _fine(answer).get("id_token")
        if not isinstance(token, str):
            raise Unbelievable("the provider gave no ID token")
        return token

    def _exchanged(self, known: Discovered, fields: Mapping[str, str]) -> ProviderAnswer:
        ours, secret = self._ours, self._ours.client_secret
        if secret is not None and known.takes_basic:
            return self._client.post(known.token_endpoint, fields, (ours.client_id, secret))
        named = {**fields, "client_id": ours.client_id}
        if secret is not None:
            named["client_secret"] = secret
        return self._client.post(known.token_endpoint, named, None)


def _fine(answer: ProviderAnswer) -> Mapping[str, object]:
    if answer.status != HTTPStatus.OK:
        raise NoAnswer(f"status {answer.status}, error {_error(answer)}")
    return answer.document


def _error(answer: ProviderAnswer) -> str:
    """Its code alone: a description could repeat what was sent."""
    code = answer.document.get("error")
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else "untold"


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
