"""What checks say, in the reader's language."""

import re
from dataclasses import replace

from filemanager.api.pages.texts import Said, said
from filemanager.domain.trees.findings import Finding

_LINKS = re.compile(r'</?a(?: href="/[^"<>]*")?>')
"""Of the original's words, which lead to pages of its own."""


def message_of(finding: Finding) -> Said:
    message = said(finding.message)
    return replace(message, text=_LINKS.sub("", message.text))
