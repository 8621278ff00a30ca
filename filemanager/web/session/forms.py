"""Forms: read once, bounded, and known by a secret that pages of another session cannot have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from urllib.parse import parse_qs

from flask import g, request
from werkzeug.exceptions import UnsupportedMediaType

from filemanager.api.http.bodies import sent_bytes
from filemanager.api.http.wishes import is_storable
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.domain.requests.secrets import is_same, secret_digest
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

    def line(self, name: str, most: int) -> str:
        """Without what surrounds it. Raises ``Malformed`` where it is longer than *most*.

        A form ends lines in CR LF whatever was typed (HTML, 4.10.21): they are LF again.
        """
        return bounded(name, self.text(name).replace("\r\n", "\n"), most)

    def lines(self, name: str, most: int) -> tuple[str, ...]:
        """Of a field with many, those that are not empty. Raises ``Malformed``."""
        return tuple(filter(None, map(str.strip, self.line(name, most).splitlines())))

    def number(self, name: str) -> int | None:
        """None where there is none. Raises ``Malformed`` for what is no number from 1 on."""
        text = self.line(name, 20)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= MAX_ID:
            raise Malformed(f"'{name}' is no number from 1 on.")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """In UTC, as a browser's field for date and time sends it. Raises ``Malformed``."""
        text = self.line(name, 40)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
            return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Malformed(f"'{name}' is no date and time, as 2030-01-31T18:00 is.") from error


def bounded(name: str, text: str, most: int) -> str:
    """*text* without what surrounds it; more than what fits is refused, never cut.

    Raises ``Malformed``.
    """
    kept = text.strip()
    if len(kept) > most:
        raise Malformed(f"'{name}' has {len(kept)} characters, and may have {most}.")
    return kept


def form() -> SentForm:
    """What the page's form says; read by the route's guard before the view runs."""
    return cast("SentForm", g.sent_form)  # the guard's own value


def ensure_meant() -> None:
    """What cannot be undone is ticked besides. Raises ``Malformed``."""
    if form().text("meant") != "true":
        raise Malformed("Tick that you mean it: this cannot be undone. Nothing was changed.")


def unchanged() -> Preconditions:
    """That it is still what the page showed: its forms say which revision that was."""
    return of_revision(form().text("revision"))


def of_revision(shown: str) -> Preconditions:
    """``unchanged`` for a form that is read otherwise."""
    return Preconditions(if_match=frozenset({shown}) if shown else None)


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


def is_ours(token: str) -> bool:
    return is_same(token, form_token())


def ensure_ours(token: str) -> None:
    """Raises ``FormNotOurs``."""
    if not is_ours(token):
        raise FormNotOurs
