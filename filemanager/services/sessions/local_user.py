"""The one user that the service itself knows, by a password of its settings."""

from functools import cached_property

from filemanager.domain.caller import Caller, GrantedScope, Scope
from filemanager.domain.ports import Clock, Database
from filemanager.domain.requests.passwords import MAX_PASSWORD_BYTES, PasswordHashes
from filemanager.domain.sessions.errors import SignInRefused
from filemanager.services.passwords import WrongPasswords

LOCAL_ISSUER = "local"
"""No keys sign tokens of this issuer."""

_NAME = "admin"


class LocalUser:
    """*password* None: there is no such user, and nothing signs in as it."""

    def __init__(
        self, database: Database, hashes: PasswordHashes, clock: Clock, password: str | None
    ) -> None:
        self._wrong = WrongPasswords(database, clock)
        self._hashes = hashes
        self._password = password

    @property
    def is_known(self) -> bool:
        return self._password is not None

    def sign_in(self, password: str, address: str) -> Caller:
        """Raises ``SignInRefused`` and ``TooManyWrongPasswords``."""
        self._wrong.count(address)
        is_short = len(password.encode("utf-8", "replace")) <= MAX_PASSWORD_BYTES
        if not (is_short and self._hashes.fits(self._hash, password)):
            raise SignInRefused("The password is wrong.")
        self._wrong.forgive(address)
        return Caller(
            issuer=LOCAL_ISSUER,
            subject=_NAME,
            name=_NAME,
            granted=frozenset(GrantedScope(scope) for scope in Scope),
        )

    @cached_property
    def _hash(self) -> str | None:
        """Slow on purpose, so not at the start."""
        return None if self._password is None else self._hashes.hashed(self._password)
