"""Users of the repositories door: their passwords, and what they may do."""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.settings.names import Fragment

PLAIN_PASSWORD = "a password itself, where its hash by Werkzeug would do"  # noqa: S105  # words
EVERYWHERE = frozenset(
    {GrantedScope(Scope.REPOSITORY_READ), GrantedScope(Scope.REPOSITORY_PUBLISH)}
)
"""What a user without a rule may do."""

_HASH = re.compile(
    r"(?:scrypt(?::\d+:\d+:\d+)?|pbkdf2(?::(?P<digest>\w+)(?::\d+)?)?)\$[^$]+\$[0-9a-f]+"
)
_MAX_USER_CHARACTERS = 200


def _user(given: str) -> str:
    """What fits a column, and what the header of Basic can tell from the password."""
    if not given.isprintable() or not 0 < len(given) <= _MAX_USER_CHARACTERS or ":" in given:
        raise ValueError(f"a user has 1 to {_MAX_USER_CHARACTERS} characters, and no colon")
    return given


def _password(given: SecretStr) -> SecretStr:
    if not given.get_secret_value():
        raise ValueError("it is empty")
    found = _HASH.fullmatch(given.get_secret_value())
    is_known = found and (found["digest"] or "sha256") in hashlib.algorithms_available
    if not is_known and not is_plain(given):
        raise ValueError(
            "it is no hash of Werkzeug 3; make one by: python3 -c 'from werkzeug.security import"
            ' generate_password_hash; print(generate_password_hash("the password"))\''
        )
    return given


def is_plain(password: SecretStr) -> bool:
    """Whether it is a word itself: every hash has three parts with ``$`` in between."""
    return "$" not in password.get_secret_value()


Credentials = dict[
    Annotated[str, AfterValidator(_user)], Annotated[SecretStr, AfterValidator(_password)]
]
"""By user."""


class UserRule(BaseModel):
    """``publish`` and ``read`` are beginnings of paths; an empty one is that of all."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    publish: tuple[Fragment, ...] = ()
    read: tuple[Fragment, ...] = ()
    admin: bool = False

    @property
    def granted(self) -> frozenset[GrantedScope]:
        publish = {_bound(Scope.REPOSITORY_PUBLISH, one) for one in self.publish}
        read = {_bound(Scope.REPOSITORY_READ, one) for one in self.read}
        admin = {GrantedScope(Scope.REPOSITORY_ADMIN)} if self.admin else set()
        return frozenset(publish | read | admin)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """``password`` is a hash of Werkzeug's, or the password itself."""

    password: SecretStr
    granted: frozenset[GrantedScope]


def _bound(scope: Scope, prefix: str) -> GrantedScope:
    return GrantedScope(scope, prefix.strip("/") or None)
