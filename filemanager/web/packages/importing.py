"""Pointers by a file of references, and files of workspaces as items."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from filemanager.api.http.context import caller, services
from filemanager.api.http.operations import Body, operation
from filemanager.api.http.requests import Part, ensure_fits, parse_form
from filemanager.domain.caller import Scope
from filemanager.domain.errors import Malformed, MissingName, MissingPart
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.packages.data_package import DataPackageId
from filemanager.domain.packages.errors import ReferenceRefused
from filemanager.domain.packages.references import FILE_BYTES
from filemanager.domain.sources.source import Source
from filemanager.services.intake import Spool
from filemanager.services.packages.importing import ImportWish
from filemanager.services.packages.pointing import WorkspaceFileWish
from filemanager.web.door import door
from filemanager.web.packages.acting import PATH_CHARACTERS, acts, done
from filemanager.web.packages.guard import OpensPackage
from filemanager.web.packages.heading import heading
from filemanager.web.session.forms import (
    FORM_TOKEN,
    bounded,
    ensure_ours,
    form,
    of_revision,
    unchanged,
)
from filemanager.web.session.pages import MOVED, PAGE, page

importing = Blueprint("references", __name__, url_prefix="/packages/<package:package_id>")

_FIELDS = 10
_SOURCES = 200
_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "properties": {
            FORM_TOKEN: {"type": "string"},
            "references": {"contentMediaType": "application/octet-stream"},
        },
    },
)


@importing.get("/import")
@operation(
    guard=OpensPackage(Scope.PACKAGE_WRITE), errors=(403, 404), answers={200: PAGE, 303: MOVED}
)
def show_import_page(package_id: str) -> ResponseReturnValue:
    """Show the forms for what is pointed to without being looked for in a source."""
    return _shown(package_id)


@importing.post("/import")
@operation(
    guard=OpensPackage(Scope.PACKAGE_WRITE, has_file=True),
    sends=_FORM,
    errors=(400, 403, 404, 409, 410, 412, 413, 415, 422, 503),
    answers={303: MOVED},
)
def import_by_form(package_id: str) -> ResponseReturnValue:
    """Add a pointer for each reference of a file, all of it or nothing."""
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        fields, references = _sent(spool)
    source, directory = fields.get("source", ""), fields.get("to", "")
    wish = ImportWish(
        references=references,
        source=source or None,
        to=bounded("to", directory, PATH_CHARACTERS),
    )
    identity = DataPackageId(package_id)
    try:
        door().packages.importing.add(
            caller(), identity, wish, of_revision(fields.get("revision", ""))
        )
    except ReferenceRefused as refused:
        return _shown(package_id, refused.message, source, directory, HTTPStatus.BAD_REQUEST)
    return done(package_id, "imported")


@importing.post("/point")
@acts(410, 503)
def point_by_form(package_id: str) -> ResponseReturnValue:
    """Make a file of a workspace, as it is now, an item of the package."""
    number = form().number("workspace")
    if number is None:
        raise Malformed("Say which workspace, by its number.")
    file = form().line("file", PATH_CHARACTERS)
    path = form().line("to", PATH_CHARACTERS) or file
    wish = WorkspaceFileWish(workspace_id=WorkspaceId(number), path=file)
    door().packages.pointers.put(caller(), DataPackageId(package_id), path, wish, unchanged())
    return done(package_id, "pointed")


def _shown(
    package_id: str,
    why: str | None = None,
    source: str = "",
    directory: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    """With what was typed and chosen, but for the file, which no page may choose."""
    return page(
        "package_import.html",
        status,
        **heading(package_id),
        why=why,
        source=source,
        directory=directory,
        sources=[one.name for one in _sources() if one.may_be_read_by(caller().owner)],
    )


def _sources() -> Iterator[Source]:
    """All of them: operators make them one by one."""
    after = ""
    while found := door().packages.sources.page(caller(), after, _SOURCES):
        yield from found
        after = found[-1].name


def _sent(spool: Spool) -> tuple[dict[str, str], bytes]:
    """Raises ``FormNotOurs``, before anything of the form is believed."""
    parsed = parse_form(partial(_part, spool), _FIELDS)
    fields, files = parsed if parsed is not None else ({}, None)
    ensure_ours(fields.get(FORM_TOKEN, ""))
    file = None if files is None else files.get("references")
    if file is None:
        raise MissingPart
    content = cast("Part", file.stream).content  # the parser keeps the object it was given
    if not file.filename or content is None:
        raise MissingName
    # One byte more than there may be is enough to be refused for it.
    return dict(fields), content.head(FILE_BYTES + 1)


def _part(spool: Spool, name: str) -> Part:
    del name
    return Part(spool.scratch.writer())
