"""What commands of the service begin with: settings and tables; and the command for tables."""

import click
import structlog

from filemanager.commands.ending import stop
from filemanager.db.engine.migrate import (
    NewerTables,
    NoDatabase,
    reach,
    upgrade,
)
from filemanager.settings import reading as config
from filemanager.settings.credentials import PLAIN_PASSWORD
from filemanager.settings.reading import BadSettings
from filemanager.settings.service import WEAK_SECRET, Settings
from filemanager.storage.private import is_wider, private_directory


def load_settings() -> Settings:
    """Exit with every problem of the settings told."""
    try:
        return config.load()
    except BadSettings as bad:
        stop(f"The settings are wrong:\n{bad}")


def tell_what_is_open(settings: Settings) -> None:
    """Say loudly what others on this machine may look into, or sign tokens with.

    For what serves; once it is prepared.
    """
    log = structlog.get_logger()
    if passed_over := config.service_links():
        detail = "Kubernetes set them; enableServiceLinks: false ends it."
        log.warning("service_links", variables=passed_over, detail=detail)
    if settings.has_weak_secret:
        log.warning("weak_secret", detail=f"JWT_SECRET is {WEAK_SECRET}")
    if settings.repositories.has_plain_password:
        log.warning("plain_password", detail=f"RWS_CREDENTIALS has {PLAIN_PASSWORD}")
    if settings.repositories.is_unsigned:
        log.warning("unsigned_repositories", detail="Set GPG_SIGN_KEY_ARMORED to have them signed.")
    for path in (settings.data_dir, settings.scratch, settings.data_dir / "filemanager.db"):
        if is_wider(path):
            detail = f"Others on this machine may use it. Close it by: chmod go= {path}"
            log.warning("open_to_others", path=str(path), detail=detail)


def prepare(settings: Settings) -> None:
    """Make the directories, and bring the tables up to date or exit where they are not."""
    is_current = _reach(settings)
    private_directory(settings.scratch)
    if is_current:
        return
    if settings.migrate:
        _upgrade(settings)
    else:
        stop("The tables are not those of this version: run `filemanager migrate` first.")


@click.command(name="migrate")
def migrate_tables() -> None:
    """Bring the tables up to date, for services that run with FILEMANAGER_MIGRATE=false."""
    settings = load_settings()
    if not _reach(settings):
        # Processes that do so together take turns.
        _upgrade(settings)


def _reach(settings: Settings) -> bool:
    """Whether the tables are those of this version."""
    private_directory(settings.data_dir)
    try:
        return reach(settings.database)
    except NoDatabase as none:
        stop(f"The database cannot be used: {none}")


def _upgrade(settings: Settings) -> None:
    try:
        upgrade(settings.database)
    except NewerTables:
        stop(
            "The tables are those of a later version, and go forward only: run that version, or"
            " bring back the backup that was made before it."
        )
