"""The bucket as its clients meet it: curl, many at once, a tree for a web server."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from builders.papers import a_tarball, a_token, a_zip
from people.visitors import md5
from servers.service import Service, service, wait_until

pytestmark = pytest.mark.e2e

OPEN = {
    "BUCKET_ANONYMOUS": "write",
    "BUCKET_ANONYMOUS_UPLOADS_PER_MINUTE": "1000",
    "BUCKET_PREFIX": "",
    "REPLICATE_0": "user/${USERNAME}/${TOPIC}",
}
CLIENTS = 32


@pytest.fixture(scope="module")
def export_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported") / "tree"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, export_tree: Path) -> Iterator[Service]:
    directory = tmp_path_factory.mktemp("bucket") / "data"
    with service(directory, ARCHIVE_DIR=str(export_tree), **OPEN) as started:
        yield started


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    (tmp_path / "results.xml").write_text("<results/>\n")
    (tmp_path / "results.tgz").write_bytes(a_tarball({"results/a/b.xml": b"<b/>"}))
    (tmp_path / "results.zip").write_bytes(a_zip({"results/c.xml": b"<c/>"}))
    return tmp_path


def shell(script: str, running: Service, directory: Path) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=directory, env={**os.environ, "server": running.url},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", ["results.xml", "results.tgz", "results.zip"])
def test_curl_uploads_as_the_originals_readme_says(
    running: Service, artifacts: Path, name: str
) -> None:
    answer = json.loads(
        shell(f"curl -s -X POST -F 'file=@{name}' ${{server}}/upload", running, artifacts)
    )

    assert (answer["code"], answer["status"]) == (200, "Success")
    assert answer["checksum"]["blob"] == md5((artifacts / name).read_bytes())
    assert bool(answer["path"]["archive"]) == (name != "results.xml")


def test_curl_asks_for_the_config(running: Service, artifacts: Path) -> None:
    config = json.loads(shell("curl -s ${server}/config", running, artifacts))

    assert config["CHECKSUM_TYPE"] == "md5"
    assert config["REPLICATES"] == [["user", "${USERNAME}", "${TOPIC}"]]


@pytest.mark.parametrize("sum_of", ["md5sum", "sha256sum"])
def test_curl_checks_whether_content_was_uploaded(
    running: Service, artifacts: Path, sum_of: str
) -> None:
    ask = f"curl -s --head ${{server}}/checksum/$({sum_of} ${{artifact}} | awk '{{print $1}}')"
    (artifacts / "new.xml").write_text(f"<{sum_of}/>")

    before = shell(f"artifact=new.xml; {ask}", running, artifacts)
    shell("curl -s -X POST -F 'file=@new.xml' ${server}/upload", running, artifacts)
    after = shell(f"artifact=new.xml; {ask}", running, artifacts)

    assert before.startswith("HTTP/1.1 404")
    assert after.startswith("HTTP/1.1 200")


def test_curl_sees_the_refusal_of_what_is_too_large(running: Service, artifacts: Path) -> None:
    (artifacts / "large").write_bytes(bytes(40 << 20))

    answer = json.loads(shell("curl -s -F 'file=@large' ${server}/upload", running, artifacts))

    error = "The request is larger than the limit of 33554432 bytes."
    assert answer == {"status": "request entity too large", "code": 413, "error": error}


def test_a_body_that_does_not_tell_its_length_is_counted(running: Service, artifacts: Path) -> None:
    (artifacts / "large").write_bytes(bytes(40 << 20))
    chunked = "curl -s -H 'Transfer-Encoding: chunked' -F 'file=@large' ${server}/upload"

    answer = json.loads(shell(chunked, running, artifacts))

    assert answer["code"] == 413


def test_curl_labels_by_headers(running: Service, artifacts: Path) -> None:
    post = "curl -s -H 'Username: bob' -H 'Topic: demo' -X POST -F 'file=@results.xml'"
    answer = json.loads(shell(f"{post} ${{server}}/upload", running, artifacts))

    replica = answer["path"]["replicas"][0]
    assert replica.startswith("replica/user/bob/demo/results.")
    fetched = shell(f"curl -s ${{server}}/{replica}", running, artifacts)
    assert fetched == "<results/>\n"


def upload(running: Service, name: str, data: bytes, **headers: str) -> dict[str, Any]:
    response = requests.post(
        f"{running.url}/upload", files={"file": (name, data)}, headers=headers, timeout=60
    )
    assert response.status_code == 200, response.text
    return dict(response.json())


AS_JSON = {"Accept": "application/json"}


def test_many_who_send_the_same_at_once_all_succeed(running: Service) -> None:
    packed = a_tarball({f"d/{number}": b"%d" % number for number in range(20)})
    labels = {"Username": "crowd", "Topic": "race"}

    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = list(
            crowd.map(lambda _: upload(running, "same.tgz", packed, **labels), range(CLIENTS))
        )

    assert {one["path"]["blob"] for one in answers} == {answers[0]["path"]["blob"]}
    assert len({one["path"]["replicas"][0] for one in answers}) == CLIENTS
    archive = answers[0]["path"]["archive"]
    listed = requests.get(f"{running.url}/{archive}/d", headers=AS_JSON, timeout=60).json()[
        "entries"
    ]
    assert len(listed) == 20
    latest = f"{running.url}/replica/user/crowd/race/same.tgz.latest/d/7"
    assert requests.get(latest, timeout=60).content == b"7"


def test_a_job_keeps_the_tree_of_the_setting_current(running: Service, export_tree: Path) -> None:
    answer = upload(running, "current.txt", b"for the tree", Username="ann", Topic="tree")
    latest = export_tree / "replica/user/ann/tree/current.latest.txt"

    wait_until(latest.exists, "the tree has the new replica")

    assert latest.read_bytes() == b"for the tree"
    assert (export_tree / answer["path"]["blob"]).read_bytes() == b"for the tree"


def test_the_command_exports_beside_a_running_service(running: Service, tmp_path: Path) -> None:
    packed = a_tarball({"inside.txt": b"inside"}, "w:")
    answer = upload(running, "inside.tar", packed)
    data = running.log.with_suffix("")
    environment = {**os.environ, "FILEMANAGER_DATA_DIR": str(data), **OPEN}
    command = [sys.executable, "-m", "filemanager", "bucket", "export", str(tmp_path / "out")]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert "files: " in done.stdout
    with tarfile.open(tmp_path / "out" / answer["path"]["blob"]) as exported:
        assert exported.getnames() == ["inside.txt"]


def test_a_token_takes_out_what_it_sent_and_the_tree_follows(
    running: Service, export_tree: Path
) -> None:
    token = {"Authorization": a_token("9", "bucket:read", "bucket:write")}
    path = upload(running, "short-lived.txt", b"short-lived", **token)["path"]["blob"]
    wait_until((export_tree / path).exists, "the tree has the file")

    deleted = requests.delete(f"{running.url}/{path}", headers=token, timeout=60)

    assert deleted.json()["deleted"] == 1
    wait_until(lambda: not (export_tree / path).exists(), "the tree has the file no more")
