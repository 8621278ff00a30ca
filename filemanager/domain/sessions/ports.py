"""The port of sessions. Of a secret its digest alone is kept, by which it is found.

What has ended may be found: who asks looks at the clock.
"""

from datetime import datetime
from typing import Protocol

from filemanager.domain.ids import Digest
from filemanager.domain.sessions.session import Handover, WebSession, WebSessionId, WebToken


class Handovers(Protocol):
    def add(self, handover: Handover, digest: Digest) -> None: ...
    def find(self, digest: Digest) -> Handover | None: ...

    def take(self, digest: Digest) -> Handover | None:
        """``find``, and it is gone: of many who take it at once one is given it."""

    def prune(self, expired_before: datetime, limit: int) -> int:
        """Returns how many."""


class WebTokens(Protocol):
    def add(self, token: WebToken, digest: Digest) -> None: ...

    def find(self, digest: Digest) -> tuple[WebToken, WebSession] | None:
        """With the session that it is of."""

    def prune(self, ended_before: datetime, limit: int) -> int:
        """Returns how many."""


class WebSessions(Protocol):
    @property
    def handovers(self) -> Handovers: ...
    @property
    def tokens(self) -> WebTokens: ...

    def add(self, session: WebSession) -> WebSession:
        """The id given in it is ignored."""

    def find(self, digest: Digest) -> WebSession | None: ...

    def numbered(self, session_id: WebSessionId) -> WebSession | None:
        """To look at what was signed for it: a number is nobody's secret."""

    def note_seen(self, session_id: WebSessionId, at: datetime) -> None: ...

    def end(self, session_id: WebSessionId) -> None:
        """With its tokens. No error where it has ended."""

    def prune(self, seen_before: datetime, ended_before: datetime, limit: int) -> int:
        """End what was seen last before then, or ended before then; returns how many."""
