"""What answers cost, in calls of Python functions: as many on every machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from people.person import API, Person


@contextmanager
def calls() -> Iterator[list[str]]:
    """The names of all functions that this thread calls meanwhile."""
    made: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            made.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        yield made
    finally:
        sys.setprofile(None)


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
    [("GET", "", 950), ("HEAD", "/content", 800), ("GET", "/content", 770)],
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
    assert cost(app, "GET", "/livez", {}) <= 390
