"""Drops as values: whom they count against, and what a replica leads to."""

from dataclasses import replace
from datetime import UTC, datetime

from filemanager.domain.bucket.drop import ANONYMOUS, Drop, DropId
from filemanager.domain.caller import Owner
from filemanager.domain.ids import digest_of
from filemanager.domain.trees.tree import TreePath

SENT, INSIDE, ARCHIVE = (digest_of(text) for text in (b"sent", b"inside", b"archive"))
DROP = Drop(
    id=DropId(1),
    path=TreePath("a.tar.gz"),
    digest=SENT,
    size_bytes=4,
    kept_bytes=4096,
    owner=None,
    created_at=datetime(2026, 11, 28, tzinfo=UTC),
)


def test_a_drop_counts_against_its_owner_or_nobody_in_particular() -> None:
    assert DROP.holder == ANONYMOUS
    assert replace(DROP, owner=Owner("issuer:1")).holder == "owner:issuer:1"


def test_a_replica_leads_to_what_was_found_last() -> None:
    decompressed = replace(DROP, decompressed=INSIDE)

    assert (DROP.last, decompressed.last) == (SENT, INSIDE)
    assert replace(decompressed, archive=ARCHIVE).last == ARCHIVE
    assert replace(DROP, archive=SENT).last == SENT
