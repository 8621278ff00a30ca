"""The form of a push: its files, called as they were sent, and the field ``product``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import request
from werkzeug.datastructures import FileStorage

from filemanager.api.forms.multipart import last_part
from filemanager.api.http.requests import Part, parse_form
from filemanager.domain.blobs.blob import Content
from filemanager.domain.errors import MissingPart, RequestTooLarge, TooLarge
from filemanager.domain.repositories.errors import FileNameRefused
from filemanager.services.intake import Spool
from filemanager.services.repositories.collecting import SentPackage

MAX_PARTS = 1000
ENDINGS = frozenset({".deb", ".dsc", ".gz", ".rpm", ".xz"})

_PASSED_OVER = ".ddeb"
"""A build has them beside the rest; they are taken with it, and left out of the repository."""


class PushTooLarge(TooLarge):
    code = "push_too_large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The push is larger than the limit of {limit_bytes} bytes"
            " (REPOSITORIES_MAX_PUSH_BYTES). Nothing was stored."
        )


@dataclass(frozen=True, slots=True)
class PushForm:
    """Of files of one name, the last."""

    files: Sequence[SentPackage]
    product: str | None


def bound_body(limit_bytes: int) -> None:
    """Let no more be read. Raises ``PushTooLarge`` where the client tells that it sends more."""
    request.max_content_length = limit_bytes
    if (request.content_length or 0) > limit_bytes:
        raise PushTooLarge(limit_bytes)


def read_push(spool: Spool) -> PushForm:
    """Read the form; what is none has no files.

    Raises ``FileNameRefused``, ``PushTooLarge`` and ``FormTooLarge``.
    """
    try:
        parsed = parse_form(lambda _name: Part(spool.scratch.writer()), MAX_PARTS)
    except RequestTooLarge as error:
        raise PushTooLarge(request.max_content_length or 0) from error
    if parsed is None:
        return PushForm((), None)
    fields, files = parsed
    named = {_name(file): file for _, file in files.items(multi=True)}
    sent = [SentPackage(name, _content(file)) for name, file in named.items()]
    return PushForm(sent, fields.get("product"))


def _name(file: FileStorage) -> str:
    name = last_part(file)
    if not name.endswith((*ENDINGS, _PASSED_OVER)):
        raise FileNameRefused(name, ENDINGS)
    return name


def _content(file: FileStorage) -> Content:
    content = cast("Part", file.stream).content  # the parser keeps the object it was given
    if content is None:
        raise MissingPart
    return content
