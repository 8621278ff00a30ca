"""What pages say, in the language that a browser asks for: English, or what a catalogue has."""

import gettext as library
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import request
from flask.sansio.app import App

ENGLISH = "en"
"""The language of the texts in the source."""

_DOMAIN = "messages"
_CATALOGUES = Path(__file__).parent / "locale"


def install(app: App) -> None:
    """Let templates say ``_("…")`` and ``ngettext``; values in their texts are escaped."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension


def language() -> str:
    """Of the answer, as ``lang`` has it."""
    return request.accept_languages.best_match(_languages(), ENGLISH)


def _(text: str) -> str:
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(language()).ngettext(one, many, count)


def shown_moment(at: datetime) -> str:
    """In UTC, and saying so."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


@cache
def _languages() -> tuple[str, ...]:
    """English first, for whoever asks for none."""
    found = _CATALOGUES.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")
    return (ENGLISH, *sorted(one.parts[-3] for one in found))


@cache
def _catalogue(name: str) -> library.NullTranslations:
    return library.translation(_DOMAIN, _CATALOGUES, [name], fallback=True)
