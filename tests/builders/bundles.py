"""Bundles, by the standard library's writer and not by our client's."""

import hashlib
import io
import tarfile
from collections.abc import Mapping

NOTHING: Mapping[str, bytes] = {}


def a_bundle(files: Mapping[str, bytes], known: Mapping[str, bytes] = NOTHING) -> bytes:
    """Of *known* files nothing is in it but what they are."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, data in files.items():
            tar.addfile(announced(path, data), io.BytesIO(data))
        for path, data in known.items():
            info = announced(path, data)
            info.pax_headers = {**info.pax_headers, "FILEMANAGER.size": str(len(data))}
            info.size = 0
            tar.addfile(info)
    return out.getvalue()


def announced(path: str, data: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.size = len(data)
    info.pax_headers = {"FILEMANAGER.sha256": hashlib.sha256(data).hexdigest()}
    return info
