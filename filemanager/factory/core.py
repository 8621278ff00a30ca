"""The use cases that several doors stand on."""

from dataclasses import dataclass

from filemanager.api.http.auth import TokenVerifier
from filemanager.archives.unpacker import ArchiveUnpacker
from filemanager.domain.blobs.store import BlobStore
from filemanager.domain.intake.unpacking import Unpacker
from filemanager.domain.ports import Database
from filemanager.domain.sources.objects import Sources
from filemanager.factory.kept_sources import kept_sources
from filemanager.factory.keys import verifier
from filemanager.factory.parts import Parts, clock
from filemanager.services.committing import Committer
from filemanager.services.facts import FactService
from filemanager.services.health import HealthService
from filemanager.services.idempotency import IdempotencyService
from filemanager.services.intake import Intake
from filemanager.services.jobs import JobService
from filemanager.services.sessions.web_tokens import WebTokenService
from filemanager.settings.service import Settings
from filemanager.storage.media_types import guess


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    parts: Parts
    verifier: TokenVerifier
    web_tokens: WebTokenService
    committer: Committer
    unpacker: Unpacker
    intake: Intake
    facts: FactService
    jobs: JobService
    idempotency: IdempotencyService
    health: HealthService
    sources: Sources

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def blobs(self) -> BlobStore:
        return self.parts.blobs


def core_of(parts: Parts) -> Core:
    database, blobs = parts.database, parts.blobs
    unpacker = ArchiveUnpacker()
    web_tokens = WebTokenService(database, clock)
    return Core(
        parts=parts,
        verifier=verifier(parts.settings, clock, web_tokens.caller),
        web_tokens=web_tokens,
        committer=Committer(database, blobs, clock),
        unpacker=unpacker,
        intake=Intake(parts.space, unpacker, parts.limits, clock),
        facts=FactService(database, blobs, guess),
        jobs=JobService(database, clock),
        idempotency=IdempotencyService(
            database, clock, keys_per_day=parts.settings.idempotency_keys_per_day
        ),
        health=HealthService(database, blobs, parts.space, clock),
        sources=kept_sources(parts.settings.connected_sources),
    )
