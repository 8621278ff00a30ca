"""Packs: the git repositories that a share of a version has, one commit each."""

from dataclasses import dataclass
from enum import StrEnum

from filemanager.domain.ids import Digest
from filemanager.domain.shares.share import ShareId

MAX_ITEMS = 100_000
"""Of a version that has repositories."""


class PackKind(StrEnum):
    """Of which tool the repository is."""

    ANNEX = "annex"
    DVC = "dvc"
    LFS = "lfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePack:
    """``refs`` are the names and the commits that they lead to, ``HEAD`` not among them. ``url``
    is the address that its files name: another one makes another pack.
    """

    share_id: ShareId
    kind: PackKind
    digest: Digest
    url: str
    refs: tuple[tuple[str, str], ...]
