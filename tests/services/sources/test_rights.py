"""Who may read a source: what its row says now."""

from dataclasses import replace

import pytest

from builders.rows import NOW
from builders.source_values import BUCKET
from filemanager.domain.caller import Owner
from filemanager.domain.sources.errors import SourceUnknown
from filemanager.domain.sources.source import EVERYBODY, Source, SourceId
from filemanager.services.sources.rights import all_readable, readable
from worlds.stored import World

ALICE = Owner("issuer:alice")
BOB = Owner("other:alice")


def add(world: World, name: str, *readers: str) -> Source:
    return world.database.write(lambda tx: tx.sources.add(name, BUCKET, readers, NOW))


def test_a_reader_finds_a_source_by_id_and_by_name(world: World) -> None:
    made = add(world, "lab", ALICE)

    with world.database.read() as tx:
        assert readable(tx, "lab", ALICE) == readable(tx, made.id, ALICE) == made


def test_everybody_reads_what_is_for_everybody(world: World) -> None:
    made = add(world, "open", EVERYBODY)

    with world.database.read() as tx:
        assert readable(tx, "open", BOB) == made


@pytest.mark.parametrize("which", ["lab", "none", SourceId(1), SourceId(99)])
def test_for_others_it_is_not_there(world: World, which: SourceId | str) -> None:
    add(world, "lab", ALICE)

    with world.database.read() as tx, pytest.raises(SourceUnknown):
        readable(tx, which, BOB)


def test_whoever_lost_it_and_whatever_was_removed_is_refused_at_once(world: World) -> None:
    lost, removed, kept = (add(world, name, ALICE) for name in ("lost", "removed", "kept"))
    for changed in (replace(lost, readers=frozenset({BOB})), replace(removed, removed_at=NOW)):
        world.database.write(lambda tx, one=changed: tx.sources.save(one))  # type: ignore[misc]  # bound at once

    with world.database.read() as tx:
        assert all_readable(tx, [lost.id, removed.id, kept.id], ALICE) == {kept.id: kept}
        for one in (lost, removed):
            with pytest.raises(SourceUnknown):
                readable(tx, one.id, ALICE)
