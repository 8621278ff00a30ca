"""``--without-fixtures``: what reads the shared folder is left out, and counted in one line.

Chosen by whoever starts the tests, so that a folder that is missing by mistake is still a failure.
"""

from collections.abc import Mapping
from typing import Protocol

import pytest

from shared_fixtures import FIXTURES

OPTION = "--without-fixtures"
_COUNT = "left_out_for_want_of_fixtures"


class _Node(Protocol):
    """A worker of pytest-xdist, which has told its results."""

    workeroutput: Mapping[str, object]


class WithoutFixtures:
    """Workers collect, and the one that started them tells."""

    def __init__(self) -> None:
        self._count = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """After marks have chosen, so that only what would have been run is counted."""
        left_out = [item for item in items if item.get_closest_marker("fixtures")]
        items[:] = [item for item in items if item not in set(left_out)]
        config.hook.pytest_deselected(items=left_out)
        self._count = len(left_out)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_COUNT] = self._count

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: _Node) -> None:
        self._count = max(self._count, int(str(node.workeroutput[_COUNT])))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(
            f"Left out: {self._count} tests that read {FIXTURES}, which is not there."
        )
