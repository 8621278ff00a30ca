"""Pointers by a file of references, and files of workspaces, by forms."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from builders.papers import a_token
from filemanager.tokens import EVERYDAY
from people.person import Person
from people.surfers import Surfer
from web.packages.conftest import HARM, SCOPES, Shelf


def bring(shelf: Shelf, references: bytes, **fields: str) -> TestResponse:
    """The form for a file of references, as a browser sends it."""
    data: dict[str, Any] = {
        "csrf": shelf.surfer.form_token(),
        "revision": shelf.revision,
        **fields,
        "references": FileStorage(io.BytesIO(references), "references.txt"),
    }
    boundary, body = encode_multipart(data)
    media = f'multipart/form-data; boundary="{boundary}"'
    return shelf.surfer.post(f"{shelf.home}/import", data=body, content_type=media)


@pytest.fixture
def files(lab: Path) -> Path:
    for name in ("a.csv", "b.csv"):
        (lab / name).write_text(name)
    return lab


def test_paths_of_a_source_become_items(shelf: Shelf, files: Path) -> None:
    assert files
    shown = shelf.shown("/import")
    assert "<option>lab</option>" in shown
    assert HARM not in shown

    imported = bring(shelf, b"a.csv\nb.csv\n", source="lab", to="runs")

    assert imported.headers["Location"].endswith("?done=imported")
    assert shelf.paths == ["runs/a.csv", "runs/b.csv"]
    assert "A pointer is added for each reference." in shelf.shown("?done=imported")


@pytest.mark.parametrize(
    ("references", "told"),
    [
        (b"a.csv\n../b.csv\n", "Line 2 of the references is refused"),
        (b"a.csv\n" + HARM.encode() + b"/../x\n", "Line 2 of the references is refused"),
        (b"\xff\n", "Line 1 of the references is refused"),
    ],
    ids=["outside", "harm", "no-text"],
)
def test_a_line_that_cannot_be_refuses_all_and_keeps_what_was_chosen(
    shelf: Shelf, files: Path, references: bytes, told: str
) -> None:
    assert files

    refused = bring(shelf, references, source="lab", to="runs")

    assert refused.status_code == 400
    assert told in refused.text
    assert "<option selected>lab</option>" in refused.text
    assert 'value="runs"' in refused.text
    assert HARM not in refused.text
    assert shelf.paths == []


def test_without_a_file_the_secret_or_the_right_nothing_is_added(
    shelf: Shelf, files: Path, mallory: Surfer
) -> None:
    assert files
    refused = [
        bring(shelf, b"a.csv\n", source="lab", csrf="0" * 64).status_code,
        bring(shelf, b"a.csv\n", source="lab", revision="999").status_code,
        bring(shelf, b"a.csv\n", source="nowhere").status_code,
        shelf.send("/import").status_code,
        mallory.get(f"{shelf.home}/import").status_code,
    ]

    assert refused == [403, 412, 404, 403, 403]
    assert shelf.paths == []


@pytest.fixture
def workspace(app: Flask) -> int:
    """Of who owns the package."""
    api = Person(app.test_client(), a_token("1", *SCOPES, *EVERYDAY))
    number = api.post("/v2/workspaces", json={"profile": "generic"}).get_json()["id"]
    api.put(f"/v2/workspaces/{number}/files/a.csv", b"1,2\n")
    return int(number)


def test_a_file_of_a_workspace_becomes_an_item(shelf: Shelf, workspace: int) -> None:
    shelf.surfer.sign_in(a_token("1", *SCOPES, *EVERYDAY))

    added = shelf.send("/point", workspace=str(workspace), file="a.csv", to="data/a.csv")
    refused = [
        shelf.send("/point", workspace=str(workspace), file="none.csv").status_code,
        shelf.send("/point", workspace="", file="a.csv").status_code,
    ]

    assert added.status_code == 303, added.text
    assert refused == [404, 422]
    assert shelf.paths == ["data/a.csv"]
