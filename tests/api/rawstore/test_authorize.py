"""POST /rawstore/authorize: forms for files that fit, and words for those that do not."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders.papers import a_token
from builders.rows import counted
from filemanager.api.http.context import EXTENSION
from filemanager.api.rawstore.door import RawstoreDoor
from people.answers import answer
from people.depositors import (
    Depositor,
    datahub_token,
    deposit,
    door_settings,
    entry,
    md5_of,
    worded,
)

ROW = b"a,b\n1,2\n"


def reason(depositor: Depositor, body: Any) -> tuple[int, str]:
    status, told = answer(depositor.authorize(body))
    return status, told["reason"]


def held(depositor: Depositor) -> dict[str, Any]:
    return dict(depositor.get("/storage/owner/alice").get_json())


def test_it_works(ann: Depositor) -> None:
    response = ann.authorize(deposit({"data/f.csv": entry(ROW, name="f.csv")}))

    assert response.status_code == 200
    assert response.mimetype == "application/json"
    told = response.get_json()
    assert told["filedata"] == told["fileData"]
    made = told["filedata"]["data/f.csv"]
    query = made.pop("upload_query")
    assert made == {
        "upload_url": "http://fooserver.localdomain/rawstore/objects",
        "exists": False,
        "md5-hash": md5_of(ROW),
        "name": "f.csv",
        "type": "text/csv",
    }
    assert query.keys() == {"acl", "key", "Content-Type", "Content-MD5", "policy", "signature"}
    assert query["key"] == "alice/ds/data/f.csv"
    assert (query["acl"], query["Content-Type"]) == ("public-read", "text/csv")


def test_the_alias_works(ann: Depositor) -> None:
    body = json.dumps(deposit({"f": entry(ROW)}))

    assert ann.post("/", data=body).status_code == 200


@pytest.mark.parametrize(
    ("findability", "acl"),
    [("private", "private"), ("unlisted", "public-read"), ("published", "public-read")],
)
def test_findability_decides_who_may_read(ann: Depositor, findability: str, acl: str) -> None:
    assert ann.form("f", ROW, findability=findability)["upload_query"]["acl"] == acl


def test_a_token_of_ours_opens_it_with_the_scope(client: FlaskClient) -> None:
    ours = Depositor(client, "1", a_token("1", "rawstore:write"))

    assert ours.form("f", ROW)["upload_query"]["key"] == "1/ds/f"


def test_without_a_token_it_is_401(passer_by: Depositor, ann: Depositor) -> None:
    told = passer_by.authorize(deposit({"f": entry(ROW)}))

    assert answer(told) == (401, worded("Not a valid session"))
    assert not ann.form("f", ROW)["exists"]


def test_without_the_scope_it_is_403(client: FlaskClient) -> None:
    ours = Depositor(client, "1", a_token("1", "rawstore:read"))

    told = ours.authorize(deposit({"f": entry(ROW)}, "1"))

    assert answer(told) == (403, worded("Access denied"))


def test_the_owner_must_be_the_tokens_user(mallory: Depositor, ann: Depositor) -> None:
    told = mallory.authorize(deposit({"f": entry(ROW)}, "alice"))

    assert told.status_code == 401
    words = "The token belongs to another user than the owner in the request."
    assert told.get_json() == worded(words)
    assert held(ann) == {"totalBytes": 0}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "The JSON is nested too deeply."),
    ],
)
def test_what_is_no_json_is_400_in_the_parsers_words(ann: Depositor, body: str, words: str) -> None:
    told = ann.post("/authorize", data=body)

    assert (told.status_code, told.text, told.mimetype) == (400, words, "text/plain")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "body: input should be"),
        ({}, "metadata: field required"),
        ({"metadata": {}, "filedata": {}}, "metadata.owner: field required"),
        ({"metadata": {"owner": "alice"}}, "filedata: field required"),
        (deposit({"f": entry(ROW, length=None)}), "filedata['f'].length: field required"),
        (deposit({"f": entry(ROW, length=-1)}), "filedata['f'].length: input should be greater"),
        (deposit({"f": entry(ROW, length="8")}), "filedata['f'].length: input should be a valid"),
        (deposit({"f": entry(ROW, length=8.5)}), "filedata['f'].length: input should be a valid"),
        (deposit({"f": entry(ROW, length=True)}), "filedata['f'].length: input should be a valid"),
        (deposit({"f": entry(ROW, length=6 << 30)}), "filedata['f'].length: input should be less"),
        (deposit({"f": entry(ROW, md5=None)}), "filedata['f'].md5: field required"),
        (deposit({"f": entry(ROW, md5="abc")}), "filedata['f'].md5: it is not an MD5 in base64."),
        (deposit({"f": entry(ROW, md5="AAAA")}), "filedata['f'].md5: it is not an MD5 in base64."),
        (deposit({"f": entry(ROW, type="a\r\nb/c")}), "filedata['f'].type: string should match"),
        (deposit({"f": []}), "filedata['f']: input should be"),
        (deposit({str(n): entry(ROW) for n in range(1001)}), "filedata: dictionary should have"),
        (deposit({"f": entry(ROW)}, findability="hidden"), "metadata.findability: input should be"),
        (deposit({"f": entry(ROW)}, dataset="a/${x}"), "metadata.dataset: it holds '${', in place"),
        (deposit({"${filename}": entry(ROW)}), "filedata['${filename}']: it holds '${', in place"),
        (deposit({"f": entry(ROW, name="${f}")}), "filedata['f'].name: it holds '${', in place"),
        (deposit({"f": entry(ROW, type="a/${b}")}), "filedata['f'].type: it holds '${', in place"),
        (deposit({"../x": entry(ROW)}), "filedata['../x']: it holds an empty segment"),
        (deposit({"f": entry(ROW)}, dataset=".."), "metadata.dataset: it holds an empty segment"),
    ],
)
def test_a_wrong_field_is_400_and_named(ann: Depositor, body: Any, words: str) -> None:
    status, told = reason(ann, body)

    assert status == 400
    assert told.startswith(words), told


def test_one_wrong_file_refuses_all(ann: Depositor, app: Flask) -> None:
    status, _ = reason(ann, deposit({"good": entry(ROW), "../bad": entry(ROW)}))

    assert status == 400
    with app.extensions[EXTENSION].doors[RawstoreDoor].settler._database.read() as tx:
        assert tx.rows.count("stored_files") == 0


@pytest.mark.parametrize("special", [door_settings(STORAGE_PATH_PATTERN="{owner}/{basename}")])
def test_two_files_at_one_place_are_refused(ann: Depositor) -> None:
    status, told = reason(ann, deposit({"a/f": entry(ROW), "b/f": entry(ROW)}))

    assert (status, told) == (400, "filedata['b/f']: it would lie at the same place as 'a/f'.")


def test_the_older_name_of_the_dataset_is_taken(ann: Depositor) -> None:
    body = deposit({"f": entry(ROW)}, dataset=None, name="older")

    told = ann.authorize(body).get_json()

    assert told["filedata"]["f"]["upload_query"]["key"] == "alice/older/f"


def test_an_md5_in_hex_is_taken(ann: Depositor) -> None:
    form = ann.form("f", ROW, md5="E5EBD4C02CEFBE7955977C67ADA242B7")

    assert form["upload_query"]["Content-MD5"] == form["md5-hash"] == md5_of(ROW)


def test_the_type_is_plain_text_unless_it_is_told(ann: Depositor) -> None:
    form = ann.form("data/f", ROW, type=None)

    assert (form["type"], form["name"]) == ("text/plain", "f")


def test_exists_is_for_the_very_bytes_at_the_very_place(ann: Depositor) -> None:
    ann.push("f.csv", ROW)

    assert ann.form("f.csv", ROW)["exists"]
    assert not ann.form("f.csv", b"other")["exists"]
    assert not ann.form("f", ROW)["exists"]


def test_a_promise_does_not_exist_yet(ann: Depositor) -> None:
    ann.form("f", ROW)

    assert not ann.form("f", ROW)["exists"]


@pytest.mark.parametrize("kind", ["text/html", "Text/HTML; charset=utf-8", "image/svg+xml"])
def test_active_types_are_not_made_public(ann: Depositor, passer_by: Depositor, kind: str) -> None:
    form = ann.form("f", ROW, type=kind)
    assert form["upload_query"]["acl"] == "private"
    ann.send(form, ROW)
    url = f"{form['upload_url']}/{form['upload_query']['key']}"

    assert passer_by.presign(url).status_code == 404
    assert passer_by.client.get(url).status_code == 404
    assert ann.presign(url).status_code == 200


@pytest.mark.parametrize("special", [door_settings(rawstore_active_types="true")])
def test_active_types_are_public_where_a_setting_says_so(ann: Depositor) -> None:
    assert ann.form("f", ROW, type="text/html")["upload_query"]["acl"] == "public-read"


def test_two_hundred_files_are_one_pass(ann: Depositor, app: Flask) -> None:
    database = app.extensions[EXTENSION].doors[RawstoreDoor].settler._database

    def statements(count: int) -> int:
        body = deposit({f"{count}/{number}": entry(ROW) for number in range(count)})
        with counted(database._engines.writing) as sent:
            assert ann.authorize(body).status_code == 200
        return len(sent)

    statements(1)

    # The owner is locked, files looked for, their bytes summed; rows and the task are written.
    assert statements(200) == statements(2) == 5


def test_a_body_without_end_is_413(ann: Depositor) -> None:
    told = ann.post("/authorize", data=b" " * ((4 << 20) + 1))

    assert told.status_code == 413


@pytest.mark.parametrize("special", [door_settings(SERVICE_NAME="bits")])
def test_the_door_is_where_its_name_says(client: FlaskClient) -> None:
    token = datahub_token("alice", service="bits")
    body = json.dumps(deposit({"f": entry(ROW)}))

    told = client.post("/bits/authorize", data=body, headers={"Auth-Token": token})

    assert told.status_code == 200
    assert told.get_json()["filedata"]["f"]["upload_url"].endswith("/bits/objects")
    assert client.get("/rawstore/info", headers={"Auth-Token": token}).status_code == 404
