"""What ``Upload-Metadata`` asks for: the target of an upload, and its batch."""

import re
from collections.abc import Mapping

from filemanager.api.uploads.tus.headers import HeaderRefused
from filemanager.domain.ids import MAX_ID, GuestId, WorkspaceId, is_random_id
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY
from filemanager.domain.uploads.targets import (
    DropTarget,
    InvitationTarget,
    PackageTarget,
    RepositoryTarget,
    Target,
    WorkspaceTarget,
)
from filemanager.domain.uploads.upload import MAX_REPOSITORY_CHARACTERS, BatchId, batch_id_from

_WHERE = ("workspace", "bucket", "package", "repository")
_OURS = {
    *_WHERE, "ancillary", "batch", "bundle", "filename", "filetype", "name", "path", "product",
    "relativePath", "unpack",
}  # fmt: skip
"""Keys that mean something here, or that clients add by themselves."""

_BUNDLE = "bundle.tar"
_NUMBER = re.compile(r"[0-9]{1,19}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_ABSENT = ("", "null", "undefined")
"""As Uppy writes that a file was not chosen with its directory."""


def target_of(metadata: Mapping[str, str], guest_id: GuestId | None) -> Target:
    """Raise ``HeaderRefused`` unless there is one place to go to, that a target can name.

    A guest goes nowhere but to his files.
    """
    if guest_id is not None:
        return _handed_in(metadata, guest_id)
    wanted = [where for where in _WHERE if where in metadata]
    if len(wanted) != 1:
        raise _refused(f"must name one of: {', '.join(_WHERE)}")
    if "bundle" in metadata and wanted != ["workspace"]:
        raise _refused("must name a workspace with 'bundle': nothing else takes one")
    if wanted[0] == "bucket":
        return DropTarget(name=_path(metadata), labels=_labels(metadata))
    if wanted[0] == "repository":
        return _in_repository(metadata)
    if wanted[0] == "package":
        return _in_package(metadata)
    return _in_workspace(metadata)


def _in_workspace(metadata: Mapping[str, str]) -> Target:
    number = metadata["workspace"]
    if not _NUMBER.fullmatch(number) or int(number) > MAX_ID:
        raise _refused("must name a workspace by its number")
    is_bundle = "bundle" in metadata
    return WorkspaceTarget(
        workspace_id=WorkspaceId(int(number)),
        path=_bundle(metadata) if is_bundle else _path(metadata),
        unpack=_flag(metadata, "unpack"),
        is_bundle=is_bundle,
    )


def batch_of(metadata: Mapping[str, str]) -> BatchId | None:
    batch = metadata.get("batch")
    if batch is None:
        return None
    named = batch_id_from(batch)
    if named is None:
        raise _refused("must name a batch in 1 to 64 ASCII letters, digits, '.', '_' and '-'")
    return named


def _handed_in(metadata: Mapping[str, str], guest_id: GuestId) -> Target:
    if any(where in metadata for where in _WHERE):
        raise _refused("must name no place: guests hand in")
    unpack = _flag(metadata, "unpack")
    return InvitationTarget(guest_id=guest_id, path=_path(metadata), unpack=unpack)


def _in_repository(metadata: Mapping[str, str]) -> Target:
    """A package lies where its name says: of a path the last segment is taken."""
    path = metadata["repository"]
    if not 0 < len(path) <= MAX_REPOSITORY_CHARACTERS:
        raise _refused("must name a repository by its path")
    name = _path(metadata).rpartition("/")[2]
    return RepositoryTarget(repository=path, name=name, product=metadata.get("product"))


def _in_package(metadata: Mapping[str, str]) -> Target:
    package_id = metadata["package"]
    if not is_random_id(package_id):
        raise _refused("must name a package by its id")
    return PackageTarget(package_id=DataPackageId(package_id), path=_path(metadata))


def _bundle(metadata: Mapping[str, str]) -> str:
    """What a bundle is called in answers; its files have paths of their own."""
    if metadata["bundle"] or "ancillary" in metadata:
        raise _refused("must have 'bundle' without a value, and not 'ancillary': its paths say it")
    return metadata.get("filename") or metadata.get("name") or _BUNDLE


def _labels(metadata: Mapping[str, str]) -> Mapping[str, str]:
    """What the bucket's own form takes as headers are other keys here."""
    return {key.lower(): value for key, value in metadata.items() if key not in _OURS}


def _path(metadata: Mapping[str, str]) -> str:
    """The most exact of what clients send; ``ancillary`` puts it into that area."""
    relative = metadata.get("relativePath", "").removeprefix("/")
    name = metadata.get("filename") or metadata.get("name")
    path = metadata.get("path") or (name if relative in _ABSENT else relative)
    if not path:
        raise _refused("must have a path or a filename")
    area = f"{ANCILLARY_DIRECTORY}/"
    if _flag(metadata, "ancillary") and not path.startswith(area):
        return f"{area}{path}"
    return path


def _flag(metadata: Mapping[str, str], name: str) -> bool | None:
    text = metadata.get(name)
    if text is None:
        return None
    if text.lower() not in _FLAGS:
        raise _refused(f"must say true or false for '{name}'")
    return _FLAGS[text.lower()]


def _refused(why: str) -> HeaderRefused:
    return HeaderRefused("Upload-Metadata", why)
