"""What pages say, in the language that a browser asks for: English, or what a catalogue has."""

import gettext as library
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

from flask import g, request
from flask.sansio.app import App
from werkzeug.datastructures import LanguageAccept

from filemanager.api.pages.sentences import read

ENGLISH = "en"
"""The language of the texts in the source."""

CHOSEN = "language"
"""The cookie with the language that somebody chose: nothing that others may not know."""

_DOMAIN = "pages"
_SAID = "said"
"""The context of texts of other layers."""

_BETWEEN = re.compile(r"(, |(?<=\.) +)")
_CATALOGUES = Path(__file__).parents[1] / "locale"
"""Compiled ones lie beside what they are made of: a clone, the image and a wheel need no build."""


_UNITS = ("KiB", "MiB", "GiB", "TiB")
_STEP = 1024


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the language that it is in, as ``lang`` has it."""

    text: str
    language: str


def install(app: App) -> None:
    """Let templates say ``_("…")`` and ``ngettext``; values in their texts are escaped."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension


def language() -> str:
    """Of the answer, as ``lang`` has it: what was chosen, or else what the browser likes most."""
    if "language" not in g:
        chosen = request.cookies.get(CHOSEN, "")
        g.language = chosen if chosen in languages() else _liked_most()
    return cast("str", g.language)  # set here alone


def _liked_most() -> str:
    """Each for what it is spoken as: a match of ``de`` would win over a better liked ``en-GB``."""
    asked = [(code.partition("-")[0], weight) for code, weight in request.accept_languages]
    return LanguageAccept(asked).best_match(languages(), ENGLISH)


@cache
def languages() -> Mapping[str, str]:
    """Each with its own name; English first, for whoever asks for none."""
    found = _CATALOGUES.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")
    codes = (ENGLISH, *sorted(one.parts[-3] for one in found))
    return {code: _catalogue(code).gettext("English") for code in codes}


def _(text: str) -> str:
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    return _catalogue(language()).ngettext(one, many, count)


def said(text: str) -> Said:
    """A text of another layer, such as a refusal: in English where the catalogue has it not."""
    found = None if language() == ENGLISH else _said_again(text)
    return Said(text, ENGLISH) if found is None else Said(found, language())


def change_word(*, was: bool, stays: bool) -> str:
    """Of something that differs: whether it was there before, and is there after."""
    if not was:
        return _("added")
    return _("changed") if stays else _("removed")


def shown_moment(at: datetime) -> str:
    """In UTC, and saying so."""
    return _("{at:%Y-%m-%d %H:%M} UTC").format(at=at)


def shown_size(size_bytes: int | None) -> str:
    """In powers of 1,024; empty for None."""
    if size_bytes is None:
        return ""
    if size_bytes < _STEP:
        return _("%(number)s bytes") % {"number": size_bytes}
    size, unit = size_bytes / _STEP, 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{with_decimal_point(f'{size:.1f}')} {_UNITS[unit]}"


def with_decimal_point(number: str) -> str:
    """As the language writes it."""
    return number.replace(".", _("."))


class _Value(str):
    """Of a template: as it is, or as the translation asks for it, by ``{a:said}`` where it is a
    text of ours, by ``{a:number}`` where it is a number that is not whole.
    """

    __slots__ = ()

    def __format__(self, wish: str) -> str:
        if wish == "number":
            return with_decimal_point(str(self))
        return _said_by_parts(str(self)) if wish == _SAID else str(self)


def _said_again(text: str) -> str | None:
    """None where no template of the catalogue made it, or where nobody can tell its values."""
    words = _catalogue(language()).pgettext(_SAID, text)
    if words != text:
        return words
    if (found := read(text)) is None:
        return None
    template, values = found
    words = _catalogue(language()).pgettext(_SAID, template)
    if words == template:
        return None
    return words.format_map({place: _Value(value) for place, value in values.items()})


def _said_by_parts(text: str) -> str:
    """What is one of our texts or a list of them; the rest as it is."""
    whole = _said_again(text.strip())
    return whole or "".join(_said_again(part) or part for part in _BETWEEN.split(text.strip()))


@cache
def _catalogue(name: str) -> library.NullTranslations:
    return library.translation(_DOMAIN, _CATALOGUES, [name], fallback=True)
