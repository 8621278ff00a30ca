"""The rawstore door before a real object gateway, asked by ``curl`` and nothing else."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from people.depositors import PUBLIC_PEM, datahub_token, deposit, entry
from servers.radosgw import Gateway
from servers.service import Service, service

pytestmark = [pytest.mark.e2e, pytest.mark.s3]

ROW = b"a,b\n1,2\n"


@dataclass(frozen=True)
class Client:
    """A user with ``curl``; what it answers is its status and body."""

    url: str
    user: str = "alice"

    def curl(self, *arguments: str) -> tuple[int, bytes]:
        command = ["curl", "-s", "-w", "%{stderr}%{http_code}", *arguments]
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        return int(done.stderr), done.stdout

    def authorize(self, path: str, data: bytes, **metadata: str) -> dict[str, Any]:
        body = json.dumps(deposit({path: entry(data)}, self.user, **metadata))
        status, told = self.curl(f"{self.url}/rawstore/authorize", *self.token, "-d", body)
        assert status == 200, told
        return dict(json.loads(told)["filedata"][path])

    def post(self, form: Mapping[str, Any], file: Path, **changed: str) -> int:
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        fields = {**form["upload_query"], **named}
        given = [part for name, text in fields.items() for part in ("-F", f"{name}={text}")]
        return self.curl(*given, "-F", f"file=@{file}", form["upload_url"])[0]

    def presign(self, url: str) -> tuple[int, dict[str, str]]:
        query = ("-G", "--data-urlencode", f"url={url}")
        status, told = self.curl(f"{self.url}/rawstore/presign", *self.token, *query)
        return status, json.loads(told)

    @property
    def token(self) -> tuple[str, str]:
        return "-H", f"Auth-Token: {datahub_token(self.user)}"


def settings(gateway: Gateway) -> dict[str, str]:
    return {
        "DATAHUB_PUBLIC_KEY": PUBLIC_PEM.decode(),
        "STORAGE_BUCKET_NAME": gateway.new_bucket(),
        "STORAGE_ACCESS_KEY_ID": gateway.access_key,
        "STORAGE_SECRET_ACCESS_KEY": gateway.secret_key,
        "S3_ENDPOINT_URL": gateway.endpoint_url,
        "FILEMANAGER_WORKERS": "1",
    }


@pytest.fixture(scope="module")
def running(s3_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("data"), **settings(s3_gateway)) as running:
        yield running


@pytest.fixture
def client(running: Service) -> Client:
    return Client(running.url)


@pytest.fixture
def row(tmp_path: Path) -> Path:
    file = tmp_path / "row.csv"
    file.write_bytes(ROW)
    return file


def plain_url(form: Mapping[str, Any]) -> str:
    return f"{form['upload_url']}/{form['upload_query']['key']}"


def test_a_private_file_goes_in_and_comes_out(client: Client, row: Path) -> None:
    form = client.authorize("data/f.csv", ROW, findability="private")

    assert client.post(form, row) == 204
    assert client.curl(plain_url(form))[0] == 403
    status, told = client.presign(plain_url(form))

    assert status == 200
    assert client.curl(told["url"]) == (200, ROW)
    assert client.authorize("data/f.csv", ROW, findability="private")["exists"]
    assert Client(client.url, "mallory").presign(plain_url(form))[0] == 404


def test_a_public_file_is_read_by_all(client: Client, row: Path) -> None:
    form = client.authorize("public.csv", ROW)

    assert client.post(form, row) == 204

    assert client.presign(plain_url(form)) == (200, {"url": plain_url(form)})
    assert client.curl(plain_url(form)) == (200, ROW)


def test_the_store_refuses_what_was_not_authorised(client: Client, row: Path) -> None:
    longer = row.with_name("longer")
    longer.write_bytes(ROW * 2)
    form = client.authorize("refused.csv", ROW)

    assert client.post(form, longer) == 400
    assert client.post(form, row, key="alice/ds/other") == 403
    assert client.post(form, row, Content_Type="text/html") == 403
    assert client.post(form, row, acl="private") == 403
    assert client.post(form, row, policy="e30=") in (400, 403)
    assert client.presign(plain_url(form))[0] == 404


def test_other_bytes_of_the_same_length_are_found_when_it_is_settled(
    client: Client, row: Path
) -> None:
    row.write_bytes(ROW[::-1])
    form = client.authorize("evil.csv", ROW, findability="private")

    assert client.post(form, row) == 204

    assert client.presign(plain_url(form))[0] == 409
    assert not client.authorize("evil.csv", ROW, findability="private")["exists"]


def test_a_file_that_is_posted_over_later_is_found_out(client: Client, row: Path) -> None:
    form = client.authorize("later.csv", ROW, findability="private")
    client.post(form, row)
    assert client.presign(plain_url(form))[0] == 200

    row.write_bytes(ROW[::-1])
    assert client.post(form, row) == 204

    assert client.presign(plain_url(form))[0] == 409


def test_a_file_exists_right_after_a_good_post_alone(client: Client, row: Path) -> None:
    form = client.authorize("at-once.csv", ROW)
    assert not client.authorize("at-once.csv", ROW)["exists"]

    assert client.post(form, row) == 204
    assert client.authorize("at-once.csv", ROW)["exists"]

    row.write_bytes(ROW[::-1])
    assert client.post(form, row) == 204
    assert not client.authorize("at-once.csv", ROW)["exists"]


@pytest.fixture
def by_content(s3_gateway: Gateway, tmp_path: Path) -> Iterator[Client]:
    pattern = {"STORAGE_PATH_PATTERN": "{md5_hex}{extension}"}
    with service(tmp_path / "data", **settings(s3_gateway), **pattern) as running:
        yield Client(running.url)


def test_owners_of_equal_files_cannot_harm_each_other(by_content: Client, row: Path) -> None:
    ann, bob = by_content, Client(by_content.url, "bob")
    first = ann.authorize("f.csv", ROW)
    assert ann.post(first, row) == 204
    second = bob.authorize("g.csv", ROW)

    assert second["upload_query"]["key"].startswith(f"{first['upload_query']['key']}~")
    assert bob.post(second, row, key=first["upload_query"]["key"]) == 403
    assert bob.post(second, row) == 204
    row.write_bytes(ROW[::-1])
    assert ann.post(first, row) == 204

    assert ann.presign(plain_url(first))[0] == 409
    status, told = bob.presign(plain_url(second))
    assert status == 200
    assert bob.curl(told["url"]) == (200, ROW)
