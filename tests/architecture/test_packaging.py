"""What `pip install .` brings is what the Pipfile asks for; all of it takes our lowest Python."""

import json
import tomllib

import pytest
from packaging.markers import Marker

from architecture.test_source import PROJECT


def test_the_dependencies_are_those_of_the_pipfile() -> None:
    asked = tomllib.loads((PROJECT / "Pipfile").read_text())["packages"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]

    assert project["dependencies"] == [_requirement(name, wish) for name, wish in asked.items()]


def test_what_extras_bring_is_what_is_tested() -> None:
    asked = tomllib.loads((PROJECT / "Pipfile").read_text())["dev-packages"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = [one for wanted in project["optional-dependencies"].values() for one in wanted]

    tested = {_requirement(name, wish) for name, wish in asked.items()}
    assert set(extras) <= tested


@pytest.mark.parametrize("lock", ["Pipfile.lock", "tests/e2e/clients/Pipfile.lock"])
def test_the_locked_packages_take_the_lowest_python_that_we_name(lock: str) -> None:
    """A marker that is not met has its package left out without a word."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    lowest = project["requires-python"].removeprefix(">=")
    locked = json.loads((PROJECT / lock).read_text())

    there = {"python_version": lowest, "python_full_version": f"{lowest}.0"}
    assert [
        (name, found["markers"])
        for part in ("default", "develop")
        for name, found in locked[part].items()
        if "markers" in found and not Marker(found["markers"]).evaluate(there)
    ] == []


def _requirement(name: str, wish: str | dict[str, str]) -> str:
    if isinstance(wish, str):
        return name + wish
    return f"{name}[{','.join(wish['extras'])}]{wish['version']}"
