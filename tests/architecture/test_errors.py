"""Every refusal has a code of its own and a status, and is raised somewhere."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from flask import Flask

from architecture.test_source import nodes
from filemanager.api.http.errors import STATUS, status_of
from filemanager.domain import errors
from filemanager.domain.errors import FilemanagerError
from filemanager.domain.jobs.job import LeaseLost
from filemanager.domain.repositories.signer import SigningFailed

INSIDE_ONLY = {errors.BlobsGone, LeaseLost, SigningFailed}
"""Caught by the code that can do something about it; a client would see a fault of ours."""

FOR_LATER_DOORS = {errors.Gone, errors.StoreFull}
"""Kinds that no subclass has yet; the table of statuses is complete without them being raised."""


def every(kind: type[FilemanagerError]) -> Iterator[type[FilemanagerError]]:
    for found in kind.__subclasses__():
        yield found
        yield from every(found)


def test_codes_are_unique_and_written_alike(app: Flask) -> None:
    codes = Counter(error.code for error in every(FilemanagerError))

    assert app.url_map
    assert [code for code, count in codes.items() if count > 1] == []
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_each_error_states_its_own_code(app: Flask) -> None:
    assert app.url_map
    for error in every(FilemanagerError):
        assert "code" in vars(error), error


def test_each_error_has_a_status_that_blames_us_only_inside(app: Flask) -> None:
    assert app.url_map
    for error in every(FilemanagerError):
        status = status_of(error.__new__(error))
        is_fault = status is HTTPStatus.INTERNAL_SERVER_ERROR
        assert is_fault == (error in INSIDE_ONLY), error


def test_each_kind_has_one_status() -> None:
    kinds = set(FilemanagerError.__subclasses__()) - INSIDE_ONLY

    assert set(STATUS) == {*kinds, FilemanagerError}


def test_each_error_is_raised_somewhere(modules: Mapping[Path, ast.Module], app: Flask) -> None:
    """By name, or as the kind of an error that says more."""
    raised = {name for module in modules.values() for name in _raised(module)}
    never = {
        error
        for error in every(FilemanagerError)
        if error.__name__ not in raised and not error.__subclasses__()
    }

    assert app.url_map
    assert never - FOR_LATER_DOORS == set()


def _raised(module: ast.Module) -> Iterator[str]:
    for node in nodes(module):
        if isinstance(node, ast.Raise) and node.exc is not None:
            thrown = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(thrown, ast.Name):
                yield thrown.id
            if isinstance(thrown, ast.Attribute):
                yield thrown.attr
