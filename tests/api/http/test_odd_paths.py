"""Ids and paths that nobody sends in earnest: 404 or 405 in JSON, nothing else."""

import pytest

from builders.papers import PAPER
from filemanager.api.http.context import REFUSED
from filemanager.domain.errors import Rejected
from people.answers import NO_URL, NO_WORKSPACE, WRONG_METHOD, answer, everything
from people.person import Person

ROUTES = ["", "/content", "/log", "/list_checkpoints", "/main.tex/content"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "number",
    [
        "34+14", "-1", "+1", "1.0", "1e3", "0x1", "abc", "%201", "1%20", "1%00", "1%0A", "1_0",
        "9" * 4000, "9" * 20, "\u0661", "\u0661\u0662", "\uff11", "\u00b2", "..",
    ],
)  # fmt: skip
def test_an_odd_id_is_an_unknown_path(alice: Person, number: str, route: str) -> None:
    alice.create("main.tex", PAPER)

    assert answer(alice.get(f"/{number}{route}")) == NO_URL


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("number", ["0", "00", str(2**63 - 1), str(2**63), "9" * 19, "9999"])
def test_a_number_that_nothing_has_is_an_unknown_workspace(
    alice: Person, number: str, route: str
) -> None:
    assert answer(alice.get(f"/{number}{route}")) == NO_WORKSPACE


@pytest.mark.parametrize(
    "path", ["/none", "/none/content", "//1", "/..", "/%00", "/%0A", "/%ff", "/" + "a" * 5000]
)
def test_an_unknown_path_is_404_in_json(alice: Person, path: str) -> None:
    alice.create("main.tex", PAPER)

    assert answer(alice.get(path)) == NO_URL


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/1/none", {"DELETE", "OPTIONS"}),
        ("GET", "/1/content/", {"DELETE", "OPTIONS"}),
        ("PUT", "/1", {"DELETE", "GET", "HEAD", "OPTIONS", "POST"}),
        ("PATCH", "/1/content", {"GET", "HEAD", "OPTIONS", "DELETE"}),
        ("GET", "/", {"OPTIONS", "POST"}),
        ("GET", "/1/lock", {"DELETE", "OPTIONS", "POST"}),
        ("POST", "/1/logs", {"DELETE", "OPTIONS"}),
        ("POST", "/status", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_405_in_json(
    alice: Person, bob: Person, method: str, path: str, allowed: set[str]
) -> None:
    alice.create("main.tex", PAPER)
    before = everything(bob)

    response = alice.call(method, path)

    assert answer(response) == WRONG_METHOD
    assert set(response.headers["Allow"].split(", ")) == allowed
    assert everything(bob) == before


def test_the_root_without_its_slash_leads_there(alice: Person) -> None:
    response = alice.post("")

    assert response.status_code == 308
    assert response.headers["Location"] == "api/"


def test_what_is_refused_is_led_nowhere(alice: Person) -> None:
    """As when what was sent could not be read, at a path without its closing slash."""
    response = alice.call("POST", "", environ_overrides={REFUSED: Rejected("It is no request.")})

    assert response.status_code == 400
    assert "Location" not in response.headers
    assert set(answer(response)[1]) == {"reason"}


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 5000, "1.5"])
def test_an_odd_content_length_is_no_500(alice: Person, bob: Person, length: str) -> None:
    response = alice.post(
        "/",
        data=b"",
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": length},
    )

    assert response.status_code in {400, 413}
    assert set(answer(response)[1]) == {"reason"}
    assert everything(bob)["workspaces"] == []
