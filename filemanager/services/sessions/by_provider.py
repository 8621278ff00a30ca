"""Signing in by an identity provider: left for with a secret, come back from with a code, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from filemanager.domain.caller import Caller, GrantedScope
from filemanager.domain.ports import Clock, Database
from filemanager.domain.requests.secrets import is_same, new_secret
from filemanager.domain.sessions.errors import SignInRefused
from filemanager.domain.sessions.provider import Flow, Identity, IdentityProvider
from filemanager.services.sessions.signing_in import NewSession, SessionService

_SKEW = timedelta(seconds=60)
"""By how much the clocks of two nodes may differ."""

_MOST_DIGITS = 11
_LONGEST_SECRET = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Whom the provider's people are here: ``name`` is their issuer."""

    name: str
    scopes: frozenset[GrantedScope]
    by_group: Mapping[str, frozenset[GrantedScope]]

    def caller(self, identity: Identity) -> Caller:
        more = (self.by_group.get(group, frozenset()) for group in identity.groups)
        return Caller(
            issuer=self.name,
            subject=identity.subject,
            name=identity.name,
            granted=self.scopes.union(*more),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack:
    """``flow`` is what the browser kept, the rest what the provider gave it; empty: nothing."""

    flow: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)
    error: str = ""
    issuer: str = ""


class ProviderSignIn:
    def __init__(
        self, database: Database, clock: Clock, provider: IdentityProvider, accounts: Accounts
    ) -> None:
        self._database = database
        self._clock = clock
        self._sessions = SessionService(database, clock)
        self._provider = provider
        self._accounts = accounts

    @property
    def name(self) -> str:
        return self._accounts.name

    def begin(self, redirect_uri: str) -> tuple[str, str]:
        """What the browser keeps, which has no slash, and where it is to go.

        Raises ``ProviderUnavailable``.
        """
        started_at = self._clock().replace(microsecond=0)
        flow = Flow(new_secret().text, started_at, redirect_uri)
        kept = f"{started_at.timestamp():.0f}.{flow.secret}"
        return kept, self._provider.authorization_url(flow)

    def finish(self, brought: BroughtBack, redirect_uri: str, replaced: str | None) -> NewSession:
        """``SessionService.begin`` for who signed in there; each flow serves once.

        Raises ``SignInRefused``, ``ProviderUnavailable`` and ``TooManySignIns``.
        """
        flow = replace(self._own_flow(brought), redirect_uri=redirect_uri)
        if brought.issuer and not self._provider.is_issuer(brought.issuer):
            raise _logged(
                "another_issuer",
                SignInRefused("Another identity provider answered than was asked."),
            )
        if brought.error or not brought.code:
            raise _logged(
                "no_code", SignInRefused("The identity provider did not sign you in. Try again.")
            )
        identity = self._provider.identify(brought.code, flow)
        self._use_up(flow)
        return self._sessions.begin(self._accounts.caller(identity), None, replaced)

    def _own_flow(self, brought: BroughtBack) -> Flow:
        flow, now = _flow(brought.flow), self._clock()
        is_of_now = flow is not None and flow.started_at - _SKEW <= now < flow.ends_at
        if flow is None or not is_of_now or not is_same(brought.state, flow.state):
            raise _logged(
                "not_begun_here",
                SignInRefused(
                    "This sign-in was not begun in this browser, or more than ten minutes ago."
                    " Begin it again."
                ),
            )
        return flow

    def _use_up(self, flow: Flow) -> None:
        """Counted only now: who never was at the provider writes nothing."""
        subject = f"flow:{flow.nonce}"
        if not self._database.write(lambda tx: tx.tallies.take(subject, 1, 1, flow.ends_at)):
            raise _logged("used", SignInRefused("This sign-in was used already. Begin it again."))


def _flow(kept: str) -> Flow | None:
    seconds, _, secret = kept.partition(".")
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) <= _MOST_DIGITS
    if not is_time or not 0 < len(secret) <= _LONGEST_SECRET:
        return None
    return Flow(secret, datetime.fromtimestamp(int(seconds), UTC), "")


def _logged(why: str, refusal: SignInRefused) -> SignInRefused:
    structlog.get_logger().warning("sign_in_refused", why=why)
    return refusal
