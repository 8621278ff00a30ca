"""Changes code in small ways and tells which changes no test notices: ``make mutants ROOM=…``.

The tests are those of rooms of the same name, or those that are named behind the room.

One process collects the tests and runs them once, noting which functions each calls. For each
mutant it forks: the child gives the live function the code of the mutant, and runs the tests that
call it, the quick ones first, until one fails.

What no test can notice, or need not, is listed in ``mutants.md`` with its reason, and told no more.
"""

import builtins
import functools
import gc
import importlib
import os
import signal
import sys
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mutations import TOLD, Mutant, mutants_of, telling

_ROOT = Path(__file__).resolve().parents[1]
_LISTED = _ROOT / "tests" / "mutants.md"
_SECONDS = 20
"""A test that takes longer has an endless loop, and noticed."""


Place = tuple[str, str]
"""The file of a function and its qualified name."""
Live = dict[Place, list[types.FunctionType]]


class Callers:
    """Which tests call which functions: each tells it with its first step, until all are noted."""

    def __init__(self, modules: Sequence[Path], live: Live) -> None:
        self.items: dict[Place, list[pytest.Item]] = defaultdict(list)
        self.cached = _cached(frozenset(map(str, modules)))
        self._codes = [
            (function, function.__code__, code)
            for module in modules
            for name, code in telling(module)
            for function in live.get((str(module), name), [])
            if _fits(function, code)
        ]
        self._called: set[Place] = set()

    def note(self, items: Sequence[pytest.Item]) -> None:
        vars(builtins)[TOLD] = lambda *place: self._called.add(place)
        for function, _, code in self._codes:
            function.__code__ = code
        seconds = {item: self._noted(item) for item in items}
        for function, code, _ in self._codes:
            function.__code__ = code
        for callers in self.items.values():
            callers.sort(key=seconds.__getitem__)

    def _noted(self, item: pytest.Item) -> float:
        """Run it, and tell the seconds of the processor."""
        for one in self.cached:
            one.cache_clear()
        self._called.clear()
        begun = time.process_time()
        if not _passes(item):
            raise pytest.UsageError(f"{item.nodeid} fails before anything was changed.")
        for place in self._called:
            self.items[place].append(item)
        return time.process_time() - begun


class Mutating:
    """The plugin: in place of one run of the tests, one for each mutant."""

    def __init__(self, modules: Sequence[Path]) -> None:
        self._modules = modules

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for module in self._modules:
            importlib.import_module(".".join(module.relative_to(_ROOT).with_suffix("").parts))
        live = _live_functions(frozenset(map(str, self._modules)))
        callers = Callers(self._modules, live)
        gc.freeze()
        callers.note(session.items)
        mutants = [
            one
            for module in self._modules
            for one in mutants_of(module)
            if all(_fits(function, one.code) for function in live.get(one.place, []))
        ]
        listed = _listed()
        of_room = {line for line in listed if _ROOT / line.partition(":")[0] in self._modules}
        for line in sorted(of_room.difference(map(str, mutants))):
            print(f"Listed, and no change of this code any more: {line}")
        left = [one for one in mutants if str(one) not in listed]
        survivors = 0
        for one, why in self._survivors(left, live, callers):
            survivors += 1
            print(f"{one} (line {one.line}, {why})", flush=True)
        print(f"{len(mutants)} mutants, {len(mutants) - len(left)} of them listed;", end=" ")
        print(f"{survivors} others noticed by no test")
        return True

    def _survivors(
        self, mutants: Sequence[Mutant], live: Live, callers: Callers
    ) -> Iterator[tuple[Mutant, str]]:
        for number, one in enumerate(mutants):
            items = callers.items.get(one.place, [])
            if not items or one.place not in live:
                yield one, "called by no test"
            elif not _is_noticed(one, live[one.place], items, callers.cached):
                yield one, f"{len(items)} tests pass"
            if number % 100 == 0:
                print(f"{number} of {len(mutants)}", file=sys.stderr)


def _passes(item: pytest.Item) -> bool:
    reports = []

    class Listening:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            reports.append(report)

    listening = Listening()
    item.config.pluginmanager.register(listening)
    # What is made once for all tests lives on: it would cost most of the time to make it anew.
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
    item.config.pluginmanager.unregister(listening)
    return all(report.passed for report in reports)


def _is_noticed(
    mutant: Mutant,
    functions: Sequence[types.FunctionType],
    items: Sequence[pytest.Item],
    cached: Sequence[Any],
) -> bool:
    child = os.fork()
    if not child:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        passed = False
        try:
            for function in functions:
                function.__code__ = mutant.code
            for one in cached:
                one.cache_clear()
            for item in items:
                signal.alarm(_SECONDS)
                if not _passes(item):
                    break
            else:
                passed = True
        finally:
            os._exit(0 if passed else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _cached(files: frozenset[str]) -> list[Any]:
    """Functions under ``functools.cache``: with a result at hand they would not be called."""
    everything = gc.get_objects()
    found = [one for one in everything if isinstance(one, functools._lru_cache_wrapper)]
    return [one for one in found if one.__wrapped__.__code__.co_filename in files]


def _live_functions(files: frozenset[str]) -> Live:
    """Several of one name are those that are made anew by a call; each has the same code."""
    found: Live = defaultdict(list)
    gc.unfreeze()  # what was there when the tests were collected is not looked at otherwise
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename in files:
            found[one.__code__.co_filename, one.__code__.co_qualname].append(one)
    return found


def _fits(function: types.FunctionType, code: types.CodeType) -> bool:
    """A function cannot be given code that lacks what it is closed over, as ``super()`` is."""
    return function.__code__.co_freevars == code.co_freevars


def _listed() -> set[str]:
    """What the list says, one in each line behind a star."""
    lines = _LISTED.read_text().splitlines()
    return {line.removeprefix("* ") for line in lines if line.startswith("* ")}


def _tests_of(place: Path) -> Iterator[str]:
    """What lies in rooms of the same name, whatever the layer, and what stands beside them."""
    layer, *inside = place.relative_to(_ROOT / "filemanager").with_suffix("").parts
    capability = inside[0] if inside else layer
    tests = _ROOT / "tests"
    for kind in ("unit", "services", "api", "contract"):
        yield from (str(one) for one in (tests / kind).rglob(capability) if one.is_dir())
        yield from (str(one) for one in (tests / kind).rglob(f"test_{capability}.py"))
    if (tests / "unit" / layer).is_dir():
        yield str(tests / "unit" / layer)


def main(room: str, tests: Sequence[str]) -> int:
    place = (_ROOT / room).resolve()
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    options = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist"]
    options += ["-m", "not (e2e or s3 or postgres or mariadb or judges or crash or fuzz)"]
    return int(pytest.main([*options, *(tests or _tests_of(place))], plugins=[Mutating(modules)]))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
