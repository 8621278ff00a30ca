"""What in a TeX text tells which engine it is for, and whether it is a whole document."""

import re
from enum import StrEnum


class Mark(StrEnum):
    CLASS = "class"
    BEGIN = "begin"
    PLAIN_END = "plain_end"
    PDF_OUTPUT = "pdf_output"
    LUA = "lua"
    POSTSCRIPT = "postscript"


_MARK = re.compile(
    rb"\\(?:(?P<class>document(?:class|style)(?![A-Za-z]))"
    rb"|(?P<begin>begin[ \t]{0,9}\{document\})"
    rb"|(?P<plain_end>(?:bye|end)(?![A-Za-z@]|\s{0,9}\{))"
    rb"|(?P<pdf_output>pdfoutput[ \t]{0,9}=?[ \t]{0,9}[1-9])"
    rb"|(?P<lua>directlua(?![A-Za-z])|begin[ \t]{0,9}\{luacode)"
    rb"|(?P<postscript>psfig(?![A-Za-z])|epsf(?:box|file)(?![A-Za-z])|special[ \t]{0,9}\{ps))"
)


def marks_in(bare: bytes) -> frozenset[Mark]:
    """*bare* is without comments."""
    return frozenset(Mark(found.lastgroup or "") for found in _MARK.finditer(bare))
