"""Sources that a file declares, in a running service with a bucket of Ceph and a directory."""

import base64
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from builders.papers import a_token
from servers.radosgw import Gateway
from servers.service import service, wait_until
from worlds.lab_sources import PREFIX, gateway_lab

pytestmark = [pytest.mark.e2e, pytest.mark.s3]


def test_declared_sources_are_there_soon_after_a_start(s3_gateway: Gateway, tmp_path: Path) -> None:
    lab = gateway_lab(s3_gateway, is_versioned=True)
    lab.put("sub dir/b \u00fc.tif")
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.tif").write_text("text")
    keys = {"access_key": s3_gateway.access_key, "secret_key": s3_gateway.secret_key}
    bucket = {"kind": "s3", "name": "lab", "bucket": lab.place.bucket, "prefix": PREFIX,
              "endpoint": lab.place.endpoint, "credentials": keys, "readers": ["*"]}  # fmt: skip
    directory = {"kind": "directory", "name": "scans", "path": str(tmp_path / "scans"),
                 "readers": ["*"]}  # fmt: skip
    (tmp_path / "sources.json").write_text(json.dumps([bucket, directory]))
    settings = {
        "FILEMANAGER_SOURCES_FILE": str(tmp_path / "sources.json"),
        "FILEMANAGER_SOURCE_KEYS": f"first:{base64.b64encode(os.urandom(32)).decode()}",
        "FILEMANAGER_SOURCE_HOSTS": urlsplit(lab.place.endpoint).netloc,
        "FILEMANAGER_SOURCE_DIRECTORIES": str(tmp_path),
    }

    with service(tmp_path / "data", **settings) as running:

        def asked(rest: str = "", **query: str) -> requests.Response:
            url = f"{running.url}/packages/api/sources{rest}"
            headers = {"Authorization": a_token("1", "package:read")}
            return requests.get(url, params=query, headers=headers, timeout=30)

        def known() -> list[tuple[str, bool]]:
            found = asked().json()["sources"]
            return [(one["name"], one["probe"]["conditional_get"]) for one in found]

        wait_until(lambda: known() == [("lab", True), ("scans", True)], "both are probed")
        listed = [
            one["key"]
            for name in ("lab", "scans")
            for one in asked(f"/{name}/objects", delimiter="").json()["objects"]
        ]
        answer = asked().text

    assert listed == ["sub dir/b \u00fc.tif", "a.tif"]
    assert not any(key in answer + running.log.read_text() for key in keys.values())
