"""Places of sources as people tell them, made what we keep."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePosixPath

from filemanager.domain.errors import Malformed
from filemanager.domain.sources.addresses import ListedHosts, endpoint_from
from filemanager.domain.sources.source import BucketPlace, DirectoryPlace

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", re.ASCII)
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_MAX_PREFIX_BYTES = 1024


def bucket_place_from(told: BucketPlace, listed: ListedHosts) -> BucketPlace:
    """*told* with endpoints in one form; without a public one it is the other.

    Raises ``Malformed`` and ``EndpointRefused``.
    """
    if not _BUCKET.fullmatch(told.bucket):
        raise Malformed("A bucket's name has letters, digits, '.', '_' and '-', 255 at most.")
    if not _REGION.fullmatch(told.region):
        raise Malformed("A region has letters, digits and '-', 64 at most.")
    if "\0" in told.prefix or len(told.prefix.encode(errors="replace")) > _MAX_PREFIX_BYTES:
        raise Malformed(f"A prefix has {_MAX_PREFIX_BYTES} bytes at most, and no U+0000.")
    asked = endpoint_from(told.endpoint)
    public = endpoint_from(told.public_endpoint) if told.public_endpoint else asked
    for one in (asked, public):
        listed.ensure_may_be_called(one)
    return replace(told, endpoint=str(asked), public_endpoint=str(public))


def listed_place_from(told: BucketPlace, listed: ListedHosts) -> BucketPlace:
    """``bucket_place_from`` for whoever is not the operator, who has us ask listed hosts alone.

    The public endpoint we never ask: to list it would be to let its host lie anywhere.
    """
    listed.ensure_listed(endpoint_from(told.endpoint))
    return bucket_place_from(told, listed)


def directory_place_from(path: str, allowed: Collection[PurePosixPath]) -> DirectoryPlace:
    """Raise ``Malformed``."""
    told = PurePosixPath(path)
    if ".." in told.parts or not any(told.is_relative_to(one) for one in allowed):
        raise Malformed(
            f"The directory '{path[:300]}' lies below none of FILEMANAGER_SOURCE_DIRECTORIES."
        )
    return DirectoryPlace(path=str(told))
