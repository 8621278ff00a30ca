"""What libraries make anew for each application, though all of a test run have the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule


@contextmanager
def rules_of_urls() -> Iterator[None]:
    """Werkzeug parses each rule and compiles two functions for it: most of an application's cost.

    The functions get the rule as an argument, so that equal rules may share them.
    """
    compiled: dict[tuple[object, ...], tuple[Any, ...]] = {}
    compile_rule = Rule.compile

    def shared(rule: Any) -> None:
        place = (rule.rule, rule.host, rule.subdomain, rule.map.host_matching, rule.merge_slashes)
        key = (*place, repr(rule.defaults), *rule.map.converters.items())
        if key not in compiled:
            compile_rule(rule)
            functions = (rule._build.__func__, rule._build_unknown.__func__)
            compiled[key] = (rule._parts, rule._trace, rule._converters, functions)
            return
        rule._parts, rule._trace, rule._converters, functions = compiled[key]
        rule.arguments.update(rule._converters)
        rule._build, rule._build_unknown = (one.__get__(rule, None) for one in functions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", shared)
        yield


@contextmanager
def statements_of_sqlite() -> Iterator[None]:
    """SQLAlchemy keeps compiled statements for each engine, and each test has an engine."""
    compiled: dict[Any, Any] = {}
    first: dict[type, Any] = {}
    compile_with_cache = ClauseElement._compile_w_cache

    def shared(
        element: ClauseElement, dialect: Any, *, compiled_cache: Any, **named: Any
    ) -> tuple[Any, ...]:
        if type(dialect) is SQLiteDialect_pysqlite and compiled_cache is not None:
            dialect = first.setdefault(SQLiteDialect_pysqlite, dialect)
            compiled_cache = compiled
        return compile_with_cache(element, dialect, compiled_cache=compiled_cache, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClauseElement, "_compile_w_cache", shared)
        yield
