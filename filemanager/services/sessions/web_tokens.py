"""Tokens for the scripts of a page: short, for one thing, and gone with the session."""

from dataclasses import replace
from datetime import datetime

from filemanager.domain.caller import Caller, GrantedScope, Owner, Scope
from filemanager.domain.errors import Forbidden, InvalidToken
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.ports import Clock, Database, Transaction
from filemanager.domain.requests.secrets import new_secret, secret_digest
from filemanager.domain.sessions.session import TOKEN_LASTS, WEB_TOKEN, WebSession, WebToken
from filemanager.services.sessions.signing_in import count_sign_in

MAX_TOKENS = 3000
"""Of an owner in an hour."""

_OF_WORKSPACE = (
    Scope.READ,
    Scope.UPDATE,
    Scope.RELEASE,
    Scope.DELETE,
    Scope.READ_LOGS,
    Scope.CREATE_CHECKPOINT,
    Scope.READ_CHECKPOINTS,
    Scope.RESTORE_CHECKPOINT,
    Scope.DELETE_CHECKPOINT,
)
"""Nobody's administration, and not what would end the workspace."""


class WebTokenService:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def for_workspace(
        self, session: WebSession, workspace_id: WorkspaceId, owner: Owner
    ) -> tuple[str, datetime]:
        """A token that may do with *owner*'s workspace what the session may, and its end.

        Raises ``TooManySignIns``.
        """
        at, secret = self._clock(), new_secret()
        token = WebToken(
            session_id=session.id,
            caller=_bound(session.caller, owner, str(workspace_id)),
            ends_at=min(at + TOKEN_LASTS, session.ends_at),
        )
        text = f"{WEB_TOKEN}{secret.text}"

        def work(tx: Transaction) -> None:
            count_sign_in(tx, "web_tokens", session.caller, at, MAX_TOKENS)
            tx.sessions.tokens.add(token, secret_digest(text))

        self._database.write(work)
        return text, token.ends_at

    def caller(self, text: str) -> Caller:
        """Who asks with it, as long as its session lives. Raises ``InvalidToken``."""
        with self._database.read() as tx:
            found = tx.sessions.tokens.find(secret_digest(text))
        at = self._clock()
        if found is None or found[0].ends_at <= at or not found[1].is_alive(at):
            raise InvalidToken("The token of the page has ended.")
        return found[0].caller


def _bound(caller: Caller, owner: Owner, resource: str) -> Caller:
    granted = {
        GrantedScope(scope, resource)
        for scope in _OF_WORKSPACE
        if _may(caller, scope, owner, resource)
    }
    return replace(caller, granted=frozenset(granted))


def _may(caller: Caller, scope: Scope, owner: Owner, resource: str) -> bool:
    try:
        caller.ensure_may(scope, owner, resource)
    except Forbidden:
        return False
    return True
