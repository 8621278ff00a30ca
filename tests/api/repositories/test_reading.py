"""Files of repositories: types, freshness, conditions, ranges, and what is not there."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
import time_machine

from builders.debian import a_deb
from builders.rpms import an_rpm
from people.pushers import Pusher

RELEASE = "live/2.8/ubuntu/dists/focal/Release"
PACKAGES = "live/2.8/ubuntu/dists/focal/main/binary-amd64/Packages.gz"
DEB = "live/2.8/ubuntu/pool/focal/main/t/tools/tiny_1.0-1_amd64.deb"
REPOMD = "live/2.8/el/9/x86_64/repodata/repomd.xml"
RPM = "live/2.8/el/9/x86_64/Packages/tiny-1.0-1.x86_64.rpm"
YEAR = "public, max-age=31536000, immutable"
REVALIDATED = "public, no-cache"


@pytest.fixture(autouse=True)
def _filled(rws: Pusher, publish: Callable[[], None]) -> None:
    """Published a while ago."""
    with time_machine.travel("2026-11-27T12:00:00Z", tick=True):
        rws.push("live/2.8/ubuntu/focal", {"tiny_1.0-1_amd64.deb": a_deb()}, "tools")
        rws.push("live/2.8/el/9", {"tiny-1.0-1.x86_64.rpm": an_rpm()})
        publish()


@pytest.mark.parametrize(
    ("path", "media", "cached"),
    [
        (RELEASE, "text/plain; charset=utf-8", REVALIDATED),
        (PACKAGES, "application/gzip", REVALIDATED),
        (DEB, "application/vnd.debian.binary-package", YEAR),
        (REPOMD, "application/xml", REVALIDATED),
        (RPM, "application/x-rpm", YEAR),
    ],
)
def test_a_file_says_what_it_is_and_how_long_it_stays(
    reader: Pusher, path: str, media: str, cached: str
) -> None:
    response = reader.get(path)

    name = path.rpartition("/")[2]
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media
    assert response.headers["Cache-Control"] == cached
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("path", [RELEASE, PACKAGES, DEB, REPOMD])
def test_what_has_not_changed_since_is_not_sent(reader: Pusher, path: str) -> None:
    headers = reader.get(path).headers
    earlier = parsedate_to_datetime(headers["Last-Modified"]) - timedelta(seconds=1)

    for since, status in ((headers["Last-Modified"], 304), (format_datetime(earlier), 200)):
        asked = {"If-Modified-Since": since.replace("+0000", "GMT").replace("-0000", "GMT")}
        assert reader.get(path, headers=asked).status_code == status
        assert reader.head(path, headers=asked).status_code == status
    assert reader.get(path, headers={"If-None-Match": headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", [RELEASE, PACKAGES, DEB])
def test_a_part_is_sent_by_date_or_tag(reader: Pusher, path: str) -> None:
    whole = reader.get(path)

    for state in (whole.headers["Last-Modified"], whole.headers["ETag"]):
        part = reader.get(path, headers={"Range": "bytes=5-", "If-Range": state})
        assert (part.status_code, part.data) == (206, whole.data[5:])
    stale = {"Range": "bytes=5-", "If-Range": "Thu, 01 Jan 1970 00:00:01 GMT"}
    assert reader.get(path, headers=stale).status_code == 200
    assert reader.get(path, headers={"Range": "bytes=999999-"}).status_code == 416


def test_head_is_get_without_the_body(reader: Pusher) -> None:
    for path in (RELEASE, PACKAGES, DEB, "live"):
        get, head = reader.get(path), reader.head(path)
        assert (head.status_code, head.data) == (200, b"")
        for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified"):
            assert head.headers.get(name) == get.headers.get(name)


def test_in_the_second_of_its_publication_a_root_has_no_date_and_is_sent_whole(
    rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    with time_machine.travel("2026-11-27T13:00:00Z", tick=False) as time:
        rws.rebuild("live/2.8/ubuntu/focal")
        publish()
        fresh = reader.get(RELEASE)
        asked = {
            "If-Modified-Since": "Fri, 27 Nov 2026 13:00:00 GMT",
            "If-None-Match": fresh.headers["ETag"],
        }
        again = reader.get(RELEASE, headers=asked)
        time.shift(1)
        settled = reader.get(RELEASE, headers=asked)
        told = reader.get(RELEASE).headers["Last-Modified"]

    assert "Last-Modified" not in fresh.headers
    assert (again.status_code, again.data) == (200, fresh.data)
    assert settled.status_code == 304
    assert told == asked["If-Modified-Since"]


MISSING = [
    "nothing", "live/nothing", "live/2.8/nothing", "live/2.8/el/10", "live/2.8/el/9/nothing",
    f"{RELEASE}/x", f"{RELEASE}s", "live/2.8/ubuntu/focal", "live/2.8/ubuntu/dists/groovy",
    "@999999/live/2.8/el/9/x86_64/repodata/repomd.xml", "@x/live/2.8/el/9/x86_64",
    "@/live/2.8/el/9", f"@{'9' * 30}/live/2.8/el/9", "incoming/live", "mirrorlist/live",
    "..", "../etc/passwd", "live/..", "live/2.8/..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e",
    "live%00", "live/2.8/%0a", "%ff", "live/" + "a" * 5000, "a/" * 500, "live\\2.8",
]  # fmt: skip


def test_what_is_not_there_is_404(reader: Pusher) -> None:
    for path in MISSING:
        response, head = reader.get(path), reader.head(path)
        assert (response.status_code, head.status_code) == (404, 404), path
        assert set(response.get_json()) == {"message"}, path


def test_what_lies_below_api_is_ours_and_has_problems(reader: Pusher) -> None:
    for path in ("api/nothing", "api/live/2.8/el/10/client.repo"):
        response = reader.get(path)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_doubled_slashes_and_dots_lead_where_single_ones_do(reader: Pusher) -> None:
    whole = reader.get(RELEASE).data

    for path in (f"/{RELEASE}", RELEASE.replace("/", "//"), f"./{RELEASE}", f"{RELEASE}/"):
        assert reader.get(path).data == whole


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        (RELEASE, "file", 200),
        (RELEASE, "directory", 404),
        ("live", "directory", 200),
        ("live", "file", 404),
        ("live", "link", 400),
    ],
)
def test_what_is_asked_for_as_another_kind_is_not_there(
    reader: Pusher, path: str, kind: str, status: int
) -> None:
    assert reader.get(f"{path}?type={kind}").status_code == status


def test_an_earlier_publication_stays_what_it_was(
    rws: Pusher, reader: Pusher, publish: Callable[[], None]
) -> None:
    newest = reader.get("mirrorlist/live/2.8/el/9/x86_64").text.strip()
    address = newest.partition("/repositories/")[2] + "/repodata/repomd.xml"
    before = reader.get(address)
    rws.rebuild("live/2.8/el/9")
    publish()

    after = reader.get(address)

    assert after.data == before.data != reader.get(REPOMD).data
    assert after.headers["Cache-Control"] == YEAR
