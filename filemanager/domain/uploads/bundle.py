"""Bundles: many files of a workspace as one upload."""

from dataclasses import dataclass

from filemanager.domain.blobs.blob import Content
from filemanager.domain.errors import Rejected
from filemanager.domain.ids import Digest
from filemanager.domain.workspaces.log import escaped

LEAST_FILES = 2000
"""Every service takes so many in a bundle, whatever its limit of entries: it hides none, and our
client makes bundles of that.
"""

_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class BundledFile:
    """``path`` is a public one. ``content`` None: bytes of that digest and size are known."""

    path: str
    digest: Digest
    size_bytes: int
    content: Content | None


class BundleRefused(Rejected):
    """``why`` ends the sentence about the member at *path*; an empty one is the whole bundle."""

    code = "bundle_refused"

    def __init__(self, path: str, why: str) -> None:
        what = f"'{escaped(path[:_MOST_CHARACTERS])}' of the bundle" if path else "The bundle"
        super().__init__(f"{what} cannot be taken: {why}. Nothing of it was kept.")
