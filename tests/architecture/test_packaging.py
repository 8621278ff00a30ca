"""What `pip install .` brings is what the Pipfile asks for."""

import tomllib

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


def _requirement(name: str, wish: str | dict[str, str]) -> str:
    if isinstance(wish, str):
        return name + wish
    return f"{name}[{','.join(wish['extras'])}]{wish['version']}"
