"""What whoever looks after the service asks of counters and of damaged bytes."""

from collections.abc import Mapping, Sequence

from filemanager.domain.caller import Owner
from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import packages_subject
from filemanager.domain.ports import Database
from filemanager.domain.quotas import Subject, Usage, open_workspaces_subject, owner_subject


class Overview:
    def __init__(self, database: Database) -> None:
        self._database = database

    def usage(self, owner: Owner) -> Mapping[Subject, Usage]:
        """Zeros for somebody who never held anything."""
        subjects = (owner_subject(owner), open_workspaces_subject(owner), packages_subject(owner))
        with self._database.read() as tx:
            return {one: tx.quotas.usage(one) for one in subjects}

    def quarantined(self) -> Sequence[Digest]:
        """Of the blobs whose bytes were found damaged; an upload of the same ones heals them."""
        with self._database.read() as tx:
            return tx.blobs.quarantined()
