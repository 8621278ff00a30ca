"""Keys that are made of content: owners meet at them, and none of them is harmed."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.papers import a_token
from filemanager.api.rawstore.door import RawstoreDoor
from people.depositors import Depositor, datahub_token, deposit, door_settings, entry, md5_of

ROW = b"a,b\n1,2\n"
KEY = "e5ebd4c02cefbe7955977c67ada242b7.csv"
OWN = re.compile(re.escape(KEY) + "~[0-9a-f]{8}")


@pytest.fixture
def special() -> dict[str, Any]:
    return door_settings(STORAGE_PATH_PATTERN="{md5_hex}{extension}")


@pytest.fixture
def bob(client: FlaskClient) -> Depositor:
    return Depositor(client, "bob", datahub_token("bob"))


def stored(app: Flask) -> list[str]:
    made: Any = app.extensions["filemanager"].doors[RawstoreDoor].settler
    return [one.key for one in made._objects.listing("")]


def key_of(form: dict[str, Any]) -> str:
    return str(form["upload_query"]["key"])


def total(depositor: Depositor) -> int:
    return int(depositor.get(f"/storage/owner/{depositor.user}").get_json()["totalBytes"])


def test_equal_files_in_a_call_have_one_place(ann: Depositor, app: Flask) -> None:
    files = {"f.csv": entry(ROW), "d/g.csv": entry(ROW, type="text/plain")}

    told = ann.authorize(deposit(files)).get_json()["filedata"]
    sent = [ann.send(told[path], ROW).status_code for path in files]

    assert sent == [204, 204]
    assert (told["f.csv"]["type"], told["d/g.csv"]["type"]) == ("text/csv", "text/plain")
    assert told["f.csv"]["upload_query"] == told["d/g.csv"]["upload_query"]
    assert stored(app) == [KEY]
    assert total(ann) == len(ROW)


def test_files_that_only_say_to_be_equal_are_refused(ann: Depositor) -> None:
    files = {"f.csv": entry(ROW), "g.csv": entry(ROW, length=9)}

    assert ann.authorize(deposit(files)).status_code == 400


def test_another_owner_posts_apart_and_both_lie_at_one_object(
    ann: Depositor, bob: Depositor, passer_by: Depositor, app: Flask
) -> None:
    first = ann.push("f.csv", ROW)
    form = bob.form("g.csv", ROW)
    assert OWN.fullmatch(key_of(form))
    assert not form["exists"]

    assert bob.send(form, ROW).status_code == 204

    assert stored(app) == [KEY]
    assert (total(ann), total(bob)) == (len(ROW), len(ROW))
    second = f"{form['upload_url']}/{key_of(form)}"
    for url in (first, second):
        assert passer_by.client.get(passer_by.presign(url).get_json()["url"]).data == ROW
        assert passer_by.client.get(url).data == ROW


def test_what_exists_is_about_the_owners_files(ann: Depositor, bob: Depositor) -> None:
    ann.push("f.csv", ROW)
    assert not bob.form("f.csv", ROW)["exists"]
    bob.push("f.csv", ROW)

    for owner in (ann, bob):
        again = owner.form("f.csv", ROW)
        assert again["exists"]
        assert owner.presign(f"{again['upload_url']}/{key_of(again)}").status_code == 200


def test_nobody_has_a_form_for_what_is_shared(ann: Depositor, bob: Depositor, app: Flask) -> None:
    older = ann.form("f.csv", ROW)
    ann.send(older, ROW)
    bob.push("f.csv", ROW)

    again = ann.form("f.csv", ROW)

    assert OWN.fullmatch(key_of(again))
    assert ann.send(older, ROW).status_code == 403
    assert ann.send(again, ROW).status_code == 204
    assert stored(app) == [KEY]
    assert total(ann) == len(ROW)
    assert ann.get(f"/storage/info/rawstore/{KEY}").get_json() == {"totalBytes": len(ROW)}


def test_other_bytes_are_refused(ann: Depositor, bob: Depositor, app: Flask) -> None:
    url = ann.push("f.csv", ROW)
    form = bob.form("f.csv", ROW)

    assert bob.send(form, ROW[::-1]).status_code == 400

    assert stored(app) == [KEY]
    assert ann.client.get(url).data == ROW
    assert not bob.form("f.csv", ROW)["exists"]


def test_a_form_for_anothers_key_is_no_form(ann: Depositor, bob: Depositor) -> None:
    ann.push("f.csv", ROW)

    assert bob.send(bob.form("f.csv", ROW), ROW, key=KEY).status_code == 403


@pytest.mark.parametrize("is_first", [True, False])
def test_private_files_are_never_shared_nor_told_of(
    ann: Depositor, bob: Depositor, app: Flask, *, is_first: bool
) -> None:
    if not is_first:
        bob.push("f.csv", ROW)

    private = ann.push("f.csv", ROW, findability="private")
    form = bob.form("f.csv", ROW)
    bob.send(form, ROW)

    # As if the private file were not there.
    assert (key_of(form), form["exists"]) == (KEY, not is_first)
    assert len(stored(app)) == 2
    assert bob.presign(private).status_code == 404
    assert bob.client.get(private).status_code == 404
    assert ann.presign(private).status_code == 200


def test_two_private_files_lie_apart(ann: Depositor, bob: Depositor, app: Flask) -> None:
    urls = [owner.push("f.csv", ROW, findability="private") for owner in (ann, bob)]

    assert len(stored(app)) == 2
    assert [ann.presign(url).status_code for url in urls] == [200, 404]


def test_who_makes_a_shared_file_private_leaves_it_to_the_others(
    ann: Depositor, bob: Depositor, app: Flask
) -> None:
    url = ann.push("f.csv", ROW)
    theirs = bob.push("f.csv", ROW)

    form = bob.form("f.csv", ROW, findability="private")
    assert not form["exists"]
    bob.send(form, ROW)

    assert sorted(stored(app)) == sorted([KEY, key_of(form)])
    assert ann.client.get(url).data == ROW
    assert ann.client.get(theirs).status_code == 404
    assert bob.presign(theirs).status_code == 200


def test_the_object_goes_with_its_last_file(ann: Depositor, bob: Depositor, app: Flask) -> None:
    for owner in (ann, bob, ann):
        owner.push("f.csv", ROW)

    for owner in (ann, bob):
        owner.push("f.csv", ROW, findability="private")

    assert KEY not in stored(app)
    assert len(stored(app)) == 2


def test_files_of_two_types_are_not_shared(ann: Depositor, bob: Depositor, app: Flask) -> None:
    ann.push("f.csv", ROW, type="text/csv")

    theirs = bob.push("f.csv", ROW, type="application/octet-stream")

    assert len(stored(app)) == 2
    assert bob.client.get(theirs).mimetype == "application/octet-stream"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_owners_who_are_authorised_before_either_posts_share_in_the_end(
    ann: Depositor, bob: Depositor, app: Flask, order: tuple[int, int]
) -> None:
    people = (ann, bob)
    forms = [owner.form("f.csv", ROW) for owner in people]

    for number in order:
        assert people[number].send(forms[number], ROW).status_code == 204

    assert stored(app) == [KEY]
    assert all(owner.form("f.csv", ROW)["exists"] for owner in people)


def test_users_of_one_name_and_two_issuers_are_two_owners(
    ann: Depositor, client: FlaskClient, app: Flask
) -> None:
    ann.push("f.csv", ROW)
    ours = Depositor(client, "alice", a_token("alice", "rawstore:write", "rawstore:read"))

    assert OWN.fullmatch(key_of(ours.form("f.csv", ROW)))
    ours.push("f.csv", ROW)

    assert stored(app) == [KEY]


def test_each_owner_needs_room(ann: Depositor, client: FlaskClient) -> None:
    ann.push("f.csv", ROW)
    poor = Depositor(client, "poor", datahub_token("poor", permissions={}))

    told = poor.authorize(deposit({"f.csv": entry(ROW)}, "poor"))

    assert (told.status_code, told.text) == (403, "Max storage for user exceeded plan limit (0MB)")


def test_the_digest_is_told_of_each(ann: Depositor, bob: Depositor) -> None:
    ann.push("f.csv", ROW)

    assert bob.form("g.csv", ROW)["md5-hash"] == md5_of(ROW)
