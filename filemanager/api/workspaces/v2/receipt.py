"""The receipt of a workspace, v2: what it holds, signed, so that anybody can check it."""

import json

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.reads import read_text
from filemanager.api.workspaces.door import door
from filemanager.api.workspaces.guard import Owns
from filemanager.api.workspaces.v2.answers import UNCHANGED
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId

receipt = Blueprint("receipt", __name__, url_prefix="/workspaces/<id:workspace_id>")

_DSSE = "application/vnd.dsse.envelope.v1+json"


@receipt.get("/receipt.json")
@operation(
    guard=Owns(Scope.READ),
    errors=(404, 409),
    accepts=("If-None-Match",),
    answers={
        200: Answer(media=_DSSE, headers=("ETag", "Content-Disposition")),
        304: UNCHANGED,
    },
)
def get_workspace_receipt(workspace_id: int) -> ResponseReturnValue:
    """Get the receipt of a workspace that is locked or released: a DSSE envelope.

    Its keys are at ``/.well-known/filemanager-keys.json``; ``filemanager verify`` checks it against
    the files, offline. It is the same as long as nothing is changed.
    """
    signed = door().receipts.signed(WorkspaceId(workspace_id))
    name = f'attachment; filename="receipt-{workspace_id}.json"'
    return read_text(json.dumps(signed), _DSSE, headers={"Content-Disposition": name})
