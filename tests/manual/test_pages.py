"""Every page of the manual with lines to run is run, in an empty directory."""

from pathlib import Path

import pytest

from manual.blocks import PAGES, blocks, pages
from manual.running import printed

pytestmark = pytest.mark.e2e

ELSEWHERE = {"operations.md", "how-to/s3-stores.md", "how-to/from-package-r.md"}
"""They need servers beside ours: a test of their own runs them."""

RUN = {
    str(page.relative_to(PAGES)) for page in pages() if any(block.is_run for block in blocks(page))
}


@pytest.mark.parametrize("name", sorted(RUN - ELSEWHERE))
def test_its_lines_do_what_it_says(name: str, tmp_path: Path) -> None:
    printed(PAGES / name, tmp_path)
