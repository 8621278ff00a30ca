"""Who may use the repositories door: a name with its password, or a token; to read, anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from flask import g, request

from filemanager.api.http.front.sites import ensure_same_site
from filemanager.api.http.guards import Tokens, authenticated
from filemanager.api.repositories.door import door
from filemanager.api.repositories.paths import tidied
from filemanager.domain.caller import Caller, Scope
from filemanager.domain.repositories.errors import RepositoryAddressRefused, RepositoryUnknown
from filemanager.domain.repositories.rights import ensure_may
from filemanager.services.repositories.addresses import Inside, located

_BASIC = "basic "

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Basic:
    """The scope for every repository that the path stands for: asked before the body is read."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        if _sends_password():
            ensure_same_site()
        asking, path = _known(), str(arguments["path"])
        try:
            targets = [target.path for target in door().catalogue.targets(path)]
        except RepositoryAddressRefused:
            # Who may fill nothing there is told that, and not what there is.
            ensure_may(asking, self.scope, path)
            raise
        for target in targets:
            ensure_may(asking, self.scope, target)


@dataclass(frozen=True, slots=True)
class OfFile:
    """The scope for the repository whose file is at the path."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        if _sends_password():
            ensure_same_site()
        asking, path = _known(), tidied(str(arguments["path"]))
        try:
            where = located(door().catalogue, path)
        except RepositoryUnknown:
            # Who may change nothing there is told that, and not what there is.
            ensure_may(asking, self.scope, path)
            return
        ensure_may(asking, self.scope, where.address.path if isinstance(where, Inside) else path)


@dataclass(frozen=True, slots=True)
class Keeps:
    """The scope for the one repository in the path. Who may not know of that is told of none."""

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        if _sends_password():
            ensure_same_site()
        asking, path = _known(), str(arguments["repository"])
        door().keeping.browser.ensure_allowed(asking, self.scope, path)


@dataclass(frozen=True, slots=True)
class OpenRepositories:
    """Anybody. The view asks who it is where that makes a difference, by ``seen``: clients send
    their passwords to public repositories too. ``why`` is for the reader.
    """

    why: str
    scope: ClassVar[None] = None
    tokens: ClassVar = Tokens.OPTIONAL

    def admit(self, arguments: dict[str, object]) -> None:
        """Nobody is refused here."""


def seen(look: Callable[[Caller | None], Seen]) -> Seen:
    """What everybody sees; where that is no repository, what the caller does.

    Raises what *look* raises and, for credentials that were looked at, ``Unauthenticated``.
    """
    try:
        return look(None)
    except RepositoryUnknown:
        if "Authorization" not in request.headers:
            raise
        return look(_known())


def seen_beyond(found: Seen, look: Callable[[Caller | None], Seen]) -> Seen:
    """What the caller sees where everybody sees *found*. Raises like ``seen``."""
    return look(_known()) if "Authorization" in request.headers else found


def _known() -> Caller:
    """Who the password or the token says it is, set as the request's caller."""
    if not _sends_password():
        return authenticated()
    found = door().passwords.caller(_header(), request.remote_addr or "")
    g.caller = found
    return found


def _sends_password() -> bool:
    return _header()[: len(_BASIC)].lower() == _BASIC


def _header() -> str:
    return request.headers.get("Authorization", "")
