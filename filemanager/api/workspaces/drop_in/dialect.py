"""How the drop-in routes word their refusals."""

from filemanager.api.http.dialects import Dialect, answer_reason, below
from filemanager.api.http.views import Reason
from filemanager.api.workspaces.door import API, V2

DIALECT = Dialect(
    covers=lambda path, _: below(API, path) and not below(V2, path),
    word=answer_reason,
    model=Reason,
)
