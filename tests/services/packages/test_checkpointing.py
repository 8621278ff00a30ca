"""Packages of checkpoints: files of a workspace, frozen in one call."""

from dataclasses import replace

import pytest

from filemanager.domain.caller import GrantedScope, Scope
from filemanager.domain.errors import InsufficientScope
from filemanager.domain.ids import WorkspaceId, digest_of
from filemanager.domain.workspaces.errors import CheckpointNotFound, WorkspaceNotFound
from filemanager.services.packages.checkpointing import CheckpointedWish
from worlds.packages import CURATOR, STRANGER, Study
from worlds.stored import ALICE, World


def without(scope: Scope) -> frozenset[GrantedScope]:
    return CURATOR.granted - {GrantedScope(scope)}


@pytest.fixture
def wish(world: World) -> CheckpointedWish:
    """Of a checkpoint with two files, one of which was changed since."""
    workspace = world.create()
    world.upload(workspace, {"a.txt": b"then", "b/c.tif": b"image"})
    checkpoint = world.checkpoints.create(ALICE, workspace, "first")
    world.upload(workspace, {"a.txt": b"now"})
    return CheckpointedWish(workspace_id=workspace, checkpoint_id=checkpoint.id, name="paper")


def test_what_the_checkpoint_holds_is_a_version(
    study: Study, world: World, wish: CheckpointedWish
) -> None:
    version = study.checkpointed.create(CURATOR, wish)

    assert (version.number, version.items, version.size_bytes) == (1, 2, 9)
    assert version.described.name == "paper"
    known = {"a.txt": digest_of(b"then"), "b/c.tif": digest_of(b"image")}
    assert study.known(version) == known
    assert all(len(item.md5 or "") == 32 for item in study.items(version))
    assert world.problems() == []


def test_a_version_outlives_its_workspace(
    study: Study, world: World, wish: CheckpointedWish
) -> None:
    study.checkpointed.create(CURATOR, wish)

    world.delete(wish.workspace_id)
    world.sweep_twice()

    assert {digest_of(b"then"), digest_of(b"image")} <= world.digests()


def test_for_peer_review_nobody_is_named(study: Study, wish: CheckpointedWish) -> None:
    version = study.checkpointed.create(CURATOR, replace(wish, is_anonymous=True))

    assert version.is_anonymous
    assert study.edition(version.package_id, 1).is_anonymous
    assert version.described.creators == ()


def test_what_one_may_not_read_is_not_there(study: Study, wish: CheckpointedWish) -> None:
    for asking in (
        STRANGER,
        replace(CURATOR, granted=without(Scope.READ)),
        replace(CURATOR, granted=without(Scope.READ_CHECKPOINTS)),
    ):
        with pytest.raises(WorkspaceNotFound):
            study.checkpointed.create(asking, wish)
    with pytest.raises(WorkspaceNotFound):
        study.checkpointed.create(CURATOR, replace(wish, workspace_id=WorkspaceId(99)))
    with pytest.raises(CheckpointNotFound):
        study.checkpointed.create(CURATOR, replace(wish, checkpoint_id=99))
    with pytest.raises(InsufficientScope):
        study.checkpointed.create(replace(CURATOR, granted=without(Scope.PACKAGE_WRITE)), wish)
    assert study.keeper.page(CURATOR, 0, 10) == []
