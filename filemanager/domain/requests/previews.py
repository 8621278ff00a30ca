"""Previews: leave to see one file for a while, signed by what opens it and gone with that."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filemanager.domain.errors import NotFound
from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.secrets import signature

PREVIEW_LASTS = timedelta(minutes=5)

_TOKEN = re.compile(
    r"([1-9][0-9]{0,18})\.([0-9]{1,19})\.([0-9]{1,11})\.([A-Za-z0-9_-]*)\.[0-9a-f]{64}"
)


class PreviewNotFound(NotFound):
    """Nothing was signed like this, or its time is over, or the right that it stood for."""

    code = "preview_not_found"

    def __init__(self) -> None:
        super().__init__(
            "A file is shown here for five minutes, as long as it may be seen where its address was"
            " made. That is over, or the address was changed. Load the page of the file again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPreview:
    """``by`` is the number of what signs it, ``of`` of what else is looked at; ``ends_at`` is a
    whole second. What the bytes are is signed, and not said: it is looked up at ``path``, so that
    an address ends when other bytes are there.
    """

    by: int
    of: int
    path: str
    ends_at: datetime


def preview_until(at: datetime, end: datetime | None = None) -> datetime:
    """The end of one that is made now; *end* is that of the right to see it."""
    lasting = at.replace(microsecond=0) + PREVIEW_LASTS
    return lasting if end is None else min(lasting, end.replace(microsecond=0))


def preview_token(preview: SignedPreview, key: bytes, *words: str) -> str:
    """What stands in the path. Nothing is kept of a preview: *key* is known to nobody outside, and
    *words*, without line feeds, are all that must be then as it is now.
    """
    said = (f"{preview.by}", f"{preview.of}", f"{preview.ends_at.timestamp():.0f}")
    signed = signature(key, "preview", *said, *words, preview.path)
    path = urlsafe_b64encode(preview.path.encode()).decode().rstrip("=")
    return ".".join((*said, path, signed))


def preview_said(token: str) -> SignedPreview:
    """What it says, whoever wrote it. Raises ``PreviewNotFound``."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) > MAX_ID or int(found[2]) > MAX_ID:
        raise PreviewNotFound
    try:
        path = urlsafe_b64decode(found[4] + "=" * (-len(found[4]) % 4)).decode()
    except ValueError as error:
        raise PreviewNotFound from error
    return SignedPreview(
        by=int(found[1]),
        of=int(found[2]),
        path=path,
        ends_at=datetime.fromtimestamp(int(found[3]), UTC),
    )
