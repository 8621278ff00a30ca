"""Paragraphs of fields, deb822(5): control files, ``.dsc`` and ``.changes``.

=============================================  ==============================================
blank lines around the paragraph               passed over
a second paragraph                             refused
a line of blanks alone                         refused: some readers end a paragraph there
a comment                                      refused: what is read here has none (Debian
                                               policy, 5.1)
a field twice, in whatever case                refused
a blank between a name and its colon           refused
anything but UTF-8, a control character        refused
=============================================  ==============================================
"""

import re

from filemanager.archives.packages.refusals import Unfit
from filemanager.domain.repositories.package import Control

MAX_BYTES = 4 << 20
_MOST_FIELDS = 512
_MOST_LINES = 1 << 16
_MOST_LINE_CHARACTERS = 1 << 20

_NAME = re.compile(r"[!\"$-,.-9;-~][!-9;-~]*")
"""Printable ASCII but for the colon; ``#`` and ``-`` begin none."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = " \t"


def only_paragraph(document: bytes) -> Control:
    """The fields of a document of one paragraph. Raises ``Unfit``."""
    text = _text(document).strip("\n")
    if not text:
        raise Unfit("it holds no fields")
    if text.count("\n") > _MOST_LINES:
        raise Unfit(f"it has more than {_MOST_LINES} lines")
    fields: list[tuple[str, str]] = []
    for lines in _fields(text.split("\n")):
        name, colon, value = lines[0].partition(":")
        if not (colon and _NAME.fullmatch(name)):
            raise Unfit("a line of it is no field")
        fields.append((name, "\n".join((value.strip(_BLANKS), *lines[1:]))))
    if len({name.lower() for name, _ in fields}) < len(fields):
        raise Unfit("it has a field twice")
    return Control(tuple(fields))


def _text(document: bytes) -> str:
    if len(document) > MAX_BYTES:
        raise Unfit(f"its fields have more than {MAX_BYTES >> 20} MiB")
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unfit("its fields are not in UTF-8") from error
    if _CONTROL_CHARACTER.search(text):
        raise Unfit("its fields hold a control character")
    return text


def _fields(lines: list[str]) -> list[list[str]]:
    """The lines of each field: what begins with a blank continues the one before."""
    fields: list[list[str]] = []
    for line in lines:
        if len(line) > _MOST_LINE_CHARACTERS or len(fields) > _MOST_FIELDS:
            raise Unfit("it has too many fields or too long a line")
        if not line:
            raise Unfit("it has more than one paragraph")
        if line[0] not in _BLANKS:
            fields.append([line])
        elif fields and line.strip(_BLANKS):
            fields[-1].append(line)
        else:
            raise Unfit("a line of it is blank, or continues no field")
    return fields
