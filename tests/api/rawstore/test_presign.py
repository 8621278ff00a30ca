"""GET /rawstore/presign, info and storage: what is whose, and what nobody is told."""

from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient

from builders.papers import a_token
from people.answers import answer
from people.depositors import Depositor, datahub_token, worded

ROW = b"a,b\n1,2\n"
UNKNOWN = (404, worded("There is no such file."))
HERE = "http://fooserver.localdomain/rawstore/objects"


def test_a_public_url_comes_back_as_it_is(ann: Depositor, passer_by: Depositor) -> None:
    url = ann.push("f.csv", ROW)

    assert answer(passer_by.presign(url)) == (200, {"url": url})
    assert passer_by.client.get(url).data == ROW


def test_a_private_file_is_signed_for_its_owner(ann: Depositor) -> None:
    url = ann.push("data/f ü.csv", ROW, findability="private")

    signed = ann.presign(url, ownerid="alice").get_json()["url"]

    assert urlsplit(signed).query
    got = ann.client.get(signed)
    assert (got.data, got.mimetype) == (ROW, "text/csv")
    assert ann.client.get(url).status_code == 404


def test_a_signed_url_reads_nothing_else(ann: Depositor) -> None:
    ann.push("a", ROW, findability="private")
    ann.push("b", ROW, findability="private")
    signed = ann.presign(f"{HERE}/alice/ds/a").get_json()["url"]

    got = ann.client.get(signed.replace("/ds/a?", "/ds/b?"))

    words = "The form is refused: the URL was not made by this service. Ask for a new one."
    assert answer(got) == (403, worded(words))


def test_private_and_unknown_are_the_same_to_strangers(
    ann: Depositor, mallory: Depositor, passer_by: Depositor
) -> None:
    private = ann.push("f", ROW, findability="private")
    pending = ann.form("g", ROW)

    for stranger in (mallory, passer_by):
        assert answer(stranger.presign(private)) == UNKNOWN
        assert answer(stranger.presign(private, ownerid="alice")) == UNKNOWN
        assert answer(stranger.presign(private, ownerid="mallory")) == UNKNOWN
        assert answer(stranger.presign(f"{HERE}/{pending['upload_query']['key']}")) == UNKNOWN
        assert answer(stranger.presign(f"{HERE}/alice/ds/unknown")) == UNKNOWN
        assert answer(stranger.client.get(private)) == UNKNOWN


def test_the_owner_it_names_must_be_the_tokens_user(ann: Depositor) -> None:
    private = ann.push("f", ROW, findability="private")

    assert answer(ann.presign(private, ownerid="mallory")) == UNKNOWN


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "http://example.org/rawstore/objects/alice/ds/f",
        "//fooserver.localdomain/rawstore/objects/alice/ds/f",
        "http://fooserver.localdomain.example.org/rawstore/objects/alice/ds/f",
        "http://[bad",
    ],
)
def test_urls_of_others_are_unknown(ann: Depositor, url: str) -> None:
    ann.push("f", ROW)

    assert answer(ann.presign(url)) == UNKNOWN


def bad_tokens() -> list[str]:
    return [
        "bad",
        datahub_token(service="source"),
        datahub_token(exp=1),
        a_token("1", "upload:read"),
    ]


@pytest.mark.parametrize("token", bad_tokens())
def test_a_token_that_is_no_good_here_is_none(
    client: FlaskClient, ann: Depositor, token: str
) -> None:
    public, private = ann.push("f", ROW), ann.push("g", ROW, findability="private")
    somebody = Depositor(client, "alice", token)

    assert answer(somebody.presign(public, ownerid="alice")) == (200, {"url": public})
    told = answer(somebody.presign(private))
    assert told[0] in (401, 403)
    assert told == answer(somebody.presign(f"{HERE}/alice/ds/unknown"))


@pytest.mark.parametrize("name", ["a+b.csv", "R&D.csv", "50 %.csv", "\u00fc.csv", "\u4e2d.csv"])
def test_the_url_may_be_written_as_bitstores_client_does(ann: Depositor, name: str) -> None:
    url = ann.push(name, ROW)
    ann.push("a b.csv", b"another")

    bare = url.replace(" ", "%20").encode("latin-1" if "\u00fc" in name else "utf-8")
    told = ann.get(f"/presign?ownerid=alice&url={quote(bare, safe=':/+&%')}").get_json()

    assert ann.client.get(told["url"]).data == ROW


def test_info_gives_the_prefix_of_the_callers_urls(ann: Depositor) -> None:
    url = ann.push("f", ROW)

    told = answer(ann.get("/info"))

    assert told == (200, {"prefixes": [f"{HERE}/alice"]})
    assert url.startswith(told[1]["prefixes"][0])


@pytest.mark.parametrize("path", ["/info", "/storage/owner/alice", "/storage/info/rawstore/a"])
def test_the_rest_needs_a_token(passer_by: Depositor, client: FlaskClient, path: str) -> None:
    unscoped = Depositor(client, "1", a_token("1", "rawstore:write"))

    assert answer(passer_by.get(path)) == (401, worded("Not a valid session"))
    assert answer(unscoped.get(path)) == (403, worded("Access denied"))


def test_storage_tells_what_is_held(ann: Depositor) -> None:
    ann.push("a", b"1", flow_id="f1")
    ann.push("b", b"22", flow_id="f2", findability="private")
    ann.form("pending", b"4444")

    for path, total in {
        "/storage/owner/alice": 3,
        "/storage/owner/alice?findability=private": 2,
        "/storage/dataset_id/ds": 3,
        "/storage/dataset_id/ds?findability=published": 1,
        "/storage/dataset_id/other": 0,
        "/storage/flow_id/f1": 1,
        "/storage/flow_id/f2?findability=published": 0,
        "/storage/info/rawstore/alice/ds/b": 2,
    }.items():
        assert answer(ann.get(path)) == (200, {"totalBytes": total}), path


def test_storage_of_others_is_not_told(ann: Depositor, mallory: Depositor) -> None:
    ann.push("a", b"1", flow_id="f1")

    assert answer(mallory.get("/storage/owner/alice")) == (403, worded("Access denied"))
    assert answer(mallory.get("/storage/info/rawstore/alice/ds/a")) == UNKNOWN
    assert answer(mallory.get("/storage/dataset_id/ds")) == (200, {"totalBytes": 0})
    assert answer(mallory.get("/storage/flow_id/f1")) == (200, {"totalBytes": 0})


def test_an_unknown_object_or_findability_is_refused(ann: Depositor) -> None:
    ann.form("pending", ROW)

    assert answer(ann.get("/storage/info/rawstore/alice/ds/pending")) == UNKNOWN
    assert answer(ann.get("/storage/info/other/alice/ds/a")) == UNKNOWN
    status, told = answer(ann.get("/storage/owner/alice?findability=x"))
    words = "findability: it is none of published, unlisted, private."
    assert (status, told) == (400, worded(words))


PAGE = {
    "docs": "http://docs.datahub.io",
    "info": "rawstore service - part of the DataHub platform",
}


@pytest.mark.parametrize("path", ["/", "/x", "/authorize", "/x/y/z", "/storage", "/storage/info/x"])
def test_everything_else_is_the_page(passer_by: Depositor, path: str) -> None:
    assert answer(passer_by.get(path)) == (404, PAGE)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_get_the_page_too(client: FlaskClient, method: str) -> None:
    assert answer(client.open("/rawstore/info", method=method)) == (404, PAGE)
