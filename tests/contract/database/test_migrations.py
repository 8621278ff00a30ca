"""Migrations: up and down on data, and no difference from the tables of the code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, inspect

from builders.rows import Steps, a_finding, an_entry
from filemanager.db.database import SqlDatabase
from filemanager.db.engine.migrate import configuration, is_current, upgrade
from filemanager.domain.trees.tree import TreeChange

PROJECT = Path(__file__).parents[3]


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def test_migrations_go_up_and_down_and_up_again_on_data(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    database = SqlDatabase(empty_database_url)
    steps = Steps(database)
    change = TreeChange(put=(an_entry("a"),), findings=(a_finding("x", "a"),))
    steps.checkpoint(steps.apply(steps.add(), change))
    database.close()

    command.downgrade(configuration(empty_database_url), "base")
    below = _tables(empty_database_url)
    current_below = is_current(empty_database_url)
    upgrade(empty_database_url)

    assert below == {"alembic_version"}
    assert not current_below
    assert is_current(empty_database_url)


@pytest.mark.parametrize("last", ["CREATE TABLE workspaces", "CREATE TABLE shares", "UPDATE "])
def test_one_that_is_broken_off_is_made_once_more(tmp_path: Path, last: str) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"

    def break_off(*given: object) -> None:
        if str(given[2]).strip().startswith(last):
            raise KeyboardInterrupt

    event.listen(Engine, "after_cursor_execute", break_off)
    with pytest.raises(KeyboardInterrupt):
        upgrade(url)
    event.remove(Engine, "after_cursor_execute", break_off)
    upgrade(url)

    assert is_current(url)


def test_the_tables_are_those_of_the_code(migrated_url: str) -> None:
    command.check(configuration(migrated_url))


def test_an_upgrade_of_a_current_database_does_nothing(migrated_url: str) -> None:
    before = _tables(migrated_url)

    upgrade(migrated_url)

    assert _tables(migrated_url) == before


@pytest.mark.parametrize("how", ["-x", "FILEMANAGER_DATABASE_URL", "SQLALCHEMY_DATABASE_URI"])
def test_the_command_takes_the_url_from_outside(tmp_path: Path, how: str) -> None:
    url = f"sqlite:///{tmp_path / '50%.db'}"
    named = ["-x", f"url={url}"] if how == "-x" else []

    _alembic(*named, "upgrade", "head", **({} if named else {how: url}))

    assert is_current(url)


def test_the_command_refuses_to_guess_a_database() -> None:
    assert "Which database?" in _alembic("current")


def _alembic(*arguments: str, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True
    )
    return done.stderr


def test_scripts_follow_one_another_and_are_named_by_their_revisions(tmp_path: Path) -> None:
    # Whether there is anything to do is read off the names, at every start.
    scripts = ScriptDirectory.from_config(configuration(f"sqlite:///{tmp_path / 'none.db'}"))
    names = {one.revision: Path(one.path).name for one in scripts.walk_revisions()}

    assert all(name.startswith(f"{revision}_") for revision, name in names.items())
    assert scripts.get_heads() == [max(names)]
    assert max(names.values()).startswith(max(names))
