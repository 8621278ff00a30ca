"""The guard of pages with a package in their path, and what such pages offer."""

from dataclasses import dataclass
from typing import ClassVar

from filemanager.api.http.context import caller
from filemanager.api.http.guards import Tokens
from filemanager.domain.caller import Scope
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.web.door import door
from filemanager.web.session.guard import admit_session


@dataclass(frozen=True, slots=True)
class OpensPackage:
    """Whoever is signed in and has the scope for the package in the path; a stranger's is not
    there. ``has_file``: the form is a multipart one, whose reader looks for its secret.
    """

    scope: Scope
    has_file: bool = False
    tokens: ClassVar = Tokens.UNREAD

    def admit(self, arguments: dict[str, object]) -> None:
        admit_session(has_file=self.has_file)
        package_id = DataPackageId(str(arguments["package_id"]))
        door().packages.keeper.ensure_allowed(caller(), self.scope, package_id)


@dataclass(frozen=True, slots=True)
class OfferedPackage:
    """What the session may do with a package that it reads, so that a page offers no more."""

    package_id: str

    @property
    def write(self) -> bool:
        return self._may(Scope.PACKAGE_WRITE)

    @property
    def share(self) -> bool:
        return self._may(Scope.PACKAGE_SHARE)

    def _may(self, scope: Scope) -> bool:
        return caller().holds(scope) or caller().holds_for(scope, self.package_id)
