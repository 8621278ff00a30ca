"""What the routes of the repositories door stand on."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.api.repositories.passwords import PasswordVerifier
from filemanager.api.repositories.waiting import PublicationWait
from filemanager.domain.repositories.catalogue import Catalogue
from filemanager.services.repositories.publishing import Signers
from filemanager.services.repositories.pushing import PushService
from filemanager.services.repositories.reading import RepositoryReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoriesDoor:
    pushes: PushService
    reader: RepositoryReader
    catalogue: Catalogue
    signers: Signers
    passwords: PasswordVerifier
    waiting: PublicationWait
    prefix: str
    max_push_bytes: int


def door() -> RepositoriesDoor:
    return door_of(RepositoriesDoor)
