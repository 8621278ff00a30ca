"""Grants' part of the composition root."""

from dataclasses import dataclass
from datetime import timedelta

from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.ports import Clock, Database
from filemanager.domain.uploads.ports import DirectStore
from filemanager.services.uploads.admission import Admission
from filemanager.services.uploads.direct import DirectService
from filemanager.services.uploads.grants import GrantService
from filemanager.services.uploads.plans import GrantTerms
from filemanager.services.uploads.receiving import ReceivingService
from filemanager.services.uploads.stale_parts import DirectSweep
from filemanager.settings.service import Settings


@dataclass(frozen=True, slots=True)
class GrantParts:
    settings: Settings
    database: Database
    blobs: BlobStore
    store: DirectStore
    clock: Clock

    def grants(self, admission: Admission, receiving: ReceivingService) -> GrantService:
        return GrantService(
            database=self.database,
            blobs=self.blobs,
            store=self.store,
            admission=admission,
            receiving=receiving,
            terms=GrantTerms(life=timedelta(minutes=self.settings.grant_minutes)),
            clock=self.clock,
        )

    def direct(self) -> DirectService:
        return DirectService(self.database, self.blobs, self.clock)

    def sweep(self) -> DirectSweep:
        """Parts go when no grant can want them any more, and a grace later."""
        life = timedelta(days=self.settings.upload_days)
        grace = timedelta(hours=self.settings.sweep_grace_hours)
        return DirectSweep(self.store, life + grace, self.clock)
