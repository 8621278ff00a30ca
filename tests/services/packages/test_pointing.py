"""Pointers as items: to objects, to URLs, and files of workspaces."""

from dataclasses import replace

import pytest

from filemanager.domain.ids import MAX_ID, WorkspaceId, digest_of
from filemanager.domain.packages.data_package import BlobBehind
from filemanager.domain.packages.errors import PackageFull, PointerRefused
from filemanager.domain.packages.pointer import PointerState, UrlPlace
from filemanager.domain.quotas import owner_subject
from filemanager.domain.sources.errors import SourceObjectGone, SourceUnknown
from filemanager.domain.trees.errors import FileNotFound
from filemanager.domain.workspaces.errors import WorkspaceNotFound
from filemanager.services.packages.pointing import ObjectWish, UrlWish, WorkspaceFileWish
from worlds.packages import CURATOR, HOST, SOURCE, STRANGER, Study, pointer_of
from worlds.stored import World


def test_an_object_is_pointed_to_by_its_version(study: Study) -> None:
    study.object("a.tif", b"old")
    study.object("a.tif", b"newer")
    package = study.create()

    old = study.point(package.id, "old", ObjectWish(source=SOURCE, key="a.tif", version="v1"))
    new = study.point(package.id, "new", ObjectWish(source=SOURCE, key="a.tif"))

    assert (old.size_bytes, new.size_bytes) == (3, 5)
    study.work()
    known = study.known(study.edition(package.id))
    assert known == {"new": digest_of(b"newer"), "old": digest_of(b"old")}


def test_a_version_that_is_not_there_is_told(study: Study) -> None:
    study.object("a.tif")
    package = study.create()

    with pytest.raises(SourceObjectGone):
        study.point(package.id, "a", ObjectWish(source=SOURCE, key="a.tif", version="v9"))


def test_nobody_points_into_a_source_that_they_may_not_read(study: Study) -> None:
    study.connect("theirs", STRANGER.owner)
    package = study.create()

    for source in ("theirs", "none"):
        with pytest.raises(SourceUnknown):
            study.point(package.id, "a", ObjectWish(source=source, key="a.tif"))


def a_url(url: str) -> UrlWish:
    return UrlWish(url=url, size_bytes=3, sha256=digest_of(b"abc"))


def test_a_url_comes_with_all_that_is_known_of_it(study: Study) -> None:
    package = study.create()

    item = study.point(package.id, "a.tif", a_url(f"https://{HOST}/a%20b.tif?x=1"))

    pointer = pointer_of(item)
    assert pointer.place == UrlPlace(url=f"https://{HOST}/a%20b.tif?x=1")
    assert (pointer.state, item.sha256, item.size_bytes) == (
        PointerState.EXACT,
        digest_of(b"abc"),
        3,
    )
    assert study.work() == 0


def test_sizes_that_together_no_database_holds_are_refused(study: Study) -> None:
    package = study.create()
    huge = replace(a_url(f"https://{HOST}/a"), size_bytes=MAX_ID)
    study.point(package.id, "a", huge)

    with pytest.raises(PackageFull):
        study.point(package.id, "b", huge)

    assert study.get(package.id).size_bytes == MAX_ID


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/a",
        "https://elsewhere.test/a",
        f"https://{HOST}.evil.test/a",
        f"https://{HOST}:8443/a",
        f"https://{HOST}@evil.test/a",
        f"https://user:word@{HOST}/a",
        f"https://evil.test\\@{HOST}/a",
        f"https://{HOST}/a b",
        f"https://{HOST}/ü",
        f"https://{HOST}/a\nLocation: x",
        f"https://{HOST}/a#b",
        f"https://{HOST}:x/a",
        "https:///a",
        "//files.test/a",
        "javascript:alert(1)",
        f"https://{HOST}/{'a' * 2000}",
    ],
)
def test_a_share_is_no_redirect_to_anywhere(study: Study, url: str) -> None:
    package = study.create()

    with pytest.raises(PointerRefused):
        study.point(package.id, "a.tif", a_url(url))

    assert study.paths(package.id) == []


def test_a_file_of_a_workspace_is_kept_by_the_package(study: Study, world: World) -> None:
    workspace = world.create()
    world.upload(workspace, {"paper.tif": b"image"})
    package = study.create()

    item = study.point(
        package.id, "figure.tif", WorkspaceFileWish(workspace_id=workspace, path="paper.tif")
    )
    world.delete(workspace)
    world.sweep_twice()

    assert isinstance(item.behind, BlobBehind)
    assert (item.sha256, item.behind.is_text, item.media_type) == (
        digest_of(b"image"),
        False,
        "image/tiff",
    )
    assert item.md5 == "78805a221a988e79ef3f42d7c5bfd418"
    assert world.digests() == {digest_of(b"image")}
    with world.database.read() as tx:
        assert tx.quotas.usage(owner_subject(CURATOR.owner)).used_bytes == 0
    assert world.problems() == []


def test_nobody_takes_what_they_may_not_read(study: Study, world: World) -> None:
    workspace = world.create()
    world.upload(workspace, {"a.tif": b"image"})
    mine = study.create()
    theirs = study.create(caller=STRANGER)

    wish = WorkspaceFileWish(workspace_id=workspace, path="a.tif")
    with pytest.raises(WorkspaceNotFound):
        study.point(theirs.id, "a.tif", wish, caller=STRANGER)
    unknown = WorkspaceFileWish(workspace_id=WorkspaceId(99), path="a.tif")
    with pytest.raises(WorkspaceNotFound):
        study.point(mine.id, "a.tif", unknown)
    missing = WorkspaceFileWish(workspace_id=workspace, path="b.tif")
    with pytest.raises(FileNotFound):
        study.point(mine.id, "a.tif", missing)
