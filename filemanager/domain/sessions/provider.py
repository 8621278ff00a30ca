"""An identity provider: where people have their accounts, and who tells us who they are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from filemanager.domain.requests.secrets import secret_digest

FLOW_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in, from leaving for the provider to coming back.

    ``secret`` is kept by the browser alone. What is said about it follows from it and from its
    beginning, and does not lead back: so nothing is kept here for who never comes back, and no
    browser can make a flow younger.
    """

    secret: str = field(repr=False)
    started_at: datetime
    redirect_uri: str

    @property
    def ends_at(self) -> datetime:
        return self.started_at + FLOW_LASTS

    @property
    def state(self) -> str:
        """What the browser brings back (RFC 6749, 10.12)."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the token must repeat."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the provider is shown for the code (RFC 7636, 4.1)."""
        return self._derived("verifier")

    def _derived(self, name: str) -> str:
        return secret_digest(f"{name}:{self.started_at.timestamp():.0f}:{self.secret}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``subject`` never changes and is nobody else's; ``name`` is for people to read."""

    subject: str
    name: str
    groups: frozenset[str] = frozenset()


class IdentityProvider(Protocol):
    def authorization_url(self, flow: Flow) -> str:
        """Where the browser is to go. Raises ``ProviderUnavailable``."""

    def identify(self, code: str, flow: Flow) -> Identity:
        """Who came back with *code*, within ``FLOW_LASTS``.

        Raises ``SignInRefused`` for what is not to be believed, and ``ProviderUnavailable``.
        """

    def is_issuer(self, named: str) -> bool:
        """Whether it calls itself so (RFC 9207)."""
