"""Upload a folder by tuspy: python tus_folder.py <url> <workspace> <folder> <state file>.

The token stands in ``TOKEN``. A line is printed for each chunk; begun uploads are continued.
"""

import os
import sys
from pathlib import Path

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

CHUNK_BYTES = 1 << 20


def main(url: str, workspace: str, folder: str, state: str) -> None:
    client = TusClient(f"{url}/uploads/tus", headers={"Authorization": os.environ["TOKEN"]})
    storage = FileStorage(state)  # type: ignore[no-untyped-call]  # it has no types here
    for path in sorted(one for one in Path(folder).rglob("*") if one.is_file()):
        metadata = {
            "workspace": workspace,
            "filename": path.name,
            "path": str(path.relative_to(folder)),
            "batch": "folder",
        }
        uploader = client.uploader(
            str(path),
            chunk_size=CHUNK_BYTES,
            metadata=metadata,
            store_url=True,
            url_storage=storage,
        )
        size = path.stat().st_size
        while uploader.offset < size:
            uploader.upload(stop_at=min(uploader.offset + CHUNK_BYTES, size))
            print(path.name, uploader.offset, flush=True)


main(*sys.argv[1:])
