"""The rawstore door's part of the composition root."""

from filemanager.api.rawstore.dialect import DIALECT
from filemanager.api.rawstore.door import RawstoreDoor
from filemanager.api.rawstore.key_server import FetchedKeys, fetching
from filemanager.api.rawstore.routes import rawstore
from filemanager.api.rawstore.tokens import (
    DepositorVerifier,
    Issuer,
    PublicKeys,
    SetKey,
    public_key,
)
from filemanager.domain.ports import Clock
from filemanager.domain.rawstore.path_pattern import PathPattern
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.parts import clock
from filemanager.factory.stores.raw_objects import raw_forms
from filemanager.services.rawstore.authorizing import Publishing, RawstoreService
from filemanager.services.rawstore.posting import PostService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import SETTLE, Settler
from filemanager.settings.rawstore import RawstoreSettings
from filemanager.storage.named.directory import DirectoryNamedObjects


def rawstore_door(core: Core) -> Door:
    settings, database, objects = core.settings.rawstore, core.database, core.parts.raw
    publishing = Publishing(settings.rawstore_active_types)
    pattern = PathPattern(settings.storage_path_pattern)
    settler = Settler(database, objects, clock, shares=pattern.is_shared)
    presign = PresignService(database, objects, publishing, settler)
    posts = None
    if isinstance(objects, DirectoryNamedObjects):
        posts = PostService(database, objects, objects, presign, settler)
    return Door(
        stands_on=RawstoreDoor(
            name=settings.service_name,
            verifier=_verifier(settings, core),
            files=RawstoreService(
                database=database,
                objects=objects,
                forms=raw_forms(core.settings, objects, clock),
                pattern=pattern,
                publishing=publishing,
                settler=settler,
                clock=clock,
            ),
            presign=presign,
            settler=settler,
            posts=posts,
        ),
        blueprints=(rawstore,),
        prefix=f"/{settings.service_name}",
        dialect=DIALECT,
        cross_origin=(f"/{settings.service_name}",),
        handlers={SETTLE: settler.run},
    )


def _verifier(settings: RawstoreSettings, core: Core) -> DepositorVerifier:
    issuer = _issuer(settings, clock)
    return DepositorVerifier(core.verifier, issuer, clock, default_mb=settings.rawstore_default_mb)


def _issuer(door: RawstoreSettings, clock: Clock) -> Issuer | None:
    keys = _keys(door, clock)
    if keys is None:
        return None
    return Issuer(name=door.rawstore_issuer, service=door.service_name, keys=keys)


def _keys(door: RawstoreSettings, clock: Clock) -> PublicKeys | None:
    if door.datahub_public_key is not None:
        return SetKey(public_key(door.datahub_public_key.get_secret_value()))
    if door.auth_server is not None:
        return FetchedKeys(fetching(door.auth_server), clock)
    return None
