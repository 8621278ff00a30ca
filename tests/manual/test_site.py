"""The manual is built without a warning, and asks nobody for anything."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from filemanager.api.about.code_words import error_words, finding_words
from filemanager.cli import LATE
from filemanager.domain.caller import Scope
from filemanager.settings.reading import described
from manual.blocks import PROJECT

_LOADED = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)="(https?:|//)')
_PICTURE_BYTES = 60_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With every warning an error, as `make docs` builds it."""
    built = tmp_path_factory.mktemp("manual") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", built],
        cwd=PROJECT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ".:tests", "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return built


def test_a_reader_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))

    assert pages
    assert [page for page in pages if _LOADED.search(page.read_text())] == []


def test_pictures_are_light() -> None:
    pictures = list((PROJECT / "docs").rglob("*.png"))

    assert pictures
    assert [one for one in pictures if one.stat().st_size > _PICTURE_BYTES] == []


@pytest.mark.parametrize("kind", ["problems", "findings"])
def test_each_code_has_a_page_at_the_path_that_answers_name(site: Path, kind: str) -> None:
    codes = error_words() if kind == "problems" else finding_words()

    assert [code for code in codes if not (site / kind / code / "index.html").is_file()] == []


def test_the_page_of_a_problem_says_what_it_means_and_what_to_do_now(site: Path) -> None:
    for code, words in error_words().items():
        page = unescape((site / "problems" / code / "index.html").read_text())

        assert f"<p>{words.meaning}</p>" in page
        assert f"<p>{words.remedy}</p>" in page


def test_the_reference_leaves_nothing_out(site: Path) -> None:
    def text(page: str) -> str:
        return (site / "reference" / page / "index.html").read_text()

    settings, scopes, commands = text("settings"), text("scopes"), text("commands")
    assert [one for one, _, _ in described() if one.split(" or ")[0] not in settings] == []
    assert [one for one in Scope if one not in scopes] == []
    assert [one for one in LATE if f"filemanager {one}<" not in commands] == []
