"""Moving sources to another database: all but their credentials."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from builders.source_values import BUCKET
from filemanager.domain.caller import Caller
from filemanager.domain.sources.errors import CredentialsLocked
from filemanager.domain.sources.source import Credentials, NewSource
from filemanager.services.sources.keeping import SourceChange
from filemanager.storage.sources.sealing import AesSeals
from worlds.source_desk import KEY, SourceDesk
from worlds.stored import World
from worlds.transfers import bring, export

CREDENTIALS = Credentials(access_key="AKTEST", secret_key="SKTEST")
LAB = NewSource(name="lab", place=BUCKET, readers=frozenset({"*"}), credentials=CREDENTIALS)
ANYBODY = Caller(issuer="i", subject="a", name="a")


def test_an_export_has_no_credentials_and_says_which_are_missing(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    desk, there = SourceDesk(world), SourceDesk(next(worlds))
    made = desk.service.add(LAB)
    desk.service.add(replace(LAB, name="open", credentials=None))
    desk.service.add(replace(LAB, name="gone"))
    desk.service.remove("gone")
    assert made.sealed

    exported, told = export(world, tmp_path / "export")
    imported, told_there = bring(tmp_path / "export", there.world)

    written = b"".join(path.read_bytes() for path in (tmp_path / "export").glob("*.jsonl"))
    assert not any(secret in written for secret in (b"AKTEST", b"SKTEST", made.sealed))
    assert (exported.problems, imported.problems) == (0, 0)
    assert [(one.code, one.subject) for one in told] == [("credentials_left_out", "lab")]
    assert told_there == told
    assert there.service.get(ANYBODY, "lab") == replace(made, sealed=b"")


def test_without_its_credentials_a_source_is_locked_until_they_are_given_again(
    world: World, worlds: Iterator[World], tmp_path: Path
) -> None:
    there = SourceDesk(next(worlds))
    SourceDesk(world).service.add(LAB)
    export(world, tmp_path / "export")
    bring(tmp_path / "export", there.world)
    seals = AesSeals([KEY])

    with pytest.raises(CredentialsLocked):
        seals.open(there.service.get(ANYBODY, "lab"))
    there.service.change("lab", SourceChange(credentials=CREDENTIALS))

    assert seals.open(there.service.get(ANYBODY, "lab")) == CREDENTIALS
