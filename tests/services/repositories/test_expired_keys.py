"""A key that expires while the service runs: nothing is lost, and somebody is told."""

from dataclasses import replace
from datetime import timedelta

from builders.debian import a_deb
from builders.keys import a_key, an_expired_key
from filemanager.domain.jobs.job import MAX_ATTEMPTS, TroubledTask
from filemanager.services.jobs import JobService
from filemanager.signing.fake import FakeSigner
from filemanager.signing.openpgp import OpenPgpSigner
from worlds.repositories import FOCAL, Depot
from worlds.stored import World

_LONGEST_PAUSE = timedelta(minutes=5)


def expired_signer() -> OpenPgpSigner:
    """Its key was good when it was made."""
    signer = OpenPgpSigner([str(a_key())])
    signer._keys[0] = replace(signer._keys[0], secret=an_expired_key())
    return signer


def try_often(depot: Depot) -> None:
    for _ in range(MAX_ATTEMPTS + 2):
        depot.publish()
        depot.world.clock.turn(_LONGEST_PAUSE)


def troubled(world: World) -> list[TroubledTask]:
    return list(JobService(world.database, world.clock).troubled())


def test_publications_wait_until_another_key_signs(world: World) -> None:
    depot = Depot(world, signer=FakeSigner("ann"))
    depot.push({"tiny_1.0-1_amd64.deb": a_deb()})
    depot.publish()
    before = depot.read("live/2.8/ubuntu/dists/focal/InRelease")
    depot.signer = expired_signer()
    pushed = depot.push({"tiny_2.0-1_amd64.deb": a_deb({"Version": "2.0-1"})})
    try_often(depot)

    assert not depot.pushing.is_published(pushed)
    assert depot.read("live/2.8/ubuntu/dists/focal/InRelease") == before

    depot.signer = FakeSigner("bob")
    depot.publish()

    assert depot.pushing.is_published(pushed)
    assert troubled(world) == []


def test_operators_are_told_which_key_and_what_now(world: World) -> None:
    depot = Depot(world, signer=expired_signer())
    depot.push({"tiny_1.0-1_amd64.deb": a_deb()})

    try_often(depot)

    (task,) = troubled(world)
    key = depot.signer.keys[0].fingerprint
    ended_at = an_expired_key().extract_certificate().expiration
    assert task.key == f"publish {FOCAL}"
    assert task.error == (
        f"signing_failed: The repository could not be signed: key {key} has expired on"
        f" {ended_at:%Y-%m-%d}. Configure one that signs, and start the service anew: what was"
        " pushed is published then."
    )
