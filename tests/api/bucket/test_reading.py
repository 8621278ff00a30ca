"""Looking into the bucket."""

import hashlib
import re

import pytest
from flask.testing import FlaskClient

from builders.papers import a_tarball, a_zip
from filemanager.domain.ids import digest_of
from people.following import led_to
from people.person import Person
from people.visitors import Visitor, md5, sharded

NOT_FOUND = {
    "status": "not found",
    "code": 404,
    "error": "There is nothing of that name in the bucket.",
}
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;"
    "q=0.8,application/signed-exchange;v=b3;q=0.7"
)
"""Edge sends the same."""

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
HTML = {"Accept": FIREFOX}


def test_head_of_a_checksum_tells_that_it_is_here(dana: Visitor) -> None:
    dana.keep("a.txt", b"text")

    found = dana.head(f"checksum/{md5(b'text')}")

    assert found.status_code == 200
    assert led_to(found) == "/bucket/" + sharded("blob", md5(b"text"))
    assert found.data == b""


@pytest.mark.parametrize("checksum", [md5(b"text"), digest_of(b"text"), md5(b"text").upper()])
def test_a_checksum_tells_size_type_and_names(dana: Visitor, checksum: str) -> None:
    dana.keep("a.txt", b"text")
    dana.keep("d/b.txt", b"text")

    found = dana.get(f"checksum/{checksum}").get_json()

    assert found == {
        "checksum": checksum.lower(),
        "algorithm": "md5" if len(checksum) == 32 else "sha256",
        "sha256": digest_of(b"text"),
        "size": 4,
        "type": "text/plain",
        "names": ["a.txt", "d/b.txt"],
        "path": sharded("blob", md5(b"text")),
    }


@pytest.mark.parametrize(
    "path",
    [
        "checksum/" + "0" * 32, "checksum/" + "0" * 64, "checksum/nothex", "checksum/" + "a" * 5000,
        "blob/" + "0" * 32, "blob/00/00/" + "0" * 32, "explode/00/00/" + "0" * 32, "replica/x",
        "replica/a//b", "replica/..%2f..%2fetc", "replica/a%00b", "explode/00/00/%00",
    ],
)  # fmt: skip
def test_what_is_not_here_is_404(dana: Visitor, path: str) -> None:
    dana.keep("a.txt", b"text")

    response = dana.get(path)

    assert (response.status_code, response.get_json()) == (404, NOT_FOUND)
    assert dana.head(path).status_code == 404


def test_wrong_shards_are_404(dana: Visitor) -> None:
    dana.keep("a.txt", b"text")

    assert dana.get(f"blob/00/00/{md5(b'text')}").status_code == 404


def test_bytes_of_a_workspace_are_not_found_by_their_digest(dana: Visitor, alice: Person) -> None:
    alice.create("notes.txt", b"secret")

    assert dana.head(f"checksum/{digest_of(b'secret')}").status_code == 404
    assert dana.get(f"blob/{digest_of(b'secret')}").status_code == 404


def test_a_download_never_runs_in_a_browser(dana: Visitor) -> None:
    path = dana.keep("evil.html", b"<script>1</script>")["path"]["blob"]

    headers = dana.get(path).headers

    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename=evil.html"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_ranges_and_conditions_hold(dana: Visitor) -> None:
    path = dana.keep("a", b"0123456789")["path"]["blob"]
    tag = dana.head(path).headers["ETag"]

    part = dana.get(path, headers={"Range": "bytes=2-4"})

    assert (part.status_code, part.data) == (206, b"234")
    assert dana.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert dana.get(path, headers={"Range": "bytes=99-"}).status_code == 416
    assert dana.head(path).headers["Content-Length"] == "10"


def test_members_of_archives_are_found_by_checksum(dana: Visitor) -> None:
    dana.keep("z.zip", a_zip({"d/a.txt": b"inside"}))

    assert dana.get(f"checksum/{md5(b'inside')}").get_json()["names"] == ["d/a.txt"]
    assert dana.get(f"blob/{md5(b'inside')}").data == b"inside"


def test_directories_of_an_exploded_archive_are_listed(dana: Visitor) -> None:
    top = dana.keep("d.tgz", a_tarball({"b.txt": b"1", "d/a": b"22", "d/e/x": b"3"}))["path"]
    top = top["archive"]

    listed = dana.get(top).get_json()
    below = dana.get(f"{top}/d/").get_json()

    assert listed["entries"] == [{"name": "b.txt", "size": 1}, {"name": "d", "size": None}]
    assert below["entries"] == [{"name": "a", "size": 2}, {"name": "e", "size": None}]
    assert dana.get(f"{top}/").get_json() == listed
    assert dana.get(f"{top}/nothing").status_code == 404


def test_drops_are_listed_the_newest_first_a_page_at_a_time(dana: Visitor) -> None:
    for name in "abc":
        dana.keep(name, name.encode())

    first = dana.get("blob/?limit=2").get_json()
    second = dana.get(f"blob/?limit=2&after={first['next']}").get_json()

    assert [one["name"] for one in first["files"]] == ["c", "b"]
    assert [one["name"] for one in second["files"]] == ["a"]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "after=-1", "after=x"])
