"""The signed statement of a shared version."""

from collections.abc import Mapping

from filemanager.domain.ports import Database
from filemanager.domain.shares.errors import ShareNamesNoVersion
from filemanager.services.packages.stating import StatementService
from filemanager.services.shares.contents.listing import ensure_listed
from filemanager.services.shares.opening import Opened


class SharedStatements:
    def __init__(self, database: Database, statements: StatementService) -> None:
        self._database = database
        self._statements = statements

    def envelope(self, opened: Opened) -> Mapping[str, object]:
        """Raises ``ShareUnlisted``, ``ShareNamesNoVersion`` and ``NoStatements``."""
        ensure_listed(opened)
        if opened.share.number is None:
            raise ShareNamesNoVersion
        with self._database.read() as tx:
            return self._statements.of(tx, opened.edition)
