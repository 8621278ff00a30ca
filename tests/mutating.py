"""Changes code in small ways and tells which changes no test notices: ``make mutants ROOM=…``.

The tests are those of rooms of the same name, or those that are named behind the room.

One process collects the tests and runs them once, noting which functions each calls. For each
mutant it forks: the child gives the live function the code of the mutant, and runs the tests that
call it, the quick ones first, until one fails.

What no test can notice, or need not, is listed in ``mutants.md`` with its reason, and told no more.
"""

import functools
import gc
import os
import signal
import sys
import threading
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mutations import Mutant, mutants_of

_ROOT = Path(__file__).resolve().parents[1]
_LISTED = _ROOT / "tests" / "mutants.md"
_SECONDS = 20
"""A test that takes longer has an endless loop, and noticed."""


@dataclass(slots=True)
class Callers:
    """Which tests call which functions, by file and qualified name."""

    wanted: frozenset[str]
    items: dict[tuple[str, str], list[pytest.Item]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(self, item: pytest.Item, frame: types.FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in self.wanted:
            known = self.items[code.co_filename, code.co_qualname]
            if not known or known[-1] is not item:
                known.append(item)


class Mutating:
    """The plugin: in place of one run of the tests, one for each mutant."""

    def __init__(self, modules: Sequence[Path]) -> None:
        self._modules = modules
        self._callers = Callers(frozenset(map(str, modules)))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        seconds = {item: self._noted(item) for item in session.items}
        for items in self._callers.items.values():
            items.sort(key=seconds.__getitem__)
        live = _live_functions(self._callers.wanted)
        mutants = [
            one for module in self._modules for one in mutants_of(module) if _fits(one, live)
        ]
        listed = _listed()
        left = [one for one in mutants if str(one) not in listed]
        survived = list(self._survivors(left, live))
        for one, why in survived:
            print(f"{one} (line {one.line}, {why})")
        print(f"{len(mutants)} mutants, {len(mutants) - len(left)} of them listed;", end=" ")
        print(f"{len(survived)} others noticed by no test")
        return True

    def _noted(self, item: pytest.Item) -> float:
        """Run it, and tell the seconds of the processor."""
        _forget_results(self._callers.wanted)
        profile = functools.partial(self._callers.note, item)
        begun = time.process_time()
        sys.setprofile(profile)
        threading.setprofile(profile)
        passed = _passes(item)
        sys.setprofile(None)
        threading.setprofile(None)
        if not passed:
            raise pytest.UsageError(f"{item.nodeid} fails before anything was changed.")
        return time.process_time() - begun

    def _survivors(
        self, mutants: Sequence[Mutant], live: dict[tuple[str, str], list[types.FunctionType]]
    ) -> Iterator[tuple[Mutant, str]]:
        for number, one in enumerate(mutants):
            place = (str(_ROOT / one.file), one.function)
            items = self._callers.items.get(place, [])
            if not items or place not in live:
                yield one, "called by no test"
            elif not _is_noticed(one, live[place], items, self._callers.wanted):
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
    wanted: frozenset[str],
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
            _forget_results(wanted)
            for item in items:
                signal.alarm(_SECONDS)
                if not _passes(item):
                    break
            else:
                passed = True
        finally:
            os._exit(0 if passed else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _forget_results(files: frozenset[str]) -> None:
    """Of functions under ``functools.cache``, which would not be called again."""
    gc.unfreeze()  # what was there when the tests were collected is not looked at otherwise
    cached = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    for one in cached:
        if one.__wrapped__.__code__.co_filename in files:
            one.cache_clear()


def _live_functions(files: frozenset[str]) -> dict[tuple[str, str], list[types.FunctionType]]:
    """Several of one name are those that are made anew by a call; each has the same code."""
    found: dict[tuple[str, str], list[types.FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename in files:
            found[one.__code__.co_filename, one.__code__.co_qualname].append(one)
    return found


def _fits(mutant: Mutant, live: dict[tuple[str, str], list[types.FunctionType]]) -> bool:
    """A function cannot be given code that lacks what it is closed over, as ``super()`` is."""
    functions = live.get((str(_ROOT / mutant.file), mutant.function), [])
    return all(one.__code__.co_freevars == mutant.code.co_freevars for one in functions)


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
