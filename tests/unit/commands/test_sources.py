"""``filemanager sources`` and ``filemanager packages``: what they keep, print and refuse."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from filemanager.cli import main
from filemanager.db.database import SqlDatabase
from filemanager.factory.parts import parts_of
from filemanager.settings import reading as config
from worlds.answering_store import FOUND, AnsweringStore, Told, answering_store

KEYS = [f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in ("a", "b")]
LISTING = Told(200, FOUND, b"<ListBucketResult></ListBucketResult>")
VERSIONS = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
REFUSED = Told(403)


@pytest.fixture
def store(
    tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AnsweringStore]:
    """An empty bucket with versions, on a host that is listed."""
    monkeypatch.setenv("FILEMANAGER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS", KEYS[0])
    shutil.copy(migrated_file, tmp_path / "filemanager.db")
    with answering_store(LISTING) as store:
        store.otherwise = {"?versioning=": Told(200, {}, VERSIONS), "?cors=": REFUSED}
        monkeypatch.setenv("FILEMANAGER_SOURCE_HOSTS", f"127.0.0.1:{store.port}")
        yield store


@pytest.fixture
def database(store: AnsweringStore) -> Iterator[SqlDatabase]:
    assert store
    with closing(parts_of(config.load()).database) as made:
        yield made


def called(*arguments: str, **more: Any) -> Result:
    return CliRunner().invoke(main, arguments, **more)


def endpoint(store: AnsweringStore) -> str:
    return f"http://127.0.0.1:{store.port}"


def listed() -> list[dict[str, Any]]:
    result = called("sources", "list", "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_bucket_is_connected_listed_and_removed(store: AnsweringStore) -> None:
    where = ("--endpoint", endpoint(store), "--prefix", "x/", "--reader", "i:a", "--reader", "*")

    added = called("sources", "add", "lab", *where)

    assert added.exit_code == 0, added.output
    assert "versioning" in added.stdout
    assert listed() == [
        {
            "name": "lab",
            "kind": "s3",
            "bucket": "lab",
            "prefix": "x/",
            "endpoint": endpoint(store),
            "public_endpoint": endpoint(store),
            "region": "us-east-1",
            "probe": {"versioning": True},
            "readers": ["*", "i:a"],
            "has_credentials": False,
        }
    ]
    assert called("sources", "remove", "lab").exit_code == 0
    assert listed() == []
    assert called("sources", "remove", "lab").exception is not None


@pytest.mark.parametrize("is_told", [True, False], ids=["environment", "input"])
def test_a_secret_comes_from_the_environment_or_the_input(
    store: AnsweringStore, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCE_SESSION_TOKEN", "TOKEN")
    if is_told:
        monkeypatch.setenv("FILEMANAGER_SOURCE_SECRET_KEY", "SKHIDDEN")
    given = {} if is_told else {"input": "SKHIDDEN\n"}

    added = called(
        "sources", "add", "lab", "--endpoint", endpoint(store), "--access-key", "AK", **given
    )

    assert added.exit_code == 0, added.output
    assert "SKHIDDEN" not in added.output
    assert listed()[0]["has_credentials"]
    assert all("Credential=AK/" in one["authorization"] for one in store.headers)
    assert {one["x-amz-security-token"] for one in store.headers} == {"TOKEN"}


def test_without_a_secret_nothing_is_connected(store: AnsweringStore) -> None:
    arguments = ("sources", "add", "lab", "--endpoint", endpoint(store), "--access-key", "AK")

    assert called(*arguments).exit_code == 2
    assert store.asked == []


def test_the_original_s_order_is_taken_with_no_secret_in_it(store: AnsweringStore) -> None:
    in_place = ("add-source", "lab", "AK", "SKHIDDEN", endpoint(store), "us-east-1")
    asked = ("add-source", "lab", "AK", "-", endpoint(store), "eu-west-1")

    refused = called(*in_place)
    added = called(*asked, input="SKHIDDEN\n")

    assert refused.exit_code == 2
    assert "never an argument" in refused.stderr
    assert "SKHIDDEN" not in refused.output
    assert added.exit_code == 0, added.output
    assert [one["region"] for one in listed()] == ["eu-west-1"]
    assert called("remove-source", "lab").exit_code == 0
    assert listed() == []


def test_a_check_tells_what_does_not_answer(store: AnsweringStore) -> None:
    for name in ("good", "bad"):
        assert called("sources", "add", name, "--endpoint", endpoint(store)).exit_code == 0
    store.otherwise["/bad?"] = REFUSED
    store.otherwise["?versioning="] = Told(404)

    result = called("sources", "check")

    assert result.exit_code == 1
    assert result.stdout.startswith("good")
    assert "bad: The source 'bad' does not answer" in result.stderr
    assert called("sources", "check", "good").exit_code == 0
    assert [one["probe"] for one in listed()] == [{"versioning": True}, {}]


def test_credentials_are_given_anew_and_sealed_anew(
    store: AnsweringStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCE_SECRET_KEY", "SK")
    called("sources", "add", "lab", "--endpoint", endpoint(store))

    given = called("sources", "credentials", "lab", "--access-key", "AK")
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS", ",".join(reversed(KEYS)))
    rekeyed = called("sources", "rekey")
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS", KEYS[0])
    lost = called("sources", "rekey")

    assert given.exit_code == 0, given.output
    assert (rekeyed.exit_code, rekeyed.stdout) == (0, "encrypted anew: 1\n")
    assert (lost.exit_code, lost.stdout) == (1, "encrypted anew: 0\n")
    assert "lab: its credentials cannot be opened" in lost.stderr


def test_an_owner_is_blocked_until_let_in_again(database: SqlDatabase) -> None:
    blocked = called("packages", "block", "i:alice")

    with database.read() as tx:
        assert tx.blocked_owners.holds("i:alice")
    assert blocked.exit_code == 0
    assert [called("packages", "unblock", "i:alice").exit_code for _ in range(2)] == [0, 1]
