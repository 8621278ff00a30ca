"""The description of an app, made once: to read it off every route takes half a second."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask

from filemanager.api.about.openapi import document

_NAME = "filemanager.described"
_REMEMBERED = 8
"""Texts of each kind, one for each address that the service is asked by."""


class Described:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._texts: dict[tuple[str, str], str] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        return document(self._app)

    def text(self, kind: str, server: str, made: Callable[[], str]) -> str:
        """What *made* of the document for who asks at *server*."""
        known = self._texts.get((kind, server))
        if known is None:
            if len(self._texts) >= _REMEMBERED:
                self._texts.clear()
            known = self._texts[kind, server] = made()
        return known


def described(app: Flask) -> Described:
    found: Described = app.extensions.setdefault(_NAME, Described(app))
    return found
