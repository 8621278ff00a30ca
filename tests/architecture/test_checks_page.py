"""The page of checks is what the code says."""

import inspect
from pathlib import Path

from architecture.checks_page import PHASES, rendered
from filemanager.sanitize.registry import PROFILES

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_of_checks_is_up_to_date() -> None:
    assert PAGE.read_text() == rendered(), "run `make checks`"


def test_every_check_says_what_it_acts_on_and_why() -> None:
    checks = [
        check
        for profile in PROFILES.values()
        for phase, _ in PHASES
        for check in getattr(profile, phase)
    ]

    for check in checks:
        assert "\n\n" in (inspect.getdoc(check) or ""), check.__name__
