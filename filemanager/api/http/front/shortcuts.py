"""Ways around what Flask does for each request and nothing here asks of it (decision 0022)."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from flask import Flask, Request
from werkzeug.routing import Map, MapAdapter, Rule
from werkzeug.wsgi import get_host

_HOSTS_REMEMBERED = 64
_PATHS_REMEMBERED = 1024
_LONGEST_PATH = 256

_OF_THE_REQUEST = {"return_rule": True}
"""What Flask asks for of the address that a request has."""

Found = tuple[Rule, Mapping[str, Any]]


def install(app: Flask) -> None:
    # No function of ours is a coroutine, and Flask would look at nine of them for each request.
    app.ensure_sync = _as_it_is  # type: ignore[method-assign,assignment]  # as Flask asks
    app.session_interface = _NoSessions()  # type: ignore[assignment]  # all that Flask calls of it
    app.create_url_adapter = _Ways(app.url_map).of  # type: ignore[method-assign]  # as Flask asks


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


class _NoSessions:
    """Pages have sessions of their own, which their guard opens (``web/session``)."""

    def open_session(self, app: Flask, request: Request) -> object:
        del app, request
        return self

    def is_null_session(self, session: object) -> bool:
        return session is self


class _Ways:
    """From requests to routes, which are all there before the first is asked for."""

    def __init__(self, urls: Map) -> None:
        self._urls = urls
        self._known: dict[tuple[str, str], Found] = {}

    def of(self, request: Request | None) -> MapAdapter | None:
        """As ``bind_to_environ`` makes one of an environment, which *request* has read already.

        Raises ``BadHost``. None: outside a request nobody knows where the service is.
        """
        if request is None:
            return None
        environ = request.environ
        request.host = get_host(environ)
        if "HTTP_UPGRADE" in environ:
            return self._urls.bind_to_environ(environ, subdomain="")
        adapter = MapAdapter(
            self._urls,
            server_name=_server_name(self._urls, request.host),
            script_name=request.root_path,
            subdomain="",
            url_scheme=request.scheme,
            path_info=request.path if environ.get("PATH_INFO") else "",
            default_method=request.method,
            query_args=request.query_string.decode(errors="replace"),
        )
        adapter.match = partial(self._match, adapter)  # type: ignore[method-assign]  # as Flask calls it
        return adapter

    def _match(self, adapter: MapAdapter, *others: Any, **named: Any) -> Any:
        """What an address leads to it leads to again. Raises what Werkzeug does for one that leads
        nowhere; what is asked of another address than the request's is Werkzeug's own matter.
        """
        if others or named != _OF_THE_REQUEST:
            return MapAdapter.match(adapter, *others, **named)
        address = adapter.default_method, adapter.path_info
        found = self._known.get(address)
        if found is None:
            found = MapAdapter.match(adapter, return_rule=True)
            self._remember(address, found)
        rule, arguments = found
        return rule, {**arguments}

    def _remember(self, address: tuple[str, str], found: Found) -> None:
        if len(address[1]) > _LONGEST_PATH:
            return
        if len(self._known) >= _PATHS_REMEMBERED:
            self._known.clear()
        self._known[address] = found


@lru_cache(maxsize=_HOSTS_REMEMBERED)
def _server_name(urls: Map, host: str) -> str:
    return urls.bind(host).server_name
