"""What people do with a package, by plain forms: each changes it once and leads back to it."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.operations import View, operation
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed
from filemanager.domain.jobs.job import Job
from filemanager.domain.packages.data_package import DataPackageId, Description
from filemanager.domain.requests.preconditions import Preconditions
from filemanager.services.packages.freezing import FreezeWish
from filemanager.services.packages.texts import PutTexts, SentText
from filemanager.web.door import door
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.listing import NAME_CHARACTERS, sent_name
from filemanager.web.session.forms import ensure_meant, form, unchanged
from filemanager.web.session.pages import FORM, MOVED, moved

acting = Blueprint("package_acts", __name__, url_prefix="/packages/<package:package_id>")

PATH_CHARACTERS = 2000
_DESCRIPTION_CHARACTERS = 20_000
_TEXT_CHARACTERS = 256 << 10
_MOST_NAMES = 200


def acts(*errors: int, scope: Scope = Scope.PACKAGE_WRITE) -> Callable[[View], View]:
    return operation(
        guard=OpensPackage(scope),
        sends=FORM,
        errors=(400, 403, 404, 409, 412, 413, 415, 422, *errors),
        answers={303: MOVED},
    )


def done(package_id: str, what: str, rest: str = "") -> Response:
    return moved(f"/packages/{package_id}{rest}?{urlencode({'done': what})}")


@acting.post("/describe")
@acts()
def describe_by_form(package_id: str) -> ResponseReturnValue:
    """Say other things of a package; versions keep what was said when they were frozen."""
    said = _described()
    door().packages.keeper.describe(
        caller(), DataPackageId(package_id), lambda _before: said, unchanged()
    )
    return done(package_id, "described")


@acting.post("/text")
@acts(503)
def write_text_by_form(package_id: str) -> ResponseReturnValue:
    """Write a text: a new one, or over the one that the page showed.

    A form ends lines in CR LF whatever the text had (HTML, 4.10.21); they are kept as LF.
    """
    path, text = form().line("path", PATH_CHARACTERS), form().text("text").replace("\r\n", "\n")
    if len(text) > _TEXT_CHARACTERS:
        raise Malformed(f"A text may have {_TEXT_CHARACTERS} characters here; send it as a file.")
    data = text.encode()
    shown = form().text("tag")
    conditions = (
        Preconditions(if_match=frozenset({shown}))
        if shown
        else Preconditions(if_none_match=frozenset({"*"}))
    )
    identity = DataPackageId(package_id)
    door().packages.texts.ensure_writable(caller(), identity, path)
    with services().intake.spool(len(data)) as spool:
        texts = [SentText(path, spool.scratch.write(data))]
        door().packages.texts.put(
            caller(), identity, PutTexts(texts=texts, preconditions=conditions)
        )
    return done(package_id, "written")


@acting.post("/move")
@acts()
def move_item_by_form(package_id: str) -> ResponseReturnValue:
    """Give an item, or with a closing slash a directory, another path; never that of another."""
    paths = form().text("path"), form().line("to", PATH_CHARACTERS)
    door().packages.editor.move(caller(), DataPackageId(package_id), paths, unchanged())
    return done(package_id, "moved")


@acting.post("/delete")
@acts()
def delete_item_by_form(package_id: str) -> ResponseReturnValue:
    """Take an item, or with a closing slash a directory, out; versions keep what they hold."""
    path = form().text("path")
    door().packages.editor.delete(caller(), DataPackageId(package_id), path, unchanged())
    return done(package_id, "deleted")


@acting.post("/remove")
@acts()
def delete_package_by_form(package_id: str) -> ResponseReturnValue:
    """Delete a package with all its versions; its shares open nothing any more."""
    ensure_meant()
    door().packages.keeper.delete(caller(), DataPackageId(package_id), unchanged())
    return moved("/packages?done=removed")


@acting.post("/freeze")
@acts(503)
def freeze_by_form(package_id: str) -> ResponseReturnValue:
    """Freeze what the page showed as the next version, or promise it until digests are known."""
    wish = FreezeWish(
        name=form().line("name", NAME_CHARACTERS),
        is_partial=form().text("partial") == "true",
        preconditions=unchanged(),
    )
    made = door().packages.freezing.freeze(caller(), DataPackageId(package_id), wish)
    return done(package_id, "freezing" if isinstance(made, Job) else "frozen", "/versions")


def _described() -> Description:
    sent = form()
    return Description(
        name=sent_name(),
        description=sent.line("description", _DESCRIPTION_CHARACTERS),
        license=sent.line("license", NAME_CHARACTERS),
        creators=_names("creators"),
        doi=sent.line("doi", NAME_CHARACTERS),
        keywords=_names("keywords"),
    )


def _names(field: str) -> tuple[str, ...]:
    """One a line. Raises ``Malformed``."""
    names = form().lines(field, _MOST_NAMES * NAME_CHARACTERS)
    if len(names) > _MOST_NAMES or any(len(one) > NAME_CHARACTERS for one in names):
        raise Malformed(
            f"'{field}' may have {_MOST_NAMES} lines of {NAME_CHARACTERS} characters each."
        )
    return names
