"""The files that pages load: read once, compressed once, asked for once by each browser.

Nothing of them is anybody's secret, so that their length tells nothing (BREACH); pages, which hold
secrets beside what others choose, are sent as they are.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from filemanager.api.http.responses import not_modified, quoted

_NAME = "filemanager.static_files"
_VERSION = re.compile(r"([0-9a-f]{16})/(.+)")
_KEPT = "public, max-age=31536000, immutable"
_ASKED_FOR_AGAIN = "no-cache"


@dataclass(frozen=True)
class _File:
    content: bytes
    media: str

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]

    @cached_property
    def gzipped(self) -> bytes | None:
        """None: it would not be shorter."""
        shorter = gzip.compress(self.content, mtime=0)
        return shorter if len(shorter) < len(self.content) else None


class _Folder:
    """All that lies in it. Its ``version`` is another as soon as one of its files is."""

    def __init__(self, directory: Path) -> None:
        paths = sorted(path for path in directory.rglob("*") if path.is_file())
        self._files = {
            path.relative_to(directory).as_posix(): _File(path.read_bytes(), _media_of(path))
            for path in paths
        }
        told = "".join(f"{name}\0{one.digest}\0" for name, one in self._files.items())
        self.version = hashlib.sha256(told.encode()).hexdigest()[:16]

    def answer(self, filename: str) -> Response:
        """A version stands before the path, as a directory, so that modules import each other by
        it. Of another one, which a node that is older or newer told, the file of now is sent.
        """
        told = _VERSION.fullmatch(filename)
        found = self._files.get(told[2] if told else filename)
        if found is None:
            raise NotFound
        is_current = told is not None and told[1] == self.version
        return _sent(found, _KEPT if is_current else _ASKED_FOR_AGAIN)


def install(app: Flask) -> None:
    """Instead of what Flask does for the folder of the application and of each blueprint."""
    folders: dict[str, _Folder] = {}
    holders = {f"{name}.static": one.static_folder for name, one in app.blueprints.items()}
    for endpoint, directory in {"static": app.static_folder, **holders}.items():
        if directory is not None:
            folders[endpoint] = _folder(directory)
            app.view_functions[endpoint] = folders[endpoint].answer
    app.extensions[_NAME] = folders


def versioned(endpoint: str, filename: str) -> str:
    """*filename* in the folder of *endpoint* for as long as that is the same."""
    folders: Mapping[str, _Folder] = current_app.extensions[_NAME]
    return f"{folders[endpoint].version}/{filename}"


@cache
def _folder(directory: str) -> _Folder:
    return _Folder(Path(directory))


def _sent(found: _File, cache_control: str) -> Response:
    """Whole, whatever ``Range`` asks (RFC 9110, 14.2)."""
    headers = {"Cache-Control": cache_control}
    if found.gzipped is not None:
        headers["Vary"] = "Accept-Encoding"
    if found.gzipped is None or not _prefers_gzip():
        response = _response(found.content, found.digest, found.media)
    else:
        response = _response(found.gzipped, f"{found.digest}-gzip", found.media, "gzip")
    response.headers.update(headers)
    return response


def _response(body: bytes, tag: str, media: str, coding: str | None = None) -> Response:
    if unchanged := not_modified(quoted(tag)):
        return unchanged
    headers = {"ETag": quoted(tag), **({"Content-Encoding": coding} if coding else {})}
    return Response(body, mimetype=media, headers=headers)


def _prefers_gzip() -> bool:
    """To send bytes as they are is always right, but for who would rather have fewer."""
    asked = request.accept_encodings
    return 0 < asked.quality("gzip") >= asked.quality("identity")


def _media_of(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
