"""A share as one archive, and as repositories."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.http import http_date

from api.shares.conftest import SCAN, Sharer
from filemanager.domain.ids import digest_of
from filemanager.domain.jobs.job import Lane
from filemanager.factory.application import doors_of, handlers_of
from filemanager.factory.core import Core
from filemanager.factory.parts import clock
from filemanager.jobs.worker import Habits, Worker
from people.guests import ShareGuest


@pytest.fixture
def work(core: Core) -> Callable[[], None]:
    """Do all that is promised, as workers of another process would."""
    habits = Habits(lease=timedelta(minutes=1), clock=clock, jitter=lambda: 0.0)
    worker = Worker(core.database, handlers_of(doors_of(core)), Lane.LONG, habits)

    def run() -> None:
        while worker.run_next():
            pass

    return run


@pytest.fixture
def guest(sharer: Sharer) -> ShareGuest:
    return sharer.share()


def test_the_archive_is_a_bag_of_known_length(guest: ShareGuest) -> None:
    answer = guest.get("package.zip")

    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    root = "Iris-study-v1"
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert archive.testzip() is None
    assert archive.read(f"{root}/data/notes/first note.txt") == b"one two three"
    assert (
        f"{digest_of(SCAN)}  data/sub dir/b \u00fc.tif"
        in archive.read(f"{root}/manifest-sha256.txt").decode()
    )
    assert "/s/iris/f/big.bin 5000 data/big.bin" in archive.read(f"{root}/fetch.txt").decode()


def test_a_part_of_the_archive_is_that_part(guest: ShareGuest) -> None:
    whole = guest.get("package.zip").data

    part = guest.get("package.zip", headers={"Range": f"bytes=100-{len(whole) - 50}"})

    assert (part.status_code, part.data) == (206, whole[100 : len(whole) - 49])


def test_a_repository_is_there_once_it_was_made(
    guest: ShareGuest, work: Callable[[], None]
) -> None:
    early = guest.get("annex.git/info/refs?service=git-upload-pack")
    work()
    made = guest.get("annex.git/info/refs?service=git-upload-pack")

    assert (early.status_code, early.get_json()["code"]) == (503, "pack_not_ready")
    assert int(early.headers["Retry-After"]) > 0
    assert made.status_code == 200
    assert b"refs/heads/git-annex" in made.data


@pytest.mark.parametrize("kind", ["annex", "dvc", "lfs"])
def test_what_is_sent_is_a_pack_with_the_commit_that_was_named(
    guest: ShareGuest, work: Callable[[], None], kind: str
) -> None:
    work()
    refs = guest.get(f"{kind}.git/info/refs?service=git-upload-pack").data
    head = refs[refs.index(b" HEAD") - 40 : refs.index(b" HEAD")].decode()
    want = f"want {head} no-progress\n"
    body = f"{len(want) + 4:04x}{want}00000009done\n".encode()

    answer = guest.post(f"{kind}.git/git-upload-pack", data=body)

    assert answer.mimetype == "application/x-git-upload-pack-result"
    assert answer.data.startswith(b"0008NAK\nPACK")


def test_pushing_and_dumb_clients_are_told_that_they_cannot(guest: ShareGuest) -> None:
    assert guest.get("annex.git/info/refs").status_code == 403
    assert guest.get("annex.git/info/refs?service=git-receive-pack").status_code == 403
    assert guest.post("annex.git/git-receive-pack").status_code == 404


def test_the_latest_has_no_repository(sharer: Sharer) -> None:
    guest = sharer.share(version="latest")

    answer = guest.get("dvc.git/info/refs?service=git-upload-pack")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "share_names_no_version")


def test_a_rotated_share_has_repositories_of_its_new_name(
    sharer: Sharer, guest: ShareGuest, work: Callable[[], None]
) -> None:
    work()
    before = guest.get("dvc.git/info/refs?service=git-upload-pack").data
    sharer.call("POST", "/iris:rotate", json={"slug": "rose"})
    rotated = guest.at("/s/rose/")
    waiting = rotated.get("dvc.git/info/refs?service=git-upload-pack").status_code
    work()

    after = rotated.get("dvc.git/info/refs?service=git-upload-pack").data

    assert waiting == 503
    assert before != after


def test_a_share_that_is_listed_later_has_repositories_then(
    sharer: Sharer, work: Callable[[], None]
) -> None:
    guest = sharer.share(listing=False)
    work()

    sharer.call("PATCH", "/iris", json={"listing": True})
    work()

    assert guest.get("lfs.git/info/refs?service=git-upload-pack").status_code == 200


def test_dvc_fetches_by_md5(guest: ShareGuest) -> None:
    listed = guest.get(headers={"Accept": "application/json"}).get_json()["entries"]
    (readme,) = [one for one in listed if one["path"] == "README.md"]
    md5 = readme["md5"]

    text = guest.get(f"dvc/files/md5/{md5[:2]}/{md5[2:]}")
    head = guest.head(f"dvc/files/md5/{md5[:2]}/{md5[2:]}")

    assert (text.status_code, head.status_code) == (200, 200)
    assert text.data.startswith(b"# Iris")
    assert guest.get(f"dvc/files/md5/{'0' * 2}/{'0' * 30}").status_code == 404
    assert guest.get(f"dvc/files/md5/{'0' * 2}/{'0' * 30}.dir").status_code == 404


def test_lfs_is_told_where_objects_are(guest: ShareGuest) -> None:
    objects = [
        {"oid": digest_of(SCAN), "size": len(SCAN)},
        {"oid": digest_of(b"one two three"), "size": 13},
        {"oid": "0" * 64, "size": 1},
    ]
    media = "application/vnd.git-lfs+json"

    answer = guest.post(
        "lfs.git/info/lfs/objects/batch",
        json={"operation": "download", "transfers": ["basic"], "objects": objects},
        headers={"Content-Type": media},
    )

    scan, text, nothing = answer.get_json(force=True)["objects"]
    assert answer.mimetype == media
    assert scan["actions"]["download"]["href"].startswith("https://objects.test/")
    assert 0 < scan["actions"]["download"]["expires_in"] <= 900
    path = text["actions"]["download"]["href"].removeprefix("http://fooserver.localdomain")
    assert guest.client.get(path).data == b"one two three"
    assert nothing["error"]["code"] == 404


def test_nothing_is_put_by_lfs(guest: ShareGuest) -> None:
    wish = {"operation": "upload", "objects": [{"oid": "0" * 64, "size": 1}]}

    answer = guest.post("lfs.git/info/lfs/objects/batch", json=wish)

    assert answer.get_json(force=True)["objects"][0]["error"]["code"] == 403


def test_what_becomes_known_later_shows_in_the_latest_alone(sharer: Sharer) -> None:
    study = sharer.study
    study.object("late.bin", b"late")
    study.point(sharer.package_id, "late.bin")
    study.frozen(sharer.package_id, is_partial=True)
    latest, frozen = sharer.share(version="latest"), sharer.share(version=2, slug="frozen")
    early = [latest.get("SHA256SUMS"), latest.get("package.zip"), frozen.get("SHA256SUMS")]

    study.work()
    late = [latest.get("SHA256SUMS"), latest.get("package.zip"), frozen.get("SHA256SUMS")]

    for answer in (*early, *late):
        assert answer.headers["Content-Length"] == str(len(answer.data))
    assert [digest_of(b"late") in one.text for one in (early[0], late[0], late[2])] == [
        False, True, False,
    ]  # fmt: skip
    tags = [
        (one.headers["ETag"], other.headers["ETag"]) for one, other in zip(early, late, strict=True)
    ]
    assert [one == other for one, other in tags] == [False, False, True]


@pytest.mark.parametrize("path", ["SHA256SUMS", "package.zip"])
def test_the_latest_is_not_known_by_its_date(sharer: Sharer, path: str) -> None:
    """Digests that become known change it, and the package has not changed since."""
    guest = sharer.share(version="latest")
    tomorrow = http_date(datetime.now(UTC) + timedelta(days=1))

    answer = guest.get(path, headers={"If-Modified-Since": tomorrow})

    assert answer.status_code == 200
    assert "Last-Modified" not in answer.headers
