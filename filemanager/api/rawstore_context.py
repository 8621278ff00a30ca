"""What the routes of the rawstore door can reach."""

from dataclasses import dataclass

from filemanager.api.rawstore_tokens import DepositorVerifier
from filemanager.services.rawstore import RawstoreService
from filemanager.services.rawstore_reading import PostService, PresignService
from filemanager.services.rawstore_settling import Settler


@dataclass(frozen=True, slots=True, kw_only=True)
class RawstoreDoor:
    """``posts`` None: the store takes forms itself. ``origins`` may ask from browsers."""

    name: str
    verifier: DepositorVerifier
    files: RawstoreService
    presign: PresignService
    settler: Settler
    posts: PostService | None
    origins: tuple[str, ...]
