"""What every export is made of: a package's edition under a base, and its items."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from filemanager.domain.ids import Digest
from filemanager.domain.packages.data_package import DataPackageId, Description


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """``sha256`` None: it was pending when the edition was frozen, and is listed as that alone.

    ``is_text``: it is a text of the package. ``is_ours``: we have its bytes. ``etag`` is the
    source's, without quotation marks; HEAD answers the same, since DVC tells by it what is pending.
    """

    path: str
    size_bytes: int
    sha256: Digest | None
    md5: str | None
    media_type: str
    etag: str | None
    is_text: bool
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """``base`` is an absolute URL ending in a slash: that of a share or of a capability.

    ``number`` None: the living items, under no version.
    """

    package_id: DataPackageId
    described: Description
    number: int | None
    items: int
    size_bytes: int
    digest: Digest | None
    is_anonymous: bool
    frozen_at: datetime
    base: str

    def url_of(self, path: str) -> str:
        """Where the bytes of an item are fetched, for as long as the base holds."""
        return f"{self.base}f/{_quoted(path)}"


@lru_cache(maxsize=64)
def _quoted(path: str) -> str:
    """Several documents ask for the URL of one item in turn; this is what is dearest of it."""
    return quote(path, safe="/")


Items = Callable[[], Iterable[ListedItem]]
"""The items by path in the byte order of UTF-8, as often as they are asked for."""
