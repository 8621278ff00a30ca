"""The texts of pages, and what the catalogues have of them: brought up to date by `make texts`."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from web.sentences import templates as templates_of_others

PROJECT = Path(__file__).parents[2]
LOCALES = PROJECT / "filemanager" / "api" / "locale"
LAYERS = (PROJECT / "filemanager" / "web", PROJECT / "filemanager" / "api")
"""Those that have pages."""

_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"\{\w+\}")
"""Where a text of others has a value."""

SAID = "said"
"""The context of what layers say that know no catalogue: pages look it up when they show it."""

TEMPLATES = LOCALES / "templates.txt"


def languages() -> list[Path]:
    """The catalogue of each."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/pages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """Of one thing and of many, where a text has both."""
    return [text or ""] if isinstance(text, str | None) else text


def compiled(path: Path) -> bytes:
    made = BytesIO()
    write_mo(made, read(path))
    return made.getvalue()


def modules() -> list[Path]:
    """Those that make pages: all of the web, and in the API those that use what pages stand on."""
    web, api = LAYERS
    found = {path for path in api.rglob("*.py") if "filemanager.api.pages" in path.read_text()}
    return sorted({*web.rglob("*.py"), *(api / "pages").rglob("*.py"), *found})


def templates() -> list[Path]:
    return sorted(path for layer in LAYERS for path in layer.glob("templates/*.html"))


def extracted() -> Catalog:
    """Every text of the source."""
    found = Catalog()
    for method, paths in (("python", modules()), ("jinja2", templates())):
        for path in paths:
            for _line, text, *_more in extract_from_file(method, path, keywords=_KEYWORDS):
                found.add(text)
    for said in templates_of_others():
        found.add(said, context=SAID)
    return found


def with_values() -> str:
    """Those of the templates that pages read texts by."""
    return "".join(f"{one}\n" for one in sorted(templates_of_others()) if PLACE.search(one))


def update() -> None:
    for path in languages():
        catalogue, template = read(path), extracted()
        template.creation_date = catalogue.creation_date
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, no_location=True)
        path.with_suffix(".mo").write_bytes(compiled(path))
    TEMPLATES.write_text(with_values())


if __name__ == "__main__":
    update()
