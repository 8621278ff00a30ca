"""What a form said that was refused: shown with the refusal, to be mended and sent again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import g

from filemanager.api.pages.texts import _
from filemanager.web.session.forms import FORM_TOKEN, SentForm, is_ours

_SECRETS = frozenset({"password", "token", "access_key", "secret_key", "session_token"})
"""Asked for again: what a page shows is read over shoulders."""

_BESIDE = {"path": "text", "prefix": "bucket"}
"""Fields that are typed where another one is, and hidden elsewhere."""

_LONG = frozenset(
    {"text", "message", "description", "ask", "creators", "keywords", "readers", "audience"}
)
_OBJECT_PATH = "path:"


@dataclass(frozen=True, slots=True)
class KeptField:
    """``label`` None: nobody typed it, and it is sent again as it was."""

    name: str
    value: str
    label: str | None
    is_secret: bool = False
    is_long: bool = False


def kept_fields() -> Sequence[KeptField]:
    """Of the form that is refused; none where it is not known to be from a page of the session, or
    where nobody typed anything.

    Without that, whoever leads a browser here from another site would have their words sent by one
    press of a button.
    """
    sent: SentForm | None = g.get("sent_form")
    if g.get("web_session") is None or sent is None or not is_ours(sent.text(FORM_TOKEN)):
        return ()
    fields = [*_fields(sent)]
    return fields if any(one.label for one in fields) else ()


def _fields(sent: SentForm) -> Iterator[KeptField]:
    labels = _labels()
    for name, values in sent.fields.items():
        if name == FORM_TOKEN:
            continue
        label = _label(labels, name, sent)
        for value in values:
            if name not in _SECRETS:
                yield KeptField(name, value, label, is_long=name in _LONG)
            elif value:
                yield KeptField(name, "", label, is_secret=True)


def _label(labels: Mapping[str, str], name: str, sent: SentForm) -> str | None:
    if name.startswith(_OBJECT_PATH):
        key = name.removeprefix(_OBJECT_PATH)
        return _("Path of %(key)s") % {"key": key} if key in sent.texts("key") else None
    is_hidden = name in _BESIDE and _BESIDE[name] not in sent.fields
    return None if is_hidden else labels.get(name)


def _labels() -> Mapping[str, str]:
    """What people type, by field; the same name is the same thing in each form."""
    return {**_of_things(), **_of_packages(), **_of_invitations(), **_of_sources()}


def _of_things() -> Mapping[str, str]:
    return {
        "name": _("Name"),
        "reason": _("Why it is locked"),
        "path": _("Path"),
        "to": _("New path"),
        "file": _("Path there"),
        "text": _("Text"),
        "workspace": _("Number of the workspace"),
        "owner": _("Owner, as issuer:subject"),
    }


def _of_packages() -> Mapping[str, str]:
    """And of their shares."""
    return {
        "description": _("Description"),
        "license": _("License: an SPDX identifier, or a URL"),
        "creators": _("Creators, one a line"),
        "doi": _("DOI"),
        "keywords": _("Keywords, one a line"),
        "slug": _("Name in the link, or none for one that nobody guesses"),
        "password": _("Password, if it needs one"),
        "expires": _("Ends, in UTC, if it does"),
        "visits": _("Visits at most, if they are limited"),
        "audience": _("Owners whose token must be sent besides, as issuer:subject, one a line"),
    }


def _of_invitations() -> Mapping[str, str]:
    return {
        "title": _("What is asked for"),
        "message": _("Message"),
        "opens": _("Open from, in UTC, if not at once"),
        "closes": _("Open until, in UTC"),
        "files": _("Files at most, of all guests"),
        "mib": _("MiB at most, of all guests"),
        "file_mib": _("MiB at most in one file"),
        "guests": _("Guests at most, if they are limited"),
        "guest_files": _("Files at most of each guest, if that is limited"),
        "guest_mib": _("MiB at most of each guest, if that is limited"),
        "ask": _("What guests are asked, one question a line"),
    }


def _of_sources() -> Mapping[str, str]:
    return {
        "endpoint": _("Endpoint: scheme, host and port alone"),
        "bucket": _("Bucket"),
        "prefix": _("What every key begins with, if anything"),
        "region": _("Region"),
        "public_endpoint": _("What signed URLs name, if that is another endpoint"),
        "readers": _("Readers, as issuer:subject or *, one a line"),
        "access_key": _("Access key"),
        "secret_key": _("Secret key"),
        "session_token": _("Session token, if there is one"),
    }
