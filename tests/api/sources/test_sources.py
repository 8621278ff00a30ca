"""Sources over HTTP, without a store: who sees what, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from filemanager.api.http.paging import cursor_of
from people.following import next_of
from people.source_keepers import ALICE, SourceKeeper, a_keeper

PLACE = "/packages/api/sources"
SCANS = {
    "name": "scans",
    "kind": "directory",
    "bucket": None,
    "prefix": None,
    "endpoint": None,
    "public_endpoint": None,
    "region": None,
    "readers": [ALICE],
    "probe": {"versioning": False, "conditional_get": True, "signed_head": False, "cors": False},
    "has_credentials": False,
}
LAB = {"name": "lab", "kind": "s3", "bucket": "lab", "endpoint": "http://127.0.0.1:9"}


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["code"]


@pytest.mark.usefixtures("started")
def test_it_works(reader: SourceKeeper) -> None:
    assert reader.json() == {"sources": [SCANS]}
    assert reader.json("/scans") == SCANS


@pytest.mark.usefixtures("started")
def test_what_lies_in_a_source_is_browsed_level_by_level(reader: SourceKeeper, scans: Path) -> None:
    top = reader.json("/scans/objects")
    below = reader.json("/scans/objects", prefix="sub dir/")

    (found,) = top["objects"]
    facts = (scans / "a.tif").stat()
    version = f"{facts.st_mtime_ns}-{facts.st_size}-{facts.st_ino}"
    assert found.pop("modified")
    assert found == {"key": "a.tif", "size": 5, "etag": version, "version": version}
    assert top["prefixes"] == ["sub dir/"]
    assert [one["key"] for one in below["objects"]] == ["sub dir/b \u00fc.tif"]
    assert below["prefixes"] == ["sub dir/deep/"]


@pytest.mark.usefixtures("started")
def test_all_that_holds_a_word_is_found_a_page_at_a_time(reader: SourceKeeper) -> None:
    first = reader.get("/scans/objects", delimiter="", q=".tif", limit="2")
    second = reader.client.get(next_of(first), headers={"Authorization": reader.token})

    keys = [[one["key"] for one in page.get_json()["objects"]] for page in (first, second)]
    assert keys == [["a.tif", "sub dir/b \u00fc.tif"], ["sub dir/deep/c.tif"]]
    assert next_of(second) == ""


@pytest.mark.usefixtures("started")
def test_for_a_stranger_a_source_is_not_there(stranger: SourceKeeper) -> None:
    assert stranger.json() == {"sources": []}
    for rest in ("/scans", "/scans/objects", "/none", "/none/objects", "/%00", "/%C3%BC", "/A"):
        assert code(stranger.get(rest)) == (404, "source_unknown")


@pytest.mark.usefixtures("started")
def test_whoever_looks_after_sources_sees_them_and_reads_no_other(admin: SourceKeeper) -> None:
    assert admin.json("/scans") == SCANS
    assert code(admin.get("/scans/objects")) == (404, "source_unknown")


@pytest.mark.usefixtures("started")
def test_nobody_without_a_token_or_a_scope_gets_in(
    client: FlaskClient, reader: SourceKeeper
) -> None:
    nobody, other = SourceKeeper(client, None), a_keeper(client, "1", "upload:read")
    for method, rest in (("GET", ""), ("GET", "/scans"), ("GET", "/scans/objects")):
        assert nobody.call(method, rest).status_code == 401
        assert code(other.call(method, rest)) == (403, "insufficient_scope")
    for method, rest in (("POST", ""), ("PATCH", "/scans"), ("DELETE", "/scans")):
        assert nobody.call(method, rest).status_code == 401
        assert code(reader.call(method, rest, json=LAB)) == (403, "insufficient_scope")


@pytest.mark.usefixtures("started")
def test_what_a_file_declares_is_not_changed_here(admin: SourceKeeper) -> None:
    assert code(admin.call("DELETE", "/scans")) == (409, "source_declared")
    assert code(admin.call("PATCH", "/scans", json={"readers": ["*"]})) == (409, "source_declared")
    assert admin.json("/scans") == SCANS


def test_where_no_host_is_listed_nobody_connects_a_source_this_way(admin: SourceKeeper) -> None:
    for endpoint in (LAB["endpoint"], "https://objects.test", "https://8.8.8.8"):
        made = admin.call("POST", json={**LAB, "endpoint": endpoint})

        assert code(made) == (422, "endpoint_refused")
    assert admin.json() == {"sources": []}


@pytest.mark.parametrize("hosts", ["objects.test,169.254.169.254,127.0.0.1:9"])
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://other.test", "http://127.0.0.1:10", "http://169.254.169.254",
        "http://169.254.169.254:80", "http://[::ffff:169.254.169.254]", "http://2130706433:9",
        "http://127.1:9", "http://localhost:9", "https://objects.test@other.test",
        "https://objects.test/path", "file:///etc/passwd", "//objects.test",
    ],
)  # fmt: skip
def test_endpoints_that_may_not_be_asked_are_refused(
    admin: SourceKeeper, hosts: str, endpoint: str
) -> None:
    assert hosts
    made = admin.call("POST", json={**LAB, "endpoint": endpoint})

    assert code(made) == (422, "endpoint_refused")
    assert admin.json() == {"sources": []}


@pytest.mark.parametrize("hosts", ["127.0.0.1:9"])
@pytest.mark.parametrize(
    "wish",
    [
        {"name": "Lab"}, {"name": "../x"}, {"name": ""}, {"bucket": "a/b"}, {"bucket": ".."},
        {"kind": "directory"}, {"kind": "gcs"}, {"readers": ["alice"]}, {"readers": "*"},
        {"readers": ["i:a"] * 201}, {"prefix": "p" * 1025}, {"region": "x y"}, {"path": "/etc"},
        {"credentials": {"access_key": "AK"}}, {"credentials": "AK"},
        {"credentials": {"access_key": "", "secret_key": ""}},
    ],
)  # fmt: skip
def test_what_names_no_source_is_malformed(
    admin: SourceKeeper, hosts: str, wish: dict[str, Any]
) -> None:
    assert hosts
    assert admin.call("POST", json={**LAB, **wish}).status_code == 422
    assert admin.json() == {"sources": []}


@pytest.mark.parametrize("hosts", ["127.0.0.1:9"])
def test_what_does_not_answer_is_not_kept(admin: SourceKeeper, hosts: str) -> None:
    assert hosts
    made = admin.call("POST", json=LAB)

    assert code(made) == (503, "source_unavailable")
    assert made.headers["Retry-After"]
    assert admin.json() == {"sources": []}


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "1001"}, {"cursor": "x"}, {"cursor": "MQ=="}, {"delimiter": "-"},
     {"prefix": "p" * 1025}, {"other": "x"}],
)  # fmt: skip
def test_odd_queries_are_malformed(reader: SourceKeeper, query: dict[str, str]) -> None:
    assert reader.get("/scans/objects", **query).status_code == 422


@pytest.mark.parametrize("after", ["\0", "\u00fc", "\ud800", "A", "../x", "a" * 64, 1])
def test_a_cursor_of_another_list_is_malformed(admin: SourceKeeper, after: object) -> None:
    assert admin.get(cursor=cursor_of(after)).status_code == 422


@pytest.mark.usefixtures("started")
def test_a_listing_that_did_not_change_is_not_sent_again(reader: SourceKeeper) -> None:
    for rest in ("", "/scans", "/scans/objects"):
        tag = reader.get(rest).headers["ETag"]

        again = reader.call("GET", rest, headers={"If-None-Match": tag})

        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize("prefix", ["../", "/etc/", "sub dir/../../", "./", "a.tif/"])
def test_no_prefix_leads_out_of_a_directory(reader: SourceKeeper, prefix: str) -> None:
    found = reader.json("/scans/objects", prefix=prefix)

    assert found == {"objects": [], "prefixes": []}
