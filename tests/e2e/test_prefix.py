"""What proxies say, over the wire: headers that nobody may make up."""

import subprocess
from pathlib import Path

import pytest
import requests

from people.following import led_to
from servers.service import service

pytestmark = pytest.mark.e2e

PREFIX = "/fm"


@pytest.mark.parametrize(
    "header",
    ["SCRIPT_NAME: /x", "Script-Name: /x", "X-Forwarded-Prefix: /x", "X-Forwarded-Proto: https",
     "X-Forwarded-Ssl: on", "X-Forwarded-Host: evil.test", "PATH_INFO: /nothing",
     "Forwarded: host=evil.test;proto=https"],
)  # fmt: skip
def test_nobody_is_believed_unless_the_operator_says_so(tmp_path: Path, header: str) -> None:
    with service(tmp_path / "data") as node:
        told = subprocess.run(
            ["curl", "-s", "-H", header, f"{node.url}/jobs/x"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    assert f'"type": "{node.url}/docs/problems/no_session"' in told


def test_a_trusted_proxy_is(tmp_path: Path) -> None:
    with service(tmp_path / "data", FILEMANAGER_TRUSTED_PROXIES="127.0.0.1") as node:
        headers = {
            "X-Forwarded-Prefix": PREFIX, "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "files.test", "Authorization": node.token,
        }  # fmt: skip
        told = requests.post(
            f"{node.url}/filemanager/api/", files={"file": ("a.tex", b"a")}, headers=headers,
            timeout=30,
        )  # fmt: skip

        assert told.headers["Location"] == f"https://files.test{PREFIX}/filemanager/api/1"
        assert led_to(told) == f"{PREFIX}/filemanager/api/1"
