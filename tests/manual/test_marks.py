"""Every command of the manual is run by a test, or says that it is not, and why."""

import re
from pathlib import Path

import pytest

from manual.blocks import BESIDE, NOT_RUN, PAGES, PRINTED, PROJECT, SHOWN, YOURS, blocks, pages

EVERY = [pytest.param(page, id=str(page.relative_to(PAGES))) for page in pages()]


@pytest.mark.parametrize("page", EVERY)
def test_every_block_says_what_it_is(page: Path) -> None:
    for block in blocks(page):
        if block.is_run:
            assert block.title in ("", BESIDE, YOURS), block
        elif block.language == "sh":
            assert block.title.removeprefix(NOT_RUN), block
        else:
            assert block.language in SHOWN, block


@pytest.mark.parametrize("page", EVERY)
def test_what_is_printed_follows_what_is_run(page: Path) -> None:
    found = blocks(page)

    for before, block in zip([None, *found], found, strict=False):
        assert block.title != PRINTED or (before is not None and before.is_run), block


def test_the_paths_that_contributors_are_told_are_there() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"(?<![\w./])(?:tests|filemanager|docs)/[\w./]*\w", text)

    assert named
    assert [path for path in named if not (PROJECT / path).exists()] == []
