"""The settings of sources: hosts, directories, keys, and the file that declares some."""

import base64
import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from builders.source_values import BUCKET
from filemanager.domain.sources.source import Credentials, DirectoryPlace, NewSource
from filemanager.settings.connected_sources import ConnectedSourcesSettings
from filemanager.settings.reading import BadSettings, load
from filemanager.storage.sources.sealing import SealingKey

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
LAB: dict[str, Any] = {
    "kind": "s3",
    "name": "lab",
    "bucket": "lab",
    "prefix": "scans/",
    "endpoint": "https://objects.test",
    "credentials": {"access_key": "AK", "secret_key": "SECRET"},
    "readers": ["*", "i:alice"],
}
SCANS: dict[str, Any] = {"kind": "directory", "name": "scans", "path": "/srv/data/scans"}


@pytest.fixture(autouse=True)
def _usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCE_DIRECTORIES", "/srv/data, /mnt")
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS", f"first:{KEY},second:{OTHER}")


def read() -> ConnectedSourcesSettings:
    return load().connected_sources


def declare(monkeypatch: pytest.MonkeyPatch, path: Path, *sources: object) -> None:
    (path / "sources.json").write_text(json.dumps(sources))
    monkeypatch.setenv("FILEMANAGER_SOURCES_FILE", str(path / "sources.json"))


def refused() -> str:
    with pytest.raises(BadSettings) as told:
        load()
    return str(told.value)


def test_without_settings_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIRECTORIES", "KEYS"):
        monkeypatch.delenv(f"FILEMANAGER_SOURCE_{name}")

    settings = read()

    assert (settings.declared, settings.keys, settings.directories) == ([], [], [])
    assert not settings.listed_hosts


def test_keys_come_in_their_order_and_from_a_file_as_secrets_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted = [SealingKey("first", b"k" * 32), SealingKey("second", b"o" * 32)]
    assert read().keys == wanted
    assert KEY not in repr(read())

    (tmp_path / "keys").write_text(f"second:{OTHER}\n")
    monkeypatch.delenv("FILEMANAGER_SOURCE_KEYS")
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS_FILE", str(tmp_path / "keys"))

    assert read().keys == wanted[1:]


@pytest.mark.parametrize(
    "keys",
    [KEY, f":{KEY}", f"a b:{KEY}", "a:", "a:SECRET", f"a:{KEY[:-4]}", f"a:{KEY},a:{OTHER}", "a"],
)
def test_what_is_no_key_stops_the_start_and_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCE_KEYS", keys)

    told = refused()

    assert "FILEMANAGER_SOURCE_KEYS" in told
    assert KEY[:20] not in told
    assert "SECRET" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOSTS", "https://objects.test"),
        ("HOSTS", "objects.test:0"),
        ("DIRECTORIES", "data"),
        ("DIRECTORIES", "/srv/data,/srv/../etc"),
    ],
)
def test_what_is_no_host_and_no_path_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"FILEMANAGER_SOURCE_{name}", value)

    assert f"FILEMANAGER_SOURCE_{name}" in refused()


def test_hosts_and_directories_are_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCE_HOSTS", "objects.test, store:9000")

    assert read().listed_hosts.hold("store", 9000)
    assert read().directories == [PurePosixPath("/srv/data"), PurePosixPath("/mnt")]


def test_the_file_declares_buckets_and_directories(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    declare(monkeypatch, tmp_path, LAB, SCANS)

    lab, scans = read().declared

    assert lab == NewSource(
        name="lab",
        place=BUCKET,
        readers=frozenset({"*", "i:alice"}),
        credentials=Credentials(access_key="AK", secret_key="SECRET"),
    )
    assert scans == NewSource(name="scans", place=DirectoryPlace(path="/srv/data/scans"))
    assert "SECRET" not in repr(read())


@pytest.mark.parametrize(
    "said",
    [
        [{**LAB, "name": "Lab"}],
        [{**LAB, "kind": "gcs"}],
        [{**LAB, "bucket": ".."}],
        [{**LAB, "endpoint": "http://objects.test"}],
        [{**LAB, "endpoint": "https://127.0.0.1"}],
        [{**LAB, "endpoint": "https://u:SECRET@objects.test"}],
        [{**LAB, "readers": ["alice"]}],
        [{**LAB, "path": "/srv/data"}],
        [{**LAB, "credentials": {"access_key": "AK"}}],
        [LAB, LAB],
        [{**SCANS, "path": "/etc"}],
        [{**SCANS, "path": "/srv/data/../../etc"}],
        [{**SCANS, "path": "scans"}],
        [{**SCANS, "credentials": {"access_key": "AK", "secret_key": "SECRET"}}],
        [{"name": "lab"}],
        [1],
        {"sources": []},
    ],
)
def test_a_file_that_says_something_else_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: object
) -> None:
    (tmp_path / "sources.json").write_text(json.dumps(said))
    monkeypatch.setenv("FILEMANAGER_SOURCES_FILE", str(tmp_path / "sources.json"))

    told = refused()

    assert "FILEMANAGER_SOURCES_FILE" in told
    assert "SECRET" not in told


def test_credentials_need_a_key_to_be_kept_under(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FILEMANAGER_SOURCE_KEYS")
    declare(monkeypatch, tmp_path, SCANS, {**LAB, "credentials": None})
    assert len(read().declared) == 2

    declare(monkeypatch, tmp_path, LAB)

    assert "FILEMANAGER_SOURCE_KEYS" in refused()


def test_a_file_that_is_not_there_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILEMANAGER_SOURCES_FILE", "/nowhere/sources.json")

    assert "Configuration file does not exist." in refused()
