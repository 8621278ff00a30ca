"""A clone without the shared folder: what reads it is left out, and how many that are is said."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
import sys

sys.path.insert(0, {tests!r})

from left_out import WithoutFixtures


def pytest_configure(config):
    config.addinivalue_line("markers", "fixtures: reads the folder")
    config.pluginmanager.register(WithoutFixtures())
"""
TESTS = """
import pytest


def test_that_needs_nothing():
    pass


@pytest.mark.fixtures
@pytest.mark.parametrize("number", [1, 2])
def test_that_reads(number):
    raise FileNotFoundError
"""


UNREAD = ("e2e", "crash", "fuzz", "load")
"""Folders that ``make test-fast`` does not read."""


def test_every_module_of_a_folder_that_is_not_read_has_a_mark_of_its_own() -> None:
    tests = Path(__file__).parents[1]
    # Deeper there are clients of others alone.
    depths = ("test_*.py", "*/test_*.py", "*/*/test_*.py")
    own = [path for name in UNREAD for depth in depths for path in (tests / name).glob(depth)]

    assert own
    assert [path for path in own if "\npytestmark = " not in path.read_text()] == []


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_reads_the_folder_is_left_out_and_counted(
    pytester: pytest.Pytester, workers: str
) -> None:
    pytester.makeconftest(CONFTEST.format(tests=str(Path(__file__).parents[1])))
    pytester.makepyfile(TESTS)

    told = pytester.runpytest_subprocess("-n", workers)

    told.stdout.fnmatch_lines(["Left out: 2 tests that read *, which is not there."])
    told.assert_outcomes(passed=1, deselected=2 if workers == "0" else 0)
