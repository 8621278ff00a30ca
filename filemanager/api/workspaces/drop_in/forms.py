"""Forms with one file, as the drop-in routes take them."""

from collections.abc import Callable

from flask import Response, request

from filemanager.api.http.context import caller, services
from filemanager.api.http.requests import ensure_fits, read_form
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.drop_in.answers import (
    uploaded,
)
from filemanager.domain.ids import WorkspaceId
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import TreePath, locate
from filemanager.sanitize.inspection import Sent
from filemanager.services.workspaces.files import ensure_not_empty
from filemanager.services.workspaces.upload import Conditions


def add_by_form(
    workspace_id: int, conditions: Conditions, before_bytes: Callable[[], None]
) -> Response:
    """Add the file of the form; *before_bytes* is called before any of it is spooled."""
    ensure_fits()
    with services().intake.spool(request.content_length) as spool:
        form = read_form(spool, before_bytes)
        area, path = place_of(form.name, is_ancillary=form.is_ancillary)
        sent = Sent(area, path, ensure_not_empty(form.content))
        identity = WorkspaceId(workspace_id)
        received = door().files.receive(caller(), identity, [sent], spool, conditions=conditions)
    return uploaded(received)


def place_of(name: str, *, is_ancillary: bool) -> tuple[Area, TreePath]:
    """Where a part goes by its file name; a leading ``./`` is dropped as ever."""
    while name.startswith("./"):
        name = name[2:]
    if is_ancillary:
        return Area.ANCILLARY, TreePath.parse(name.removeprefix("anc/"))
    return locate(name)
