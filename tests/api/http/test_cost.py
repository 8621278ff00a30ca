"""What requests cost, in calls of Python functions."""

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from builders.papers import a_tarball
from people.person import API, Person
from worlds.calls import calls


def cost(app: Flask, method: str, path: str, headers: dict[str, str]) -> int:
    def answered() -> int:
        environ = create_environ(path, method=method, headers=headers)
        with calls() as made:
            _, status, _ = run_wsgi_app(app, environ)
        assert status[:3] in ("200", "304")
        return len(made)

    # What is made when it is first used is not made for this answer.
    return min(answered() for _ in range(3))


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [("GET", "", 520), ("HEAD", "/content", 540), ("GET", "/content", 520)],
    ids=["summary", "head", "unchanged"],
)
def test_what_is_asked_for_often_costs_little(
    app: Flask, alice: Person, method: str, path: str, most: int
) -> None:
    place = f"/{alice.create('a.tex', b'x')['upload_id']}{path}"
    headers = {"Authorization": str(alice.token)}
    if (method, path) == ("GET", "/content"):
        headers["If-None-Match"] = alice.head(place).headers["ETag"]

    assert cost(app, method, f"{API}{place}", headers) <= most


def test_a_probe_costs_little(app: Flask) -> None:
    assert cost(app, "GET", "/livez", {}) <= 295


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_what_describes_the_service_is_made_once(app: Flask, path: str) -> None:
    assert cost(app, "GET", path, {}) <= 600


def test_a_file_of_an_archive_costs_little(alice: Person) -> None:
    def cost_of(number: int) -> int:
        text = b"% a comment\n" * 1500
        files = {f"{number}-{one}.tex": b"%%%d\n" % one + text for one in range(number)}
        with calls() as made:
            alice.create("paper.tar.gz", a_tarball(files))
        return len(made)

    # What is called at its first use is no cost of the files, of which memory holds some.
    cost_of(51)

    assert (cost_of(250) - cost_of(50)) / 200 <= 410


@pytest.mark.parametrize(
    ("path", "most"),
    [("content.tar.gz", 1400), ("files/0.tex", 970)],
    ids=["content", "file"],
)
def test_a_small_download_costs_little(app: Flask, alice: Person, path: str, most: int) -> None:
    files = {f"{number}.tex": b"%%%d\n" % number * 2000 for number in range(4)}
    place = f"/v2/workspaces/{alice.create('paper.tar.gz', a_tarball(files))['upload_id']}/{path}"

    assert cost(app, "GET", f"{API}{place}", {"Authorization": str(alice.token)}) <= most
