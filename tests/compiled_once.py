"""What libraries make anew for each application, though all of a test run have the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from jinja2 import Environment
from sqlalchemy import Engine, create_engine
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
    """SQLAlchemy, and we beside it, keep compiled statements for each dialect; an engine makes its
    own, and each test makes engines.
    """
    compiled: dict[Any, Any] = {}
    first = create_engine("sqlite://")
    with first.connect():
        pass  # It asks the driver now what it would ask at the first use.
    first.dispose()

    def share(_of: type, engine: Engine) -> None:
        engine.dialect = first.dialect
        engine.update_execution_options(compiled_cache=compiled)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteDialect_pysqlite, "engine_created", classmethod(share))
        yield


@contextmanager
def templates() -> Iterator[None]:
    """Jinja keeps compiled templates for each application."""
    compiled: dict[tuple[object, ...], Any] = {}
    compile_source = Environment.compile

    def shared(
        environment: Environment, source: Any, name: str | None = None, *rest: Any, **named: Any
    ) -> Any:
        key = (source, name, rest, *named.items(), *environment.extensions)
        if key not in compiled:
            compiled[key] = compile_source(environment, source, name, *rest, **named)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", shared)
        yield
