"""The door of sources."""

from filemanager.api.sources.door import SourcesDoor
from filemanager.api.sources.routes import sources
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.kept_sources import source_service
from filemanager.factory.parts import clock
from filemanager.services.sources.declaring import DeclaredSources
from filemanager.storage.sources.sealing import AesSeals


def sources_door(core: Core) -> Door:
    settings = core.settings.connected_sources
    service = source_service(core.database, core.sources, settings)
    declared = DeclaredSources(
        database=core.database,
        service=service,
        seals=AesSeals(settings.keys),
        declared=settings.declared,
        clock=clock,
    )
    return Door(
        stands_on=SourcesDoor(service=service, listed=settings.listed_hosts),
        blueprints=(sources,),
        at_start=(declared.apply,),
    )
