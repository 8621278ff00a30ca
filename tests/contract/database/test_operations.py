"""What operations ask of a database: progress, forecasts, walks, whole tables."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from builders.rows import LATER, NOW, Steps, a_blob, a_put, an_entry, empty_tables, many
from filemanager.domain.blobs.blob import Encoding, Put
from filemanager.domain.blobs.upkeep import Forecast, KnownObject
from filemanager.domain.ids import Plain, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.history import EndedBefore
from filemanager.domain.trees.tree import Alteration, Altered, TreeChange
from filemanager.domain.workspaces.workspace import Status

TEXT = digest_of(b"text")


def test_progress_is_what_was_noted_last(steps: Steps) -> None:
    with steps.database.read() as tx:
        nothing = tx.progress("scrub")

    def note(tx: Transaction) -> None:
        for value in ("a", "b", "b"):
            tx.save_progress("scrub", value)
        tx.save_progress("another", "")

    steps.database.write(note)

    with steps.database.read() as tx:
        assert (nothing, tx.progress("scrub"), tx.progress("another")) == (None, "b", "")


def test_sweepable_blobs_are_asked_for_a_page_at_a_time(steps: Steps) -> None:
    texts = [str(number) for number in range(5)]
    steps.store(*texts)

    with steps.database.read() as tx:
        first = tx.blobs.sweepable(LATER, 3)
        rest = tx.blobs.sweepable(LATER, 3, first[-1])

    assert [*first, *rest] == sorted(steps.digests(*texts))


def _sweep(tx: Transaction) -> Forecast:
    """The statements of a sweep, in its order."""
    rows = tx.upkeep.prune(EndedBefore(LATER), 1000)
    blobs = tx.blobs.drop(tx.blobs.sweepable(LATER, 1000), LATER)
    packs = tx.blobs.sparse_packs(0.5, 1000)
    dead = tx.blobs.dead_objects(LATER, 1000)
    return Forecast(history_rows=rows, blobs=blobs, packs=len(packs), objects=len(dead))


def test_a_forecast_counts_what_a_sweep_then_does(steps: Steps) -> None:
    pinned, pruned = "p" * 30, "s" * 50
    steps.store(pinned, pruned, "unused")
    steps.store("wanted", at=LATER)
    workspace = steps.put(steps.add(), an_entry("pinned", pinned))
    steps.checkpoint(workspace)
    workspace = steps.put(workspace, an_entry("pruned", pruned))
    steps.apply(workspace, TreeChange(end_areas=(Area.SOURCE,)))
    empty_pack = Put(blobs=(), objects=(("packs/empty", 100),))
    steps.database.write(lambda tx: tx.blobs.add(empty_pack, NOW))
    steps.database.write(lambda tx: tx.blobs.mark_dead_objects(NOW))
    with steps.database.read() as tx:
        foreseen = tx.upkeep.forecast(LATER, EndedBefore(LATER), 0.5)

    done = steps.database.write(_sweep)

    assert foreseen == done
    assert done == Forecast(history_rows=1, blobs=3, packs=1, objects=1)


def test_the_alterations_of_a_deleted_workspace_are_history(steps: Steps) -> None:
    steps.store("other")
    altered = Altered(
        alteration=Alteration.REMOVED,
        code="deleted",
        before="a",
        before_digest=digest_of(b"other"),
    )
    workspace = steps.apply(steps.add(), TreeChange(altered=(altered,)))
    living = steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 10))
    deleted = replace(workspace, status=Status.DELETED)
    steps.database.write(lambda tx: tx.workspaces.save(deleted))
    with steps.database.read() as tx:
        foreseen = tx.upkeep.forecast(LATER, EndedBefore(LATER), 0.5)

    pruned = steps.database.write(lambda tx: tx.upkeep.prune(EndedBefore(LATER), 10))

    assert (living, pruned, foreseen.history_rows) == (0, 1, 1)
    with steps.database.read() as tx:
        assert digest_of(b"other") in tx.blobs.sweepable(LATER, 10)


def test_a_pack_with_only_damaged_blobs_is_not_sparse(steps: Steps) -> None:
    steps.store("text")
    steps.database.write(lambda tx: tx.blobs.quarantine(TEXT, NOW))
    with steps.database.read() as tx:
        damaged = tx.blobs.sparse_packs(0.5, 10)

    steps.database.write(lambda tx: tx.blobs.lift_quarantine(TEXT))

    with steps.database.read() as tx:
        assert (damaged, tx.blobs.sparse_packs(0.5, 10)) == ([], ["packs/1"])
        assert tx.blobs.quarantined() == []


def test_blobs_are_walked_object_by_object(steps: Steps) -> None:
    empty = replace(a_blob("", key=""), encoding=Encoding.RAW, encoder="", stored_crc32=0)
    pack = [a_blob(str(number), key="packs/1", offset=number) for number in range(1500)]
    put = a_put(*reversed(pack), a_blob("large", key="objects/2"), empty)
    steps.database.write(lambda tx: tx.blobs.add(put, NOW))

    with steps.database.read() as tx:
        walked = list(tx.blobs.by_object())

    groups = {key: list(group) for key, group in groupby(walked, lambda blob: blob.object_key)}
    assert groups == {"packs/1": pack, "objects/2": [a_blob("large", key="objects/2")], "": [empty]}
    assert len(walked) == len(put.blobs)


def test_objects_are_walked_by_key_with_the_end_of_their_blobs(steps: Steps) -> None:
    put = a_put(a_blob("text"), a_blob("other", offset=7))
    steps.database.write(lambda tx: tx.blobs.add(put, NOW))
    more = Put(blobs=(), objects=(("objects/2", 7), ("packs/0", 8)))
    steps.database.write(lambda tx: tx.blobs.add(more, NOW))

    with steps.database.read() as tx:
        first = tx.blobs.objects_page("", 2)
        rest = tx.blobs.objects_page(first[-1].key, 2)

    assert [*first, *rest] == [
        KnownObject(key="objects/2", size_bytes=7, end_bytes=None),
        KnownObject(key="packs/0", size_bytes=8, end_bytes=None),
        KnownObject(key="packs/1", size_bytes=100, end_bytes=12),
    ]


def _dump(steps: Steps) -> dict[str, list[Mapping[str, Plain]]]:
    with steps.database.read() as tx:
        return {table: list(tx.rows.of(table)) for table in tx.rows.tables()}


def _counts(steps: Steps) -> dict[str, int]:
    with steps.database.read() as tx:
        return {table: tx.rows.count(table) for table in tx.rows.tables()}


def test_tables_are_read_and_written_whole(steps: Steps, migrated_url: str) -> None:
    steps.store(*(str(number) for number in range(1200)))
    workspace = steps.put(steps.add(), *many(1200))
    steps.checkpoint(workspace)
    dumped, counts = _dump(steps), _counts(steps)
    empty_tables(migrated_url)
    emptied = _counts(steps)

    def load(tx: Transaction) -> dict[str, int]:
        return {table: tx.rows.add(table, dumped[table]) for table in tx.rows.tables()}

    added = steps.database.write(load)

    assert set(emptied.values()) == {0}
    assert added == counts == {table: len(rows) for table, rows in dumped.items()}
    assert _dump(steps) == dumped


def test_new_rows_are_numbered_behind_those_that_were_written(
    steps: Steps, migrated_url: str
) -> None:
    steps.add()
    last = steps.add()
    dumped = _dump(steps)
    empty_tables(migrated_url)

    def load(tx: Transaction) -> None:
        for table in ("trees", "workspaces"):
            tx.rows.add(table, dumped[table])

    steps.database.write(load)

    assert steps.add().id > last.id
