"""Blobs: what keeps them, what lets them go, where their bytes lie."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from builders.rows import LATER, NOW, Steps, a_blob, a_put, an_entry
from filemanager.db.blobs.sweep import referring_columns
from filemanager.db.database import SqlDatabase
from filemanager.db.schema import metadata
from filemanager.db.trees.tables import alterations, entries
from filemanager.domain.blobs.blob import Encoding, Put
from filemanager.domain.errors import BlobsGone, Conflict
from filemanager.domain.ids import Digest, digest_of
from filemanager.domain.ports import Transaction
from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.tree import Alteration, Altered, TreeChange

TEXT = digest_of(b"text")
OTHER = digest_of(b"other")


def _find(steps: Steps, *digests: Digest) -> object:
    with steps.database.read() as tx:
        return dict(tx.blobs.find(digests))


def _sweepable(steps: Steps) -> list[Digest]:
    with steps.database.read() as tx:
        return list(tx.blobs.sweepable(LATER, 100))


def _drop(steps: Steps, *digests: Digest) -> int:
    return steps.database.write(lambda tx: tx.blobs.drop(digests, LATER))


def test_blobs_are_read_back_as_they_were_put(steps: Steps) -> None:
    empty = replace(a_blob("", key=""), encoding=Encoding.RAW, encoder="")
    large = replace(a_blob("large", key="objects/2"), stored_bytes=2**40, size_bytes=2**41)

    steps.database.write(lambda tx: tx.blobs.add(a_put(large, empty, a_blob("text")), NOW))

    found = {blob.digest: blob for blob in (large, empty, a_blob("text"))}
    assert _find(steps, *found, OTHER) == found


def test_a_known_digest_keeps_its_row(steps: Steps) -> None:
    steps.store("text")

    again = a_put(a_blob("text", key="packs/2"), a_blob("other", key="packs/2"))
    steps.database.write(lambda tx: tx.blobs.add(again, LATER))
    steps.database.write(lambda tx: tx.blobs.add(again, LATER))

    assert _find(steps, TEXT, OTHER) == {
        TEXT: a_blob("text"),
        OTHER: a_blob("other", key="packs/2"),
    }


def test_wanting_blobs_returns_them_and_names_those_that_are_gone(steps: Steps) -> None:
    steps.store("text")

    wanted = steps.database.write(lambda tx: tx.blobs.want([TEXT], NOW))
    with pytest.raises(BlobsGone) as gone:
        steps.database.write(lambda tx: tx.blobs.want([TEXT, OTHER], NOW))

    assert wanted == {TEXT: a_blob("text")}
    assert gone.value.digests == {OTHER}


def test_many_blobs_are_added_wanted_and_dropped(steps: Steps) -> None:
    blobs = [a_blob(str(number)) for number in range(2500)]
    digests = [blob.digest for blob in blobs]

    steps.database.write(lambda tx: tx.blobs.add(a_put(*blobs), NOW))
    wanted = steps.database.write(lambda tx: tx.blobs.want(digests, NOW))

    assert len(wanted) == 2500
    assert _drop(steps, *digests) == 2500


def test_a_blob_that_nobody_refers_to_or_wants_is_swept(steps: Steps) -> None:
    steps.store("text", "other")
    steps.store("wanted", at=LATER)
    steps.put(steps.add(), an_entry("a"))

    assert _sweepable(steps) == [OTHER]
    assert _drop(steps, TEXT, OTHER, digest_of(b"wanted")) == 1
    assert set(steps.digests("text", "wanted")) == set(
        _find(steps, *steps.digests("text", "other", "wanted"))  # type: ignore[call-overload]  # a dictionary
    )


def test_history_and_alterations_keep_a_blob(steps: Steps) -> None:
    steps.store("text", "other")
    workspace = steps.put(steps.add(), an_entry("a"))
    altered = Altered(
        alteration=Alteration.REWRITTEN, code="x", before="a", after="a", before_digest=OTHER
    )

    steps.apply(workspace, TreeChange(end_areas=(Area.SOURCE,), altered=(altered,)))

    assert _sweepable(steps) == []


def test_every_table_that_refers_to_a_blob_keeps_it_even_one_to_come() -> None:
    known = set(referring_columns())
    new = Table(
        "shelves",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("digest", ForeignKey("blobs.digest")),
    )

    referring = set(referring_columns())
    metadata.remove(new)

    assert referring == {*known, new.c.digest}
    assert known >= {entries.c.digest, alterations.c.before_digest, alterations.c.after_digest}


def test_facts_are_kept_as_first_told_and_go_with_their_blob(steps: Steps) -> None:
    steps.store("text", "other")
    told = {TEXT: {"md5": "1", "media_type": "text/x-tex"}, digest_of(b"swept"): {"md5": "3"}}

    steps.database.write(lambda tx: tx.blobs.save_facts(told))
    steps.database.write(lambda tx: tx.blobs.save_facts({TEXT: {"md5": "2", "new": "é"}}))
    with steps.database.read() as tx:
        kept = tx.blobs.facts([TEXT, OTHER])
    dropped = _drop(steps, TEXT)

    assert kept == {TEXT: {"md5": "1", "media_type": "text/x-tex", "new": "é"}}
    assert dropped == 1
    with steps.database.read() as tx:
        assert tx.blobs.facts([TEXT]) == {}


def test_a_reference_that_only_a_newer_version_knows_keeps_its_blob_alone(
    steps: Steps, database: SqlDatabase
) -> None:
    steps.store("text", "other")
    newer = MetaData()
    writing = database._engines.writing
    blobs = Table("blobs", newer, autoload_with=writing)
    shelves = Table(
        "shelves", newer, Column("digest", blobs.c.digest.type, ForeignKey(blobs.c.digest))
    )
    shelves.create(writing)
    with writing.begin() as connection:
        connection.execute(shelves.insert(), {"digest": TEXT})

    dropped = _drop(steps, TEXT, OTHER)
    shelves.drop(writing)

    assert dropped == 1
    assert _find(steps, TEXT, OTHER) == {TEXT: a_blob("text")}


def test_an_upload_between_question_and_sweep_keeps_its_blob(steps: Steps) -> None:
    steps.store("text", "other")
    asked = _sweepable(steps)

    steps.put(steps.add(), an_entry("a"))
    dropped = _drop(steps, *asked)

    assert dropped == 1
    assert _find(steps, TEXT, OTHER) == {TEXT: a_blob("text")}


def test_a_blob_swept_under_an_upload_is_missed_and_put_again(steps: Steps) -> None:
    steps.store("text")
    steps.database.write(lambda tx: tx.blobs.drop([TEXT], LATER))

    with pytest.raises(BlobsGone):
        steps.database.write(lambda tx: tx.blobs.want([TEXT], LATER))
    put_again = a_put(a_blob("text", key="packs/2"))
    steps.database.write(lambda tx: tx.blobs.add(put_again, LATER))

    assert _find(steps, TEXT) == {TEXT: a_blob("text", key="packs/2")}


def test_a_quarantined_blob_is_healed_by_the_next_put(steps: Steps) -> None:
    steps.store("text", "other")
    steps.database.write(lambda tx: tx.blobs.quarantine(TEXT, NOW))
    with steps.database.read() as tx:
        quarantined = tx.blobs.quarantined()

    healed = a_blob("text", key="packs/2", offset=12)
    steps.database.write(lambda tx: tx.blobs.add(a_put(healed), LATER))

    assert quarantined == [TEXT]
    assert _find(steps, TEXT) == {TEXT: healed}
    with steps.database.read() as tx:
        assert tx.blobs.quarantined() == []


def test_objects_die_with_their_last_blob_and_come_back_with_one(steps: Steps) -> None:
    steps.store("text")
    soon = NOW + timedelta(hours=1)

    def mark(tx: Transaction) -> int:
        return tx.blobs.mark_dead_objects(NOW)

    living = steps.database.write(mark)
    _drop(steps, TEXT)
    died = [steps.database.write(mark), steps.database.write(mark)]
    with steps.database.read() as tx:
        assert tx.blobs.dead_objects(NOW, 10) == []
        assert tx.blobs.dead_objects(soon, 10) == ["packs/1"]
    steps.store("text")
    steps.database.write(mark)

    assert (living, died) == (0, [1, 0])
    with steps.database.read() as tx:
        assert tx.blobs.dead_objects(soon, 10) == []


def test_an_object_is_forgotten_only_when_no_blob_lies_in_it(steps: Steps) -> None:
    steps.store("text")

    with pytest.raises(Conflict):
        steps.database.write(lambda tx: tx.blobs.forget_object("packs/1"))
    _drop(steps, TEXT)
    steps.database.write(lambda tx: tx.blobs.forget_object("packs/1"))

    with steps.database.read() as tx:
        assert set(tx.upkeep.known_objects(["packs/1", "packs/2"])) == set()


def test_known_objects_are_told_from_strange_ones(steps: Steps) -> None:
    steps.store("text")

    with steps.database.read() as tx:
        assert set(tx.upkeep.known_objects(["packs/1", "packs/1 ", "PACKS/1"])) == {"packs/1"}


def test_the_first_object_that_was_named_is_told(steps: Steps) -> None:
    with steps.database.read() as tx:
        nothing = tx.upkeep.first_object_at()
    first, second = (Put(blobs=(), objects=((f"packs/{name}", 100),)) for name in "ba")
    steps.database.write(lambda tx: tx.blobs.add(first, NOW))
    steps.database.write(lambda tx: tx.blobs.add(second, LATER))

    with steps.database.read() as tx:
        assert (nothing, tx.upkeep.first_object_at()) == (None, NOW)


def test_packs_of_mostly_dead_bytes_are_found(steps: Steps) -> None:
    full = a_blob("f" * 80, key="packs/full")
    sparse = a_blob("sparse", key="packs/sparse")
    single = a_blob("single", key="objects/single")
    steps.database.write(lambda tx: tx.blobs.add(a_put(full, sparse, single), NOW))
    empty = Put(blobs=(), objects=(("packs/empty", 100),))
    steps.database.write(lambda tx: tx.blobs.add(empty, NOW))

    with steps.database.read() as tx:
        assert tx.blobs.sparse_packs(0.5, 10) == ["packs/sparse"]


def test_a_blob_moves_to_a_new_pack_once(steps: Steps) -> None:
    old = a_blob("text", offset=4)
    steps.database.write(lambda tx: tx.blobs.add(a_put(a_blob("other"), old), NOW))
    new = a_blob("text", key="packs/2", offset=8)

    def move(tx: Transaction) -> bool:
        tx.blobs.add(a_put(new), NOW)
        return tx.blobs.relocate(old, new)

    moved = [steps.database.write(move), steps.database.write(move)]

    assert moved == [True, False]
    with steps.database.read() as tx:
        assert tx.blobs.in_object("packs/1") == [a_blob("other")]
        assert tx.blobs.in_object("packs/2") == [new]


def test_pages_of_blobs_follow_the_digests(steps: Steps) -> None:
    texts = [str(number) for number in range(5)]
    steps.store(*texts)

    with steps.database.read() as tx:
        first = tx.blobs.page(None, 3)
        rest = tx.blobs.page(first[-1].digest, 3)

    assert [blob.digest for blob in (*first, *rest)] == sorted(steps.digests(*texts))


def test_a_reference_without_a_blob_is_refused_by_the_database(
    steps: Steps, database: SqlDatabase
) -> None:
    workspace = steps.add()

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        database.write(
            lambda tx: tx.trees.apply(workspace.tree, TreeChange(put=(an_entry("a", "none"),)), NOW)
        )


def test_sound_blobs_have_rows_and_are_not_doubted(steps: Steps) -> None:
    steps.store("text", "other")
    steps.database.write(lambda tx: tx.blobs.quarantine(TEXT, NOW))

    with steps.database.read() as tx:
        sound = tx.blobs.sound([TEXT, OTHER, digest_of(b"missing")])

    assert set(sound) == {OTHER}


def test_putting_tells_which_rows_are_new_where_all_are(steps: Steps) -> None:
    is_told = steps.database._engines.writing.dialect.name != "mysql"

    new = steps.database.write(lambda tx: tx.blobs.add(a_put(a_blob("text")), NOW))
    again = a_put(a_blob("text"), a_blob("other"))
    some_known = steps.database.write(lambda tx: tx.blobs.add(again, NOW))

    assert set(new) == ({TEXT} if is_told else set())
    assert not some_known
