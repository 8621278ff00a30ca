"""What MkDocs is given beside the pages that people write: the reference, made when it builds.

Nothing of it is committed, so nothing of it is ever stale.
"""

from collections.abc import Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from manual.blocks import PAGES, PROJECT
from manual.reference import codes, commands, routes, settings


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    for path, text in _made():
        files.append(File.generated(config, path, content=text))
    return files


def _made() -> Iterator[tuple[str, str]]:
    yield "reference/settings.md", settings.page()
    yield "reference/commands.md", commands.page()
    yield "reference/scopes.md", routes.scopes_page()
    for folder, pages in (
        ("reference/routes", routes.pages()),
        ("problems", codes.problem_pages()),
        ("findings", codes.finding_pages()),
    ):
        yield from ((f"{folder}/{name}", text) for name, text in pages)
    yield "reference/changelog.md", (PROJECT / "CHANGELOG.md").read_text()
    yield "explanation/architecture.md", _architecture()
    yield "explanation/decisions.md", _decisions()


def _decisions() -> str:
    lines = ["# Decisions", "", "What is hard to undo, and why it was done so.", ""]
    for page in sorted((PAGES / "decisions").glob("*.md")):
        title = page.read_text().partition("\n")[0].removeprefix("# ")
        lines.append(f"* [{title}](../decisions/{page.name})")
    return "\n".join([*lines, ""])


def _architecture() -> str:
    text = (PROJECT / "ARCHITECTURE.md").read_text()
    return text.replace("(docs/decisions)", "(decisions.md)")
