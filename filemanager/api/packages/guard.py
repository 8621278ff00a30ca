"""Who may use a route with a package in its path."""

from dataclasses import dataclass
from typing import ClassVar

from filemanager.api.http.guards import Tokens, authenticated
from filemanager.api.packages.door import door
from filemanager.domain.caller import Scope
from filemanager.domain.packages.data_package import DataPackageId


@dataclass(frozen=True, slots=True)
class OwnsPackage:
    """The scope, and the package in the path: as its owner, for it by name, or globally. A
    stranger's is not there.
    """

    scope: Scope
    tokens: ClassVar = Tokens.NEEDED

    def admit(self, arguments: dict[str, object]) -> None:
        package_id = DataPackageId(str(arguments["package_id"]))
        door().keeper.ensure_allowed(authenticated(), self.scope, package_id)
