"""A page for each code that answers name: of findings by what was said of their examples."""

from collections.abc import Iterator, Mapping

from architecture.checks_page import severities_of, shown_examples
from filemanager.api.about.code_words import (
    Explained,
    error_kinds,
    error_words,
    finding_words,
)
from filemanager.sanitize.codes import RESTORABLE, Code
from manual.reference.messages import messages_of
from manual.reference.tables import table

_PROBLEMS = """\
# Problems

A refusal is JSON of the type `application/problem+json` (RFC 9457). Its `code` is one of these and
is never renamed; its `type` leads to the page of the code at the service itself,
`/docs/problems/<code>`; its `detail` says what, which, and what now.
"""
_FINDINGS = """\
# Findings

What checks say of files. A finding's `code` is one of these and is never renamed; its `help` leads
to the page of the code at the service itself, `/docs/findings/<code>`. `info` and `warn` leave a
workspace usable, `fatal` does not. [Checks](../checks.md) has all of it in the order in which it
happens.
"""


def problem_pages() -> Iterator[tuple[str, str]]:
    """The name of a page below `problems`, and its text; the first is the list of them."""
    words = error_words()
    rows = [
        (_link(code), f"{one.status.value} {one.status.phrase}", one.meaning)
        for code, one in words.items()
    ]
    yield "index.md", "\n".join([_PROBLEMS, *table(("code", "status", "meaning"), rows), ""])
    yield from ((f"{code}.md", _problem(code, one)) for code, one in words.items())


def finding_pages() -> Iterator[tuple[str, str]]:
    """Likewise below `findings`."""
    words = finding_words()
    rows = [(_link(code), severities_of(Code(code)), text) for code, text in words.items()]
    yield "index.md", "\n".join([_FINDINGS, *table(("code", "severity", "meaning"), rows), ""])
    yield from ((f"{code}.md", _finding(Code(code), words)) for code in words)


def _problem(code: str, explained: Explained) -> str:
    status = explained.status
    lines = [f"# `{code}`", "", explained.meaning, "", f"Status: {status.value} {status.phrase}."]
    lines += ["", "## What to do now", "", explained.remedy]
    kinds = [kind for kind in error_kinds() if kind.code == code]
    said = dict.fromkeys(text for kind in kinds for text in messages_of(kind) if text)
    lines += ["", "## Its `detail`"] if said else []
    for text in said:
        lines += ["", "```text", text, "```"]
    return "\n".join([*lines, ""])


def _finding(code: Code, words: Mapping[str, str]) -> str:
    lines = [f"# `{code}`", "", words[code], "", f"Severity: {severities_of(code)}."]
    if code in RESTORABLE:
        lines += ["", "What was removed or changed may be brought back."]
    if examples := shown_examples(code):
        lines += ["", "What is said, where `NAME` is the name of the file:", "", *examples]
    return "\n".join([*lines, ""])


def _link(code: str) -> str:
    return f"[`{code}`]({code}.md)"
