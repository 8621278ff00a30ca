"""Freezing: at once, when all is known, or without what is not."""

from datetime import timedelta

import pytest

from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Job, JobState
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.errors import NothingToFreeze, PackageFull
from filemanager.domain.packages.pointer import PointerState
from filemanager.domain.sources.errors import SourceUnavailable, SourceUnknown
from worlds.packages import Study, pointer_of
from worlds.stored import World

SOON = timedelta(seconds=1)


def test_what_is_known_is_frozen_at_once(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a/b.txt", b"text")

    version = study.frozen(package.id)

    assert (version.number, version.name, version.items, version.size_bytes) == (1, "v1", 1, 4)
    assert version.pending == 0
    with study.world.database.read() as tx:
        (folder,) = tx.packages.level(version, "", None, 10).folders
    assert (folder.name, folder.items, folder.size_bytes) == ("a", 1, 4)


def test_a_version_stays_what_it_was(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a.txt", b"old")
    version = study.frozen(package.id)

    study.text(package.id, "a.txt", b"new")
    study.text(package.id, "b.txt", b"more")
    study.rename(package.id)

    again = study.edition(package.id, 1)
    assert again == version
    assert study.known(again) == {"a.txt": digest_of(b"old")}
    assert again.described.name == "study"


def test_the_same_revision_is_frozen_once(study: Study) -> None:
    package = study.create()
    study.text(package.id, "a.txt")

    first, again = study.frozen(package.id), study.frozen(package.id, is_partial=True)
    study.rename(package.id)
    second = study.frozen(package.id)

    assert first == again
    assert (second.number, second.digest) == (2, first.digest)


def test_an_empty_package_is_not_frozen(study: Study) -> None:
    package = study.create()

    with pytest.raises(NothingToFreeze):
        study.freeze(package.id)


def test_a_freeze_waits_for_digests(study: Study, world: World) -> None:
    study.object("a.tif", b"image")
    package = study.create()
    study.point(package.id, "a.tif")

    job = study.freeze(package.id, "first")
    assert isinstance(job, Job)
    assert study.freeze(package.id, "other") == job
    study.work()
    world.clock.turn(SOON)
    study.work()

    version = study.edition(package.id, 1)
    assert study.known(version) == {"a.tif": digest_of(b"image")}
    done = study.job(job)
    assert done.state is JobState.DONE
    assert done.result is not None
    assert (done.result["number"], done.result["digest"]) == (1, version.digest)
    assert study.freeze(package.id) == version


def test_waiting_is_no_attempt(study: Study, world: World) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    study.bucket.fault = SourceUnavailable("lab")
    job = study.freeze(package.id)
    assert isinstance(job, Job)

    for _ in range(20):
        study.work()
        world.clock.turn(SOON)
    study.bucket.fault = None
    for _ in range(2):
        world.clock.turn(timedelta(minutes=6))
        study.work()

    assert study.job(job).state is JobState.DONE


def test_a_freeze_is_of_the_revision_that_it_was_asked_for(study: Study, world: World) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    study.freeze(package.id)

    study.text(package.id, "later.txt")
    for _ in range(2):
        study.work()
        world.clock.turn(SOON)

    version = study.edition(package.id, 1)
    assert list(study.known(version)) == ["a.tif"]
    assert (version.items, version.size_bytes) == (1, 5)


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_a_freeze_fails_that_names_what_can_never_be_known(
    study: Study, world: World, change: str
) -> None:
    study.bucket.is_versioned = False
    study.object("a.tif", b"old")
    package = study.create()
    study.point(package.id, "a.tif")
    job = study.freeze(package.id)
    assert isinstance(job, Job)
    if change == "gone":
        study.bucket.delete("scans/a.tif")
    else:
        study.object("a.tif", b"new")

    study.work()
    world.clock.turn(SOON)
    study.work()

    failed = study.job(job)
    assert (failed.state, failed.code) == (JobState.FAILED, "digests_unknown")
    assert "'a.tif'" in (failed.message or "")
    (item,) = study.items(study.edition(package.id))
    assert pointer_of(item).state == change


def test_what_was_gone_and_is_added_again_is_hashed(study: Study) -> None:
    study.bucket.is_versioned = False
    study.object("a.tif", b"image")
    package = study.create()
    study.point(package.id, "a.tif")
    study.bucket.delete("scans/a.tif")
    study.work()
    study.object("a.tif", b"image")

    study.add(package.id, None, "a.tif")
    study.work()

    assert study.known(study.frozen(package.id)) == {"a.tif": digest_of(b"image")}


def test_what_is_pending_never_joins_a_version(study: Study) -> None:
    study.object("a.tif", b"image")
    package = study.create()
    study.point(package.id, "a.tif")
    study.text(package.id, "b.txt", b"text")

    first = study.frozen(package.id, is_partial=True)
    study.work()
    second = study.frozen(package.id)

    text = digest_of(b"text")
    assert study.known(study.edition(package.id, 1)) == {"a.tif": None, "b.txt": text}
    assert study.known(second) == {"a.tif": digest_of(b"image"), "b.txt": text}
    assert (first.pending, second.pending) == (1, 0)
    assert first.digest != second.digest
    assert pointer_of(study.items(first)[0]).state is PointerState.PENDING


def test_a_partial_freeze_again_is_the_same_while_nothing_was_learnt(study: Study) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")

    assert study.frozen(package.id, is_partial=True) == study.frozen(package.id, is_partial=True)


def test_nothing_is_frozen_whose_source_the_owner_may_not_read(study: Study) -> None:
    study.object("a.tif")
    package = study.create()
    study.point(package.id, "a.tif")
    study.work()

    study.lock_out()

    with pytest.raises(SourceUnknown):
        study.freeze(package.id)


def test_versions_have_an_end(world: World) -> None:
    study = Study(world, PackageLimits(versions=1))
    package = study.create()
    study.text(package.id, "a.txt")
    study.frozen(package.id)
    study.text(package.id, "b.txt")

    with pytest.raises(PackageFull, match="1 versions"):
        study.freeze(package.id)


def test_directories_are_counted_at_any_depth(study: Study) -> None:
    package = study.create()
    for path in ("a/b/c.txt", "a/b-c.txt", "a/b/d/e.txt", "a.txt", "b/c.txt"):
        study.text(package.id, path, b"four")

    version = study.frozen(package.id)

    with study.world.database.read() as tx:
        top = tx.packages.level(version, "", None, 10)
        within = tx.packages.level(version, "a", None, 10)
    assert [(one.name, one.items, one.size_bytes) for one in top.folders] == [
        ("a", 3, 12),
        ("b", 1, 4),
    ]
    assert [item.path for item in top.items] == ["a.txt"]
    assert [(one.name, one.items) for one in within.folders] == [("b", 2)]
    assert [item.path for item in within.items] == ["a/b-c.txt"]
