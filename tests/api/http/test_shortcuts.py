"""The shorter ways lead where Flask's own lead."""

from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import create_environ


def found(app: Flask, ways: Any, path: str, method: str, headers: dict[str, str]) -> object:
    """The route and its arguments, or how it is refused, and where links lead from there."""
    environ = create_environ(path, "http://Example.org:8000/pre", method=method, headers=headers)
    adapter = ways(app, Request(environ))
    try:
        rule, arguments = adapter.match(return_rule=True)
    except RequestRedirect as redirect:
        return redirect.new_url
    except HTTPException as refusal:
        return type(refusal), refusal.get_headers(environ)
    return rule, arguments, adapter.build("about.check_liveness", force_external=True)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/filemanager/api/1/content", "GET"),
        ("/filemanager/api/1/content?a=b", "HEAD"),
        ("/filemanager/api/1/a%20b/%C3%A9.tex/content", "GET"),
        ("/filemanager/api?a=%C3%A9", "POST"),
        ("//filemanager/api/1", "GET"),
        ("/filemanager/api/1", "BREW"),
        ("/nowhere", "GET"),
        ("", "GET"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Connection": "upgrade", "Upgrade": "websocket"}])
def test_each_address_leads_where_flask_leads_it(
    app: Flask, path: str, method: str, headers: dict[str, str]
) -> None:
    # As it is served; what Flask is tested with would name the host.
    app.config["SERVER_NAME"] = None
    theirs = found(app, Flask.create_url_adapter, path, method, headers)

    ours = [
        found(app, lambda app, request: app.create_url_adapter(request), path, method, headers)
        for _ in range(2)
    ]

    assert ours == [theirs, theirs]


@pytest.mark.parametrize("path", ["/filemanager/api/1/content", "/rawstore/authorize", "/nowhere"])
def test_the_methods_of_an_address_are_those_that_flask_knows(app: Flask, path: str) -> None:
    app.config["SERVER_NAME"] = None
    request = Request(create_environ(path, method="OPTIONS"))
    ours, theirs = app.create_url_adapter(request), Flask.create_url_adapter(app, request)
    assert ours is not None
    assert theirs is not None

    assert set(ours.allowed_methods()) == set(theirs.allowed_methods())


def test_what_a_view_does_with_its_arguments_is_not_remembered(app: Flask) -> None:
    def arguments() -> Any:
        environ = create_environ("/filemanager/api/7/content")
        adapter: Any = app.create_url_adapter(Request(environ))
        return adapter.match(return_rule=True)[1]

    arguments().clear()

    assert arguments() == {"workspace_id": 7}
