"""The receipt of a workspace that is locked or released: a page to print, and a signed file."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from filemanager.api.http.operations import Answer, operation
from filemanager.api.http.responses import represent
from filemanager.api.pages.texts import shown_moment, shown_size
from filemanager.domain.caller import Scope
from filemanager.domain.ids import WorkspaceId
from filemanager.web.door import door
from filemanager.web.session.guard import OpensWorkspace
from filemanager.web.session.pages import MOVED, NEVER_KEPT, PAGE, page
from filemanager.web.workspaces.showing import heading

receipt = Blueprint("receipt", __name__, url_prefix="/w/<id:workspace_id>")

_READS = OpensWorkspace(Scope.READ)
_MOST_SHOWN = 5000
"""Of a page; how many more there are is told, and the signed receipt names all."""


@receipt.get("/receipt")
@operation(guard=_READS, errors=(403, 404, 409), answers={200: PAGE, 303: MOVED})
def show_workspace_receipt(workspace_id: int) -> ResponseReturnValue:
    """Show what a workspace holds that nobody changes any more, to be printed."""
    receipts = door().workspaces.receipts
    found = receipts.get(WorkspaceId(workspace_id))
    return page(
        "workspace_receipt.html",
        **heading(found.workspace),
        checksum=found.workspace.tree.checksum,
        files=[
            (one.public_path, shown_size(one.size_bytes), shown_moment(one.modified_at), one.digest)
            for one in found.entries[:_MOST_SHOWN]
        ],
        more=max(0, len(found.entries) - _MOST_SHOWN),
        is_signed=receipts.signer is not None,
    )


@receipt.get("/receipt.json")
@operation(
    guard=_READS,
    errors=(403, 404, 409),
    answers={200: Answer(headers=("Content-Disposition",)), 303: MOVED},
)
def download_workspace_receipt(workspace_id: int) -> ResponseReturnValue:
    """Get the receipt as a DSSE envelope that the service has signed.

    Its keys are at ``/.well-known/filemanager-keys.json``; ``filemanager verify`` checks it against
    the files.
    """
    name = f'attachment; filename="receipt-{workspace_id}.json"'
    signed = door().workspaces.receipts.signed(WorkspaceId(workspace_id))
    return represent(signed, headers={"Content-Disposition": name, **NEVER_KEPT})
