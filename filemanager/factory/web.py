"""Pages for people."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.hosts import hosts_of
from filemanager.factory.identity import provider_sign_in
from filemanager.factory.kept_sources import source_service
from filemanager.factory.packages.door import package_services
from filemanager.factory.packages.shares import owned_shares, share_previews
from filemanager.factory.parts import clock
from filemanager.factory.workspaces.door import workspace_services
from filemanager.factory.workspaces.invitations import invitation_uses
from filemanager.jobs.schedule import Periodic
from filemanager.services.sessions.local_user import LocalUser
from filemanager.services.sessions.previews import SessionPreviews
from filemanager.services.sessions.signing_in import SessionService
from filemanager.services.shares.keys import AccessKeys
from filemanager.services.sources.blocking import OwnerBlocking
from filemanager.services.upkeep.overview import Overview, OwnerLimits
from filemanager.services.workspaces.advice import AdviceService
from filemanager.services.workspaces.checking.looking import LOOK_THROUGH, PageAdvice
from filemanager.services.workspaces.checking.missing import MissingFiles
from filemanager.services.workspaces.versions import VersionService
from filemanager.settings.reading import effective
from filemanager.signing.passwords import Argon2Passwords
from filemanager.web.dialect import DIALECT
from filemanager.web.door import AdministrationUses, DoorLink, PackageUses, WebDoor, WorkspaceUses
from filemanager.web.mounting import mounted
from filemanager.web.previews.dialect import dialect as dialect_of_previews


def content_door(core: Core) -> Door:
    """It words what is refused on the content origin; what is shown there is of the pages."""
    return Door(dialect=dialect_of_previews(hosts_of(core.settings)))


_LISTED_BYTES = 4 << 20
_LISTED_FILES = 200
"""How much of a workspace is read that nobody has looked at yet, for a list alone."""


def web_door(core: Core, periods: Mapping[str, timedelta]) -> Door:
    """*periods* are those of all other periodic work.

    Nothing where pages are turned off, but that what has ended is forgotten all the same, and what
    was promised is done.
    """
    sessions = SessionService(core.database, clock)
    periodic = (Periodic("prune_sessions", timedelta(hours=1), sessions.prune),)
    advice = PageAdvice(core.database, core.blobs, clock)
    handlers = {LOOK_THROUGH: advice.look_through}
    if not core.settings.pages.web:
        return Door(handlers=handlers, periodic=periodic)
    bucket, repositories = core.settings.bucket, core.settings.repositories
    has_root = bool(bucket.bucket_prefix and repositories.repositories_prefix)
    return Door(
        stands_on=WebDoor(
            sessions=sessions,
            tokens=core.web_tokens,
            previews=SessionPreviews(core.database, core.blobs, clock),
            share_previews=share_previews(core),
            hosts=hosts_of(core.settings),
            local_user=_local_user(core),
            provider=provider_sign_in(core),
            content_origin=core.settings.pages.content_origin,
            workspaces=_workspaces(core, advice),
            invitations=invitation_uses(core),
            packages=_packages(core),
            administration=_administration(core, periods),
            doors=tuple(_doors(core)),
        ),
        blueprints=(mounted(has_root=has_root),),
        dialect=DIALECT,
        handlers=handlers,
        periodic=periodic,
    )


def _workspaces(core: Core, advice: PageAdvice) -> WorkspaceUses:
    made = workspace_services(core)
    return WorkspaceUses(
        life=made.workspaces,
        files=made.files,
        editing=made.editing,
        content=made.content,
        reading=made.reading,
        rechecking=made.rechecking,
        checkpoints=made.checkpoints,
        versions=VersionService(core.database, core.blobs),
        facts=made.facts,
        advice=advice,
        missing=MissingFiles(
            AdviceService(
                core.database, core.blobs, max_new_bytes=_LISTED_BYTES, max_new_files=_LISTED_FILES
            )
        ),
        receipts=made.receipts,
    )


def _packages(core: Core) -> PackageUses:
    made = package_services(core)
    return PackageUses(
        keeper=made.keeper,
        browser=made.browser,
        texts=made.texts,
        adding=made.adding,
        editor=made.editor,
        freezing=made.freezing,
        sources=source_service(core.database, core.sources, core.settings.connected_sources),
        shares=owned_shares(core),
        keys=AccessKeys(core.database, clock),
        importing=made.importing,
        pointers=made.pointers,
        checkpointed=made.checkpointed,
        statements=made.statements,
    )


def _administration(core: Core, periods: Mapping[str, timedelta]) -> AdministrationUses:
    return AdministrationUses(
        health=core.health,
        jobs=core.jobs,
        overview=Overview(
            core.database,
            OwnerLimits(
                bytes=core.settings.max_owner_bytes,
                workspaces=core.settings.max_open_workspaces,
                packages=core.settings.packages.max_packages,
            ),
        ),
        blocking=OwnerBlocking(core.database, clock),
        sources=source_service(core.database, core.sources, core.settings.connected_sources),
        listed_hosts=core.settings.connected_sources.listed_hosts,
        periods=periods,
        settings=effective(core.settings),
    )


def _local_user(core: Core) -> LocalUser:
    given = core.settings.pages.password
    password = None if given is None else given.get_secret_value()
    return LocalUser(core.database, Argon2Passwords(), clock, password)


def _doors(core: Core) -> Iterator[DoorLink]:
    settings = core.settings
    yield DoorLink("workspaces", "/w")
    yield DoorLink("packages", "/packages")
    yield DoorLink("invitations", "/invitations")
    yield DoorLink("bucket", f"{settings.bucket.bucket_prefix}/")
    yield DoorLink("repositories", f"{settings.repositories.repositories_prefix}/")
    yield DoorLink("api", "/docs")
