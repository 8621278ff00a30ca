"""Files by a plain form: any number of them, received together."""

from functools import partial
from typing import cast

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from filemanager.api.forms.multipart import last_part
from filemanager.api.http.context import caller, services
from filemanager.api.http.operations import Body, operation
from filemanager.api.http.requests import Part, ensure_fits, parse_form
from filemanager.domain.caller import Scope
from filemanager.domain.errors import MissingName, MissingPart
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.areas import ANCILLARY_DIRECTORY
from filemanager.domain.trees.tree import locate
from filemanager.sanitize.inspection import Sent
from filemanager.services.intake import Spool
from filemanager.services.workspaces.files import ensure_not_empty
from filemanager.services.workspaces.upload import Conditions
from filemanager.web.door import door
from filemanager.web.session.forms import FORM_TOKEN, bounded, ensure_ours
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import MOVED
from filemanager.web.workspaces.acting import PATH_CHARACTERS, done

uploading = Blueprint("uploading", __name__, url_prefix="/w/<id:workspace_id>")

MAX_FILES = 1000
"""Of one form; scripts send as many as there are."""

_FIELDS = 20
_UNPACK = {"unpack": True, "keep": False}
_FORM = Body(
    "multipart/form-data",
    {
        "type": "object",
        "properties": {
            FORM_TOKEN: {"type": "string"},
            "file": {"type": "array", "items": {"contentMediaType": "application/octet-stream"}},
        },
    },
)


@uploading.post("/files")
@operation(
    guard=OpensWorkspace(Scope.UPDATE, has_file=True),
    sends=_FORM,
    errors=(400, 403, 404, 409, 413, 415, 507),
    answers={303: MOVED},
)
def upload_by_form(workspace_id: int) -> ResponseReturnValue:
    """Put files into the workspace in one revision, all of them or none."""
    workspace = door().workspaces.life.get(WorkspaceId(workspace_id))
    ensure_fits()
    door().workspaces.files.ensure_open(workspace)
    with services().intake.spool(request.content_length) as spool:
        sent = _sent(spool)
        conditions = Conditions(wants_summary=False)
        door().workspaces.files.add(caller(), workspace, sent, spool, conditions=conditions)
    return done(workspace_id, "uploaded", added=len(sent))


def _sent(spool: Spool) -> list[Sent]:
    """Raises ``FormNotOurs``, before anything of the form is believed."""
    parsed = parse_form(partial(_part, spool), MAX_FILES + _FIELDS)
    fields, files = parsed if parsed is not None else ({}, None)
    ensure_ours(fields.get(FORM_TOKEN, ""))
    if files is None or not files.getlist("file"):
        raise MissingPart
    chosen = [file for file in files.getlist("file") if file.filename]
    if not chosen:
        raise MissingName
    directory = bounded("directory", fields.get("directory", ""), PATH_CHARACTERS).strip("/")
    is_ancillary = fields.get("ancillary") == "true"
    unpack = _UNPACK.get(fields.get("unpack", ""))
    return [_one(file, _directory(directory, is_ancillary=is_ancillary), unpack) for file in chosen]


def _part(spool: Spool, name: str) -> Part:
    del name
    return Part(spool.scratch.writer())


def _one(file: FileStorage, directory: str, unpack: bool | None) -> Sent:  # noqa: FBT001  # None: not said
    content = cast("Part", file.stream).content  # the parser keeps the object it was given
    if content is None:
        raise MissingPart
    area, path = locate(f"{directory}{last_part(file).removeprefix('./')}")
    return Sent(area, path, ensure_not_empty(content), unpack=unpack)


def _directory(directory: str, *, is_ancillary: bool) -> str:
    """With a closing slash, or empty."""
    parts = [ANCILLARY_DIRECTORY] if is_ancillary else []
    return "".join(f"{one}/" for one in (*parts, *filter(None, [directory])))
