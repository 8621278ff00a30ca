"""The packages door."""

from datetime import timedelta
from functools import partial

import structlog

from filemanager.api.packages.door import PackagesDoor
from filemanager.api.packages.paths import PackageIdConverter
from filemanager.api.packages.routes import packages
from filemanager.domain.packages.hashing import Hashing
from filemanager.domain.packages.statements import StatementSigner
from filemanager.domain.uploads.targets import PackageTarget
from filemanager.factory.core import Core
from filemanager.factory.door import Door
from filemanager.factory.parts import clock
from filemanager.jobs.schedule import Periodic
from filemanager.services.packages.adding import AddService
from filemanager.services.packages.browsing import PackageBrowser
from filemanager.services.packages.checkpointing import CheckpointedPackages
from filemanager.services.packages.editing import ItemEditor
from filemanager.services.packages.freezing import FreezeService
from filemanager.services.packages.hashing import HashService
from filemanager.services.packages.importing import ImportService
from filemanager.services.packages.keeping import PackageKeeper
from filemanager.services.packages.pointing import PointerService, PointerTools
from filemanager.services.packages.receiver import PackageReceiver
from filemanager.services.packages.stating import StatementService
from filemanager.services.packages.tasks import ADD, FREEZE, HASH
from filemanager.services.packages.texts import TextService
from filemanager.settings.packages import PackagesSettings
from filemanager.signing.statements import Ed25519Signer
from filemanager.storage.hashing import HashlibHashing, hashing_of_this_machine


def packages_door(core: Core) -> Door:
    made = package_services(core)
    limits = core.settings.packages.limits(core.settings.max_owner_bytes)
    hashing = hashing_of_this_machine()
    hashes = HashService(core.database, core.sources, hashing, clock)
    return Door(
        stands_on=made,
        blueprints=(packages,),
        converters={"package": PackageIdConverter},
        receivers={PackageTarget: PackageReceiver(made.texts, limits)},
        periodic=(Periodic("prune_pointers", timedelta(days=1), hashes.prune),),
        at_start=(partial(_tell, hashing),),
        handlers={ADD: made.adding.run, FREEZE: made.freezing.run, HASH: hashes.run},
    )


def package_services(core: Core) -> PackagesDoor:
    database, settings = core.database, core.settings.packages
    limits = settings.limits(core.settings.max_owner_bytes)
    freezing = FreezeService(database, core.jobs, limits, clock)
    tools = PointerTools(
        database=database,
        sources=core.sources,
        facts=core.facts,
        hosts=settings.hosts,
        limits=limits,
        clock=clock,
    )
    keeper = PackageKeeper(database, limits, clock)
    return PackagesDoor(
        keeper=keeper,
        browser=PackageBrowser(database),
        texts=TextService(database, core.blobs, core.committer, limits, clock),
        pointers=PointerService(tools),
        adding=AddService(tools, core.jobs),
        importing=ImportService(tools),
        editor=ItemEditor(database, limits, clock),
        freezing=freezing,
        jobs=core.jobs,
        checkpointed=CheckpointedPackages(database, keeper, freezing, core.facts, limits),
        statements=StatementService(database, signer_of(settings)),
    )


def signer_of(settings: PackagesSettings) -> StatementSigner | None:
    """Raises ``StatementKeyRefused``."""
    key = settings.statement_key
    return None if key is None else Ed25519Signer(key.get_secret_value())


def _tell(hashing: Hashing) -> None:
    if isinstance(hashing, HashlibHashing):
        structlog.get_logger().warning("hashes_begin_anew", why="libcrypto was not found")
