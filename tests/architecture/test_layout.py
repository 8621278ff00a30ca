"""Rooms: what a folder holds, what things are called, and which arrows there are in between."""

import ast
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp

from architecture.test_source import PROJECT, Modules

MAX_MODULES = 20

SHARED_NAMES = {
    "Directory": "of a file that was sent; of the members of a zip, as its format calls it",
    "Header": "of a member of a tar; of a PostScript file",
    "Member": "of an archive that is read; of one that is written",
    "Piece": "of a text that is looked at; of an archive that is written",
    "Problem": "of stored data; and RFC 9457 calls a refusal so",
    "Readable": "whatever has a read: the server knows no use case, so each says it for itself",
    "Signer": "of repositories; of URLs of the store",
    "Source": "a place that bytes stay in; a file whose advice is worked out",
    "Sources": "where adapters to sources come from; the sources that a compilation reaches",
    "Tree": "a tree; and what a check may ask of one",
    "Worker": "of tasks; and gunicorn calls its processes so",
}
"""Public classes that bear one name, and why."""


def test_no_two_public_classes_bear_one_name(modules: Modules) -> None:
    """But for the client's, which stands alone and has the words of the service for its things."""
    named = Counter(
        node.name
        for path, module in modules.items()
        if path.parts[1] != "client"
        for node in module.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert {name for name, count in named.items() if count > 1} <= SHARED_NAMES.keys()


def test_no_folder_is_a_crowd() -> None:
    """A layer has as many folders as there are capabilities."""
    modules = (PROJECT / "filemanager").rglob("*.py")
    crowds = Counter(
        path.parent.relative_to(PROJECT) for path in modules if path.name != "__init__.py"
    )

    assert {folder: count for folder, count in crowds.items() if count > MAX_MODULES} == {}


def test_no_module_repeats_its_folder_or_a_neighbour() -> None:
    """A prefix is a folder in waiting; a module may bear its folder's name for what that is."""
    repeating = [
        f"{folder}/{name}"
        for folder, names in _folders().items()
        for name in names
        if any(name.startswith(f"{other}_") for other in {folder.name, *names})
    ]

    assert repeating == []


def test_no_circle_of_rooms() -> None:
    try:
        TopologicalSorter(_arrows()).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_no_arrow_upwards() -> None:
    depths = dict(_depths())
    upwards = [
        f"{room} -> {used}"
        for room, others in _arrows().items()
        for used in others
        if _depth(depths, used) < _depth(depths, room)
    ]

    assert upwards == []


def _folders() -> Mapping[Path, set[str]]:
    """The names of the modules and folders in each folder."""
    found = defaultdict(set)
    for path in (PROJECT / "filemanager").rglob("*.py"):
        folder = path.parent.relative_to(PROJECT)
        if path.name == "__init__.py":
            if folder.parent.name:
                found[folder.parent].add(folder.name)
        else:
            found[folder].add(path.stem)
    return found


@cache
def _arrows() -> Mapping[str, set[str]]:
    """Each room with those that it uses."""
    graph = grimp.build_graph("filemanager", cache_dir=None)
    arrows = defaultdict(set)
    for module in graph.modules:
        for used in graph.find_modules_directly_imported_by(module):
            if _room(module) != _room(used):
                arrows[_room(module)].add(_room(used))
    return arrows


def _room(module: str) -> str:
    """A capability's folder in a layer; what lies at the top, for several, is a room of its own."""
    return ".".join(module.split(".")[:3])


def _depths() -> Iterator[tuple[str, int]]:
    """How far down the drawing each layer lies."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    (drawing,) = (one["layers"] for one in contracts if one["name"] == "layers")
    for depth, side_by_side in enumerate(drawing):
        for layer in re.split("[:|]", side_by_side):
            yield layer.strip(), depth


def _depth(depths: Mapping[str, int], room: str) -> int:
    """The client stands alone, below all that use it."""
    return depths.get(".".join(room.split(".")[:2]), len(depths))
