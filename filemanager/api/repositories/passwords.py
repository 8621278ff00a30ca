"""Names and passwords of HTTP Basic: from a header to a caller."""

import hashlib
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from werkzeug.datastructures import Authorization
from werkzeug.security import check_password_hash

from filemanager.domain.caller import Caller
from filemanager.domain.ports import Clock
from filemanager.domain.requests.passwords import WrongPassword
from filemanager.services.passwords import WrongPasswords

_REMEMBERED = 4096
_MEMORY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Account:
    """``password`` is a hash of Werkzeug's, or the password itself."""

    caller: Caller
    password: str


class PasswordVerifier:
    """A hash takes a tenth of a second and 32 MiB on purpose, and a client sends its password with
    each request: one that was right is remembered by the digest of its header, and one at a time
    is looked at.
    """

    def __init__(
        self, accounts: Mapping[str, Account], wrong: WrongPasswords, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._wrong = wrong
        self._clock = clock
        self._known: dict[bytes, tuple[Caller, datetime]] = {}
        self._turn = threading.Lock()

    def caller(self, header: str, address: str) -> Caller:
        """Raises ``WrongPassword``, or ``TooManyWrongPasswords`` for one that is not remembered."""
        name = hashlib.sha256(header.encode("utf-8", "surrogateescape")).digest()
        found = self._remembered(name)
        if found is not None:
            return found
        with self._turn:
            # Who waited may have waited for the same password.
            return self._remembered(name) or self._verified(name, header, address)

    def _remembered(self, name: bytes) -> Caller | None:
        caller, until = self._known.get(name, (None, self._clock()))
        return caller if self._clock() < until else None

    def _verified(self, name: bytes, header: str, address: str) -> Caller:
        self._wrong.ensure_few(address)
        caller = self._of(header)
        if caller is None:
            self._wrong.count(address)
            raise WrongPassword
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[name] = caller, self._clock() + _MEMORY
        return caller

    def _of(self, header: str) -> Caller | None:
        sent = Authorization.from_header(header)
        if sent is None or sent.username is None or not self._accounts:
            return None
        # For a name that nobody has as much work is done, so that time does not tell.
        account = self._accounts.get(sent.username)
        hashed = (account or next(iter(self._accounts.values()))).password
        is_right = _fits(hashed, sent.password or "")
        return account.caller if account is not None and is_right else None


def _fits(known: str, sent: str) -> bool:
    if "$" in known:
        return check_password_hash(known, sent)
    return hmac.compare_digest(known.encode(), sent.encode())
