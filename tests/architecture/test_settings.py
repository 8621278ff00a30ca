"""What the README says of settings and scopes is what the code says."""

from pathlib import Path

from filemanager.domain.caller import OLDER_ALIASES, Scope
from filemanager.settings.reading import described
from filemanager.settings.service import Settings

README = Path(__file__).parents[2] / "README.md"


def rows(start: str) -> list[list[str]]:
    """The cells of the rows of README's tables that begin so."""
    lines = README.read_text().splitlines()
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if line.startswith(start)
    ]


def test_every_setting_is_in_the_readme() -> None:
    shown = [
        [" or ".join(f"`{name}`" for name in names.split(" or ")), default, meaning]
        for names, default, meaning in described()
    ]

    assert rows("| `FILEMANAGER_") == shown


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_every_scope_is_in_the_readme_with_its_aliases() -> None:
    written = {
        name.strip(" `"): {alias.strip(" `") for alias in row[2].split(",")} - {""}
        for door in ("upload", "bucket", "rawstore", "repository", "package")
        for row in rows(f"| `{door}:")
        for name in row[0].split(",")
    }

    aliases = {str(scope): {str(a) for a in OLDER_ALIASES.get(scope, ())} for scope in Scope}
    del aliases[Scope.WRITE]  # an alias only, so it stands in the third column
    assert written == aliases
