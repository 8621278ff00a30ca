"""Pages for people."""

from collections.abc import Iterator
from datetime import timedelta

from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.identity import provider_sign_in
from filemanager.factory.parts import clock
from filemanager.factory.workspaces.door import workspace_services
from filemanager.factory.workspaces.invitations import guest_uses
from filemanager.jobs.schedule import Periodic
from filemanager.services.sessions.local_user import LocalUser
from filemanager.services.sessions.signing_in import SessionService
from filemanager.services.workspaces.versions import VersionService
from filemanager.signing.passwords import Argon2Passwords
from filemanager.web.dialect import DIALECT
from filemanager.web.door import DoorLink, WebDoor, WorkspaceUses
from filemanager.web.mounting import mounted


def web_door(core: Core) -> Door:
    """Nothing where pages are turned off, but that what has ended is forgotten all the same."""
    sessions = SessionService(core.database, clock)
    periodic = (Periodic("prune_sessions", timedelta(hours=1), sessions.prune),)
    if not core.settings.pages.web:
        return Door(periodic=periodic)
    bucket, repositories = core.settings.bucket, core.settings.repositories
    has_root = bool(bucket.bucket_prefix and repositories.repositories_prefix)
    return Door(
        stands_on=WebDoor(
            sessions=sessions,
            tokens=core.web_tokens,
            local_user=_local_user(core),
            provider=provider_sign_in(core),
            workspaces=_workspaces(core),
            guests=guest_uses(core),
            doors=tuple(_doors(core)),
        ),
        blueprints=(mounted(has_root=has_root),),
        dialect=DIALECT,
        periodic=periodic,
    )


def _workspaces(core: Core) -> WorkspaceUses:
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
        advice=made.advice,
    )


def _local_user(core: Core) -> LocalUser:
    given = core.settings.pages.password
    password = None if given is None else given.get_secret_value()
    return LocalUser(core.database, Argon2Passwords(), clock, password)


def _doors(core: Core) -> Iterator[DoorLink]:
    settings = core.settings
    yield DoorLink("workspaces", "/w")
    yield DoorLink("bucket", f"{settings.bucket.bucket_prefix}/")
    yield DoorLink("repositories", f"{settings.repositories.repositories_prefix}/")
    yield DoorLink("api", "/docs")
