"""Adapters to sources, made of settings, for every door and for commands."""

from filemanager.domain.ports import Database
from filemanager.domain.sources.objects import Sources
from filemanager.factory.parts import clock
from filemanager.services.sources.keeping import SourceService
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.storage.sources.connecting import Gate
from filemanager.storage.sources.registry import KeptSources
from filemanager.storage.sources.sealing import AesSeals


def kept_sources(settings: ConnectedSourcesSettings) -> Sources:
    """Nothing is connected."""
    seals = AesSeals(settings.keys)
    return KeptSources(Gate(settings.listed_hosts), seals.open, settings.directories)


def source_service(
    database: Database, sources: Sources, settings: ConnectedSourcesSettings
) -> SourceService:
    return SourceService(database, sources, AesSeals(settings.keys), clock)
