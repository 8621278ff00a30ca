"""What the routes of data packages stand on, and where they are."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.services.jobs import JobService
from filemanager.services.packages.adding import AddService
from filemanager.services.packages.browsing import PackageBrowser
from filemanager.services.packages.checkpointing import CheckpointedPackages
from filemanager.services.packages.editing import ItemEditor
from filemanager.services.packages.freezing import FreezeService
from filemanager.services.packages.importing import ImportService
from filemanager.services.packages.keeping import PackageKeeper
from filemanager.services.packages.pointing import PointerService
from filemanager.services.packages.stating import StatementService
from filemanager.services.packages.texts import TextService

API = "/packages/api"
PACKAGES = f"{API}/packages"
ONE = f"{PACKAGES}/<package:package_id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesDoor:
    keeper: PackageKeeper
    browser: PackageBrowser
    texts: TextService
    pointers: PointerService
    adding: AddService
    importing: ImportService
    editor: ItemEditor
    freezing: FreezeService
    checkpointed: CheckpointedPackages
    statements: StatementService
    jobs: JobService


def door() -> PackagesDoor:
    return door_of(PackagesDoor)
