"""Rows of sessions as values of the domain, and back."""

import json

from filemanager.db.engine.callers import caller_of, caller_values
from filemanager.db.engine.columns import (
    AnyRow,
    milliseconds,
    moment,
    optional_milliseconds,
    optional_moment,
)
from filemanager.domain.caller import Caller
from filemanager.domain.ids import Digest
from filemanager.domain.sessions.session import Handover, WebSession, WebSessionId, WebToken


def session_of(row: AnyRow) -> WebSession:
    return WebSession(
        id=WebSessionId(row.id),
        digest=Digest(row.digest),
        caller=_caller_of(row.caller),
        created_at=moment(row.created_at),
        seen_at=moment(row.seen_at),
        ends_at=moment(row.ends_at),
    )


def values_of(session: WebSession) -> dict[str, object]:
    return {
        "digest": session.digest,
        "caller": _written(session.caller),
        "created_at": milliseconds(session.created_at),
        "seen_at": milliseconds(session.seen_at),
        "ends_at": milliseconds(session.ends_at),
    }


def handover_of(row: AnyRow) -> Handover:
    return Handover(
        caller=_caller_of(row.caller),
        session_ends_at=optional_moment(row.session_ends_at),
        expires_at=moment(row.expires_at),
    )


def values_of_handover(handover: Handover) -> dict[str, object]:
    return {
        "caller": _written(handover.caller),
        "session_ends_at": optional_milliseconds(handover.session_ends_at),
        "expires_at": milliseconds(handover.expires_at),
    }


def token_of(row: AnyRow) -> tuple[WebToken, WebSession]:
    """Of a token beside its session, whose columns bear their own names."""
    session = session_of(row)
    token = WebToken(
        session_id=session.id,
        caller=_caller_of(row.token_caller),
        ends_at=moment(row.token_ends_at),
    )
    return token, session


def values_of_token(token: WebToken) -> dict[str, object]:
    return {
        "session_id": token.session_id,
        "caller": _written(token.caller),
        "ends_at": milliseconds(token.ends_at),
    }


def _caller_of(text: str) -> Caller:
    return caller_of(json.loads(text))


def _written(caller: Caller) -> str:
    return json.dumps(caller_values(caller))
