"""A walk by a client that openapi-python-client made: python generated_journey.py <url> <text>.

The client is the package ``filemanager_api`` on the path, the token stands in ``TOKEN``. Prints
what was found and got back.
"""

import json
import os
import sys
from io import BytesIO

from filemanager_api.api.files import get_file, put_file  # type: ignore[import-not-found]
from filemanager_api.api.findings import list_findings  # type: ignore[import-not-found]
from filemanager_api.api.workspaces import (  # type: ignore[import-not-found]
    create_workspace,
    get_workspace,
)
from filemanager_api.client import AuthenticatedClient  # type: ignore[import-not-found]
from filemanager_api.models import WorkspaceWish  # type: ignore[import-not-found]
from filemanager_api.types import File  # type: ignore[import-not-found]

PATH = "fig/a b.tex"


def main(url: str, text: str) -> None:
    client = AuthenticatedClient(base_url=url, token=os.environ["TOKEN"])
    made = create_workspace.sync(client=client, body=WorkspaceWish(name="By a generated client"))
    sent = File(payload=BytesIO(text.encode()))
    put = put_file.sync(made.id, PATH, client=client, body=sent)
    path = put.changes[-1].after
    found = list_findings.sync(made.id, client=client)
    got = get_file.sync(made.id, path, client=client)
    refused = get_workspace.sync(made.id + 1, client=client)
    told = {
        "changes": [one.code for one in put.changes],
        "findings": sorted({one.code for one in found.findings}),
        "bytes": got.payload.read().decode(),
        "refused": refused.code,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
