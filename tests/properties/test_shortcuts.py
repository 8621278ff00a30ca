"""Requests get the same answer by the shorter ways as by Flask's own."""

import re
import shutil
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from werkzeug.test import create_environ, run_wsgi_app

from builders.papers import SECRET, a_tarball, a_token
from filemanager.factory import application as factory
from filemanager.settings.service import Settings

Answer = tuple[str, list[tuple[str, str]], bytes]
_SETTINGS: dict[str, Any] = {
    "jwt_secret": SecretStr(SECRET),
    "jobs": False,
    "allowed_hosts": "files.example.org",
    "trusted_proxies": "192.0.2.1",
    "cors_origins": "https://pages.example.org",
}
_PARTS = re.findall(
    r"\S+",
    """
    filemanager api v2 workspaces 1 01 2 99999999999999999999 content files entries a.tex %C3%A9 %FF
    %2F %00 .. . ..; ..;x=1 a%20b status livez uploads tus known bucket checksum upload rawstore
    authorize info repositories packages shares s k u w login admin docs openapi.json static
    """,
)
_KNOWN = re.findall(
    r"\S+",
    """
    filemanager/api/1 filemanager/api/1/a.tex/content filemanager/api/1/content
    filemanager/api/v2/workspaces/1 filemanager/api/v2/workspaces/1/files/a.tex
    filemanager/api/v2/workspaces/1/entries?limit=1 filemanager/api/status uploads/tus livez w login
    bucket/upload bucket/checksum/%61 rawstore/authorize rawstore/info openapi.json
    """,
)
_ENDS = ("", "/", "//", "?", "?a=%C3%A9", "/.", "/..", "/..;", "%2F", "%00", "/content")
_PATHS = st.one_of(
    st.lists(st.sampled_from([*_PARTS, ""]), max_size=6).map("/".join),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "/"]),
        st.sampled_from(_KNOWN),
        st.sampled_from(_ENDS),
    ),
)
_READING = ("GET", "HEAD", "OPTIONS")
_METHODS = st.sampled_from((*_READING, "POST", "PUT", "DELETE", "PATCH", "BREW", "get", "TRACE"))
_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Host": st.sampled_from(
            ["files.example.org", "Files.Example.Org:80", "evil.example", "a b"]
        ),
        "X-Forwarded-Prefix": st.sampled_from(["/pre", "/pre/fix", "//evil.example", "/../x"]),
        "X-Forwarded-Host": st.sampled_from(["files.example.org", "evil.example"]),
        "X-Forwarded-Proto": st.sampled_from(["https", "ftp"]),
        "Origin": st.sampled_from(["https://pages.example.org", "https://evil.example", "null"]),
        "Access-Control-Request-Method": st.just("PUT"),
        "Authorization": st.sampled_from([a_token("1"), a_token("3"), "nonsense"]),
        "Accept": st.sampled_from(["text/html", "application/json"]),
        "Upgrade": st.just("websocket"),
        "Connection": st.just("upgrade"),
    },
)


def _begun(place: Path, database: Path) -> tuple[Flask, Flask]:
    """The application as it is, and one without ways around."""
    shutil.copy(database, place / "filemanager.db")
    settings = Settings(**_SETTINGS, data_dir=place)
    ours, theirs = factory.create_app(settings), factory.create_app(settings)
    theirs.session_interface = SecureCookieSessionInterface()
    for name in ("create_url_adapter", "ensure_sync"):
        delattr(theirs, name)
    paper = {"file": (BytesIO(a_tarball({"a.tex": b"% x"})), "a.tar.gz")}
    made = ours.test_client().post(
        "/filemanager/api/",
        data=paper,
        headers={"Authorization": a_token("1"), "Host": "files.example.org"},
    )
    assert made.status_code == 201
    return ours, theirs


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> tuple[Flask, Flask]:
    return _begun(tmp_path_factory.mktemp("both"), migrated_file)


def _answer(app: Flask, path: str, method: str, headers: dict[str, str]) -> Answer:
    told = {"Host": "files.example.org", "X-Request-ID": "1", **headers}
    environ = create_environ(method=method, headers=told, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    raw, _, environ["QUERY_STRING"] = path.partition("?")
    environ.update(PATH_INFO=_as_wsgi(raw), RAW_URI=path, REQUEST_URI=path)
    body: Iterable[bytes]
    body, status, answered = run_wsgi_app(app, environ)
    return status, sorted(answered.items()), b"".join(body)


def _as_wsgi(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")


@given(path=_PATHS, method=_METHODS, headers=_HEADERS)
def test_the_shorter_ways_answer_as_the_longer_do(
    both: tuple[Flask, Flask], path: str, method: str, headers: dict[str, str]
) -> None:
    ours, theirs = both
    if method not in _READING:
        # What is asked twice must find the same.
        headers = {name: value for name, value in headers.items() if name != "Authorization"}
    asked = f"/{path}", method, headers
    expected = _answer(theirs, *asked)

    assert [_answer(ours, *asked) for _ in range(2)] == [expected, expected]