def test_a_bad_page_is_422(dana: Visitor, query: str) -> None:
    response = dana.get(f"blob/?{query}")

    assert response.status_code == 422
    assert response.get_json()["code"] == 422


def test_listings_are_pages_for_people_and_escape_names(dana: Visitor) -> None:
    dana.keep("<script>.txt", b"1")

    page = dana.get("blob/", headers=HTML)

    assert page.mimetype == "text/html"
    assert "&lt;script&gt;.txt" in page.text
    assert "<script>.txt" not in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "media"),
    [
        (CHROME, "text/html"),
        (FIREFOX, "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("image/png", "text/html"),
        ("text/html, application/json", "text/html"),
        ("application/json;q=0.5, */*", "text/html"),
        ("application/json;q=0", "text/html"),
        ("application/json", "application/json"),
        ("Application/JSON; indent=2", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
    ],
)
def test_a_listing_is_json_for_those_alone_who_name_it(
    dana: Visitor, accepted: str, media: str
) -> None:
    top = dana.keep("d.tar", a_tarball({"a/b": b"1"}, "w"))["path"]["archive"]

    for path in ("blob/", "replica/", top, f"{top}/a/"):
        response = dana.get(path, headers={"Accept": accepted})
        assert response.mimetype == media
        assert response.headers["Vary"].split(", ")[0] == "Accept"


def hrefs(page: str) -> list[str]:
    """Of what is listed."""
    return re.findall('<a href="([^"]*)"', page.partition("<main")[2])


def test_addresses_on_a_page_are_relative_and_those_of_directories_end_in_a_slash(
    dana: Visitor,
) -> None:
    files = {"d/e/f": b"1", "d/é?#.txt": b"2", "a:b": b"3"}
    top = dana.keep("d.tar", a_tarball(files, "w"))["path"]["archive"]
    last = top.rpartition("/")[2]

    def links(path: str) -> list[str]:
        return hrefs(dana.get(path, headers=HTML).text)

    assert links(f"{top}/") == ["a%3Ab", "d/"]
    assert links(top) == [f"{last}/a%3Ab", f"{last}/d/"]
    assert links(f"{top}/d/") == ["e/", "%C3%A9%3F%23.txt"]


def test_a_page_lists_all(dana: Visitor) -> None:
    dana.send({f"{number}.txt": str(number).encode() for number in range(1002)})

    page = dana.get("blob/", headers=HTML).text

    assert len(set(hrefs(page))) == 1002


def test_the_form_takes_files_folders_and_a_token_without_outside_requests(
    passer_by: Visitor,
) -> None:
    page = passer_by.get("upload").text

    for part in ("webkitdirectory", 'name="file"', 'for="token"', 'name="viewport"', "multiple"):
        assert part in page
    assert "//" not in page.replace("<!doctype", "")


def test_the_root_says_what_this_is(passer_by: Visitor) -> None:
    response = passer_by.get("")

    assert (response.text, response.mimetype) == ("http-bucket server", "text/html")


@pytest.mark.parametrize(
    "special",
    [
        {
            "bucket": {
                "replicate_0": "user/${Username}/${Topic}",
                "archive_uri": "https://files.test/b/",
            }
        }
    ],
)
def test_the_config_is_in_the_shape_of_the_original(dana: Visitor) -> None:
    assert dana.get("config").get_json() == {
        "ARCHIVE_DIR": None,
        "ARCHIVE_URI": "https://files.test/b/",
        "CHECKSUM_TYPE": "md5",
        "MAX_CONTENT_LENGTH": 33554432,
        "REPLICATES": [["user", "${Username}", "${Topic}"]],
    }


@pytest.mark.parametrize("special", [{"bucket": {"archive_uri": "https://files.test/b/"}}])
def test_paths_are_joined_with_the_uri(dana: Visitor) -> None:
    digest = md5(b"1")

    path = dana.keep("a", b"1")["path"]["blob"]

    assert path == f"https://files.test/b/{sharded('blob', digest)}"
    assert dana.head(f"checksum/{digest}").headers["Location"] == path


@pytest.mark.parametrize("special", [{"bucket": {"checksum_type": "SHA1"}}])
def test_another_algorithm_may_be_chosen(dana: Visitor) -> None:
    answer = dana.keep("a.tar", a_tarball({"x": b"member"}, "w:"))

    inside = hashlib.sha1(b"member", usedforsecurity=False).hexdigest()
    assert len(answer["checksum"]["blob"]) == 40
    assert dana.get(f"checksum/{inside}").get_json()["algorithm"] == "sha1"
    assert dana.head(f"checksum/{md5(b'member')}").status_code == 404


@pytest.mark.parametrize("special", [{"bucket": {"checksum_type": "sha256"}}])
def test_sha256_is_enough_by_itself(client: FlaskClient, dana: Visitor) -> None:
    answer = dana.keep("a.tar", a_tarball({"x": b"member"}, "w:"))

    assert client
    assert answer["checksum"]["blob"] == answer["sha256"]
    assert dana.get(answer["path"]["blob"]).status_code == 200
    assert dana.get(f"{answer['path']['archive']}/x").data == b"member"
