"""What the routes of the rawstore door can reach."""

from dataclasses import dataclass

from filemanager.api.http.context import door_of
from filemanager.api.rawstore.tokens import DepositorVerifier
from filemanager.services.rawstore.authorizing import RawstoreService
from filemanager.services.rawstore.posting import PostService
from filemanager.services.rawstore.reading import PresignService
from filemanager.services.rawstore.settling import Settler


@dataclass(frozen=True, slots=True, kw_only=True)
class RawstoreDoor:
    """``posts`` None: the store takes forms itself."""

    name: str
    verifier: DepositorVerifier
    files: RawstoreService
    presign: PresignService
    settler: Settler
    posts: PostService | None


def door() -> RawstoreDoor:
    return door_of(RawstoreDoor)
