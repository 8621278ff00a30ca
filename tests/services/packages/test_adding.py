"""Adding what lies in a source: by prefix, by key, at once or as a job."""

import pytest

from filemanager.domain.jobs.job import Job, JobState
from filemanager.domain.packages.changes import PackageLimits
from filemanager.domain.packages.errors import AddsRunning, PackageFull
from filemanager.domain.packages.pointer import PointerState
from filemanager.domain.sources.errors import (
    SourceObjectGone,
    SourceUnavailable,
    SourceUnknown,
)
from filemanager.domain.trees.errors import PathRefused, PlaceTaken
from filemanager.services.packages.putting import Added
from worlds.packages import STRANGER, Study, pointer_of
from worlds.questions import questions


def test_a_prefix_comes_into_a_directory(study: Study) -> None:
    for key in ("s2/a.tif", "s2/sub dir/b ü.tif", "s2/", "s2/sub dir/", "other/c.tif"):
        study.object(key)
    package = study.create()

    added = study.add(package.id, "s2/", to="data")

    assert isinstance(added, Added)
    assert (added.count, added.package.revision) == (2, 1)
    assert study.paths(package.id) == ["data/a.tif", "data/sub dir/b ü.tif"]


@pytest.mark.parametrize(
    ("prefix", "to", "path"),
    [
        ("s2/", "", "a.tif"),
        ("s2", "data/", "data/a.tif"),
        ("", "", "s2/a.tif"),
        ("s2/", "data/", "data/a.tif"),
        ("s2", "", "a.tif"),
    ],
)
def test_a_path_is_the_directory_and_the_key_without_the_prefix(
    study: Study, prefix: str, to: str, path: str
) -> None:
    study.object("s2/a.tif")
    package = study.create()

    study.add(package.id, prefix, to=to)

    assert study.paths(package.id) == [path]


def test_two_objects_that_come_to_one_path_are_refused(study: Study) -> None:
    """As on a computer that kept the name of a file in another form of Unicode."""
    study.object("\u00fc.tif", b"composed")
    study.object("u\u0308.tif", b"decomposed")
    package = study.create()

    with pytest.raises(PlaceTaken):
        study.add(package.id, "")

    assert study.paths(package.id) == []


def test_an_object_never_comes_in_the_place_of_its_twin(study: Study) -> None:
    """However far they lie apart: a job meets them on different pages."""
    study.object("\u00fc.tif", b"composed")
    study.object("u\u0308.tif", b"decomposed")
    package = study.create()
    study.add(package.id, None, "\u00fc.tif")

    with pytest.raises(PlaceTaken):
        study.add(package.id, None, "u\u0308.tif")

    edition = study.get(package.id)
    assert (edition.items, edition.size_bytes) == (1, len(b"composed"))


def test_one_object_that_is_named_twice_is_added_once(study: Study) -> None:
    study.object("a.tif")
    package = study.create()

    added = study.add(package.id, None, "a.tif", "a.tif")

    assert isinstance(added, Added)
    assert added.count == 1


def test_what_is_added_is_pinned_and_pending(study: Study) -> None:
    study.object("a.csv", b"1,2\n")
    package = study.create()

    study.add(package.id, None, "a.csv")

    (item,) = study.items(study.edition(package.id))
    pointer = pointer_of(item)
    assert (item.size_bytes, item.media_type) == (4, "text/csv")
    assert (pointer.state, pointer.sha256) == (PointerState.PENDING, None)
    assert pointer.place.pinned.version == "v1"  # type: ignore[union-attr]  # it lies in a source


def test_adding_again_changes_nothing_but_what_was_changed(study: Study) -> None:
    study.object("a.tif", b"old")
    study.object("b.tif")
    package = study.create()
    study.add(package.id, "")

    same = study.add(package.id, "")
    study.object("a.tif", b"newer")
    other = study.add(package.id, "")

    assert isinstance(same, Added)
    assert isinstance(other, Added)
    assert (same.count, same.package.revision) == (0, 1)
    assert (other.count, other.package.revision, other.package.size_bytes) == (1, 2, 10)


def test_a_key_that_is_not_there_refuses_all(study: Study) -> None:
    study.object("a.tif")
    package = study.create()

    with pytest.raises(SourceObjectGone):
        study.add(package.id, None, "a.tif", "b.tif")

    assert study.paths(package.id) == []


def test_keys_that_lead_elsewhere_are_refused(study: Study) -> None:
    study.object("x/../../etc")
    package = study.create()

    with pytest.raises(PathRefused):
        study.add(package.id, "x/")

    assert study.paths(package.id) == []


def test_a_source_that_may_not_be_read_is_not_there(study: Study) -> None:
    study.connect("theirs", STRANGER.owner)
    package = study.create()
    study.lock_out()

    with pytest.raises(SourceUnknown):
        study.add(package.id, "")


def test_a_source_that_is_away_adds_nothing(study: Study) -> None:
    package = study.create()
    study.bucket.fault = SourceUnavailable("lab")

    with pytest.raises(SourceUnavailable):
        study.add(package.id, "")


@pytest.fixture
def crowded(study: Study) -> Study:
    for number in range(2100):
        study.object(f"many/{number:05}.tif", b"%d" % number)
    return study


def test_more_than_a_page_is_added_by_a_job(crowded: Study) -> None:
    package = crowded.create()

    job = crowded.add(package.id, "many/", to="data")
    assert isinstance(job, Job)
    with pytest.raises(AddsRunning):
        crowded.freeze(package.id, is_partial=True)
    crowded.run_short_of_hashing()

    done = crowded.job(job)
    assert (done.state, done.result) == (JobState.DONE, {"added": 2100, "revision": 3})
    assert crowded.get(package.id).items == 2100
    assert crowded.frozen(package.id, is_partial=True).items == 2100


def test_a_job_that_is_done_again_goes_on(crowded: Study) -> None:
    package = crowded.create()
    for page in ("many/00", "many/01"):
        crowded.add(package.id, page, to=page)
    job = crowded.add(package.id, "many/", to="again")
    assert isinstance(job, Job)

    crowded.run_short_of_hashing()

    assert crowded.job(job).state is JobState.DONE


def test_a_job_ends_where_the_package_is_full(crowded: Study) -> None:
    crowded.limits = PackageLimits(items=1500)
    package = crowded.create()
    job = crowded.add(package.id, "many/")
    assert isinstance(job, Job)

    crowded.run_short_of_hashing()

    failed = crowded.job(job)
    assert (failed.state, failed.code) == (JobState.FAILED, PackageFull.code)


def test_adding_asks_the_same_of_the_database_for_few_and_for_many(study: Study) -> None:
    asked = []
    for count in (10, 900):
        for number in range(count):
            study.object(f"{count}/{number:05}.tif", b"%d" % number)
        package = study.create()
        with questions() as statements:
            study.add(package.id, f"{count}/", to="data")
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_listing_asks_the_same_of_the_database_for_few_and_for_many(study: Study) -> None:
    asked = []
    for count in (10, 900):
        for number in range(count):
            study.object(f"{count}/{number % 7}/{number:05}.tif", b"%d" % number)
        package = study.create()
        study.add(package.id, f"{count}/")
        with questions() as statements, study.world.database.read() as tx:
            edition = tx.packages.edition(package.id, None)
            tx.packages.items(edition, None, 1000)
            tx.packages.level(edition, "", None, 1000)
            tx.packages.level(edition, "3", None, 1000)
        asked.append(len(statements))

    assert asked[0] == asked[1]
