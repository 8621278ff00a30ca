"""A session: somebody who signed in with a browser, until it ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType

from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest

WebSessionId = NewType("WebSessionId", int)

LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is known when a session was last used: to write at each request is dear."""

HANDED_OVER_FOR = timedelta(minutes=1)
TOKEN_LASTS = timedelta(minutes=5)

WEB_TOKEN = "fmw_"  # noqa: S105  # what they begin with
"""A token of ours is told from a signed one by its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """``digest`` is that of the secret that the browser keeps. ``ends_at`` is never later than the
    end of the token that it came from.
    """

    id: WebSessionId
    digest: Digest = field(repr=False)
    caller: Caller
    created_at: datetime
    seen_at: datetime
    ends_at: datetime

    def is_alive(self, at: datetime) -> bool:
        return at < min(self.ends_at, self.seen_at + IDLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Leave to sign in once as *caller*. ``session_ends_at`` None: the token behind it is endless,
    and the session ends as any other.
    """

    caller: Caller
    session_ends_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebToken:
    """What a page's scripts ask the API with: ``caller`` holds what its session may do with one
    thing, and nothing else.
    """

    session_id: WebSessionId
    caller: Caller
    ends_at: datetime
