"""Forms: read once, bounded, and known by a secret that pages of another session cannot have."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qs

from flask import g, request
from werkzeug.exceptions import UnsupportedMediaType

from filemanager.api.http.bodies import sent_bytes
from filemanager.api.http.wishes import is_storable
from filemanager.domain.errors import Malformed
from filemanager.domain.requests.secrets import secret_digest
from filemanager.domain.sessions.errors import FormNotOurs
from filemanager.web.session.cookies import sent_secret

FORM_TOKEN = "csrf"  # noqa: S105  # the name of a field

_MEDIA = "application/x-www-form-urlencoded"
_MOST_BYTES = 1 << 20
_MOST_FIELDS = 2000
"""A page has 1,000 files to choose from."""


@dataclass(frozen=True, slots=True)
class SentForm:
    fields: Mapping[str, Sequence[str]] = field(repr=False)

    def text(self, name: str) -> str:
        """Empty where there is none."""
        return self.texts(name)[0] if self.texts(name) else ""

    def texts(self, name: str) -> Sequence[str]:
        return self.fields.get(name, ())


def form() -> SentForm:
    """What the page's form says; read by the route's guard before the view runs."""
    return cast("SentForm", g.sent_form)  # the guard's own value


def read_form() -> SentForm:
    """Raises ``Malformed``, ``RequestTooLarge`` and ``UnsupportedMediaType``."""
    sent = sent_bytes(_MOST_BYTES)
    if sent and request.mimetype != _MEDIA:
        raise UnsupportedMediaType(f"Send the form as {_MEDIA}.")
    try:
        fields = parse_qs(
            sent.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise Malformed(f"A form is UTF-8, and has {_MOST_FIELDS} fields at most.") from error
    if not all(is_storable(one) for values in fields.values() for one in values):
        raise Malformed("A field holds U+0000 or half of a surrogate pair.")
    return SentForm(fields)


def form_token() -> str:
    """The secret of the forms of this session; nothing leads from it to that of the cookie."""
    return secret_digest(f"form:{sent_secret() or ''}")


def ensure_ours(token: str) -> None:
    """Raises ``FormNotOurs``."""
    if not hmac.compare_digest(token.encode("utf-8", "replace"), form_token().encode()):
        raise FormNotOurs
