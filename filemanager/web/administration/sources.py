"""Sources of packages, for whoever looks after them: connected, tried, changed, forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from pydantic import Field

from filemanager.api.http.context import caller
from filemanager.api.http.operations import View, operation
from filemanager.api.http.paging import cursor_of, text_of
from filemanager.api.http.wishes import Wish
from filemanager.api.pages.texts import _
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.sources.places import listed_place_from
from filemanager.domain.sources.source import (
    MAX_READERS,
    BucketPlace,
    Credentials,
    NewSource,
    Probe,
    Source,
    readers_from,
    source_name_from,
)
from filemanager.services.sources.keeping import SourceChange
from filemanager.web.administration.acting import acts, log_act
from filemanager.web.administration.guard import Administers
from filemanager.web.door import AdministrationUses, door
from filemanager.web.session.forms import SentForm, ensure_meant, form
from filemanager.web.session.pages import MOVED, PAGE, moved, page

keeping_sources = Blueprint("keeping_sources", __name__, url_prefix="/admin/sources")

_KEEPS = Administers(Scope.PACKAGE_ADMIN)
_ROWS = 100
_READER_CHARACTERS = 500
_SECRET_CHARACTERS = 4096


class KeptSourcesQuery(Wish):
    cursor: str | None = Field(None, max_length=4000)
    done: str | None = Field(None, max_length=40, description="What was done just now.")


@dataclass(frozen=True, slots=True)
class KeptSource:
    """``is_ours``: no file declares it anew at the next start, so that it may be changed here."""

    name: str
    where: str
    does: str
    readers: Sequence[str]
    has_credentials: bool
    is_ours: bool


def _acts(*errors: int) -> Callable[[View], View]:
    return acts(404, 409, 503, *errors, guard=_KEEPS)


@keeping_sources.get("")
@operation(guard=_KEEPS, errors=(403,), answers={200: PAGE, 303: MOVED})
def show_kept_sources(query: KeptSourcesQuery) -> ResponseReturnValue:
    """Show all sources, where each lies, who reads it, and what it was found to do."""
    found = _uses().sources.page(caller(), text_of(query.cursor), _ROWS + 1)
    shown = found[:_ROWS]
    return page(
        "kept_sources.html",
        told=_told(query.done),
        sources=[_shown(one) for one in shown],
        more=f"?cursor={cursor_of(shown[-1].name)}" if len(found) > _ROWS else None,
    )


@keeping_sources.post("")
@_acts()
def connect_source_by_form() -> ResponseReturnValue:
    """Connect a bucket, once it was tried; packages of its readers may point into it."""
    sent = form()
    told = BucketPlace(
        bucket=sent.line("bucket", 255),
        prefix=sent.line("prefix", 1024),
        endpoint=sent.line("endpoint", 300),
        public_endpoint=sent.line("public_endpoint", 300),
        region=sent.line("region", 64),
    )
    new = NewSource(
        name=source_name_from(sent.line("name", 63)),
        readers=_readers(sent),
        credentials=_credentials(sent),
        place=listed_place_from(told, _uses().listed_hosts),
    )
    made = _uses().sources.add(new)
    return _done("source_connect", made.name, "connected")


@keeping_sources.post("/readers")
@_acts()
def change_readers_by_form() -> ResponseReturnValue:
    """Say who reads a source, from now on and in every share."""
    name = form().text("name")
    _uses().sources.change(name, SourceChange(readers=_readers(form())))
    return _done("source_readers", name, "readers")


@keeping_sources.post("/credentials")
@_acts()
def change_credentials_by_form() -> ResponseReturnValue:
    """Give a source other credentials, once they were tried."""
    name, credentials = form().text("name"), _credentials(form())
    if credentials is None:
        raise Malformed("Say the access key and the secret key.")
    _uses().sources.change(name, SourceChange(credentials=credentials))
    return _done("source_credentials", name, "credentials")


@keeping_sources.post("/check")
@_acts()
def check_source_by_form() -> ResponseReturnValue:
    """Try a source again, and keep what it is found to do."""
    name = form().text("name")
    _uses().sources.check(name)
    return _done("source_check", name, "checked")


@keeping_sources.post("/remove")
@_acts()
def remove_source_by_form() -> ResponseReturnValue:
    """Forget a source and its credentials; what points into it opens no more."""
    ensure_meant()
    name = form().text("name")
    _uses().sources.remove(name)
    return _done("source_remove", name, "removed")


@keeping_sources.post("/rekey")
@_acts()
def rekey_sources_by_form() -> ResponseReturnValue:
    """Encrypt all credentials with the newest key, so that older ones can go."""
    done = _uses().sources.rekey()
    what = f"{done.sealed_anew}/{len(done.locked)}"
    return _done("source_rekey", what, "some-locked" if done.locked else "rekeyed")


def _uses() -> AdministrationUses:
    return door().administration


def _done(act: str, what: str, done: str) -> Response:
    log_act(act, what)
    return moved(f"/admin/sources?{urlencode({'done': done})}")


def _readers(sent: SentForm) -> frozenset[str]:
    """One a line. Raises ``Malformed``."""
    return readers_from(sent.lines("readers", MAX_READERS * (_READER_CHARACTERS + 1)))


def _credentials(sent: SentForm) -> Credentials | None:
    """None: the bucket is asked as everybody may. Raises ``Malformed``."""
    access_key, secret_key, session_token = (
        sent.line(name, _SECRET_CHARACTERS)
        for name in ("access_key", "secret_key", "session_token")
    )
    if bool(access_key) is not bool(secret_key):
        raise Malformed("Say both the access key and the secret key, or neither.")
    if not access_key:
        return None
    return Credentials(
        access_key=access_key, secret_key=secret_key, session_token=session_token or None
    )


def _shown(source: Source) -> KeptSource:
    place = source.place
    if isinstance(place, BucketPlace):
        where = f"{place.endpoint}/{place.bucket}/{place.prefix}"
    else:
        where = place.path
    return KeptSource(
        name=source.name,
        where=where,
        does=", ".join(_found(source.probe)) or _("nothing known"),
        readers=sorted(source.readers),
        has_credentials=source.has_credentials,
        is_ours=not source.is_declared,
    )


def _found(probe: Probe) -> Sequence[str]:
    words = (
        (probe.versioning, _("keeps versions")),
        (probe.conditional_get, _("answers conditions")),
        (probe.signed_head, _("signs HEAD")),
        (probe.cors, _("lets pages read (CORS)")),
    )
    return [word for is_so, word in words if is_so]


def _told(done: str | None) -> str:
    """Of what is on this list alone: a link must not put words into our mouth."""
    words = {
        "connected": _("The source is connected."),
        "readers": _("Who reads it is changed, in every share too."),
        "credentials": _("The credentials are changed."),
        "checked": _("The source answers."),
        "removed": _("The source is forgotten; what points into it opens no more."),
        "rekeyed": _("All credentials are encrypted with the newest key."),
        "some-locked": _("Some credentials can be opened with none of the keys: give them again."),
    }
    return words.get(done or "", "")
