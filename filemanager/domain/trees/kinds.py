"""What a file is taken for. The values are what the drop-in API sends as ``type``."""

from enum import StrEnum


class FileKind(StrEnum):
    """In the original's order of priority, lowest first."""

    UNKNOWN = "UNKNOWN"
    ABORT = "ABORT"
    FAILED = "FAILED"
    ALWAYS_IGNORE = "ALWAYS_IGNORE"
    INPUT = "INPUT"
    BIBTEX = "BIBTEX"
    POSTSCRIPT = "POSTSCRIPT"
    DOS_EPS = "DOS_EPS"
    PS_FONT = "PS_FONT"
    PS_PC = "PS_PC"
    IMAGE = "IMAGE"
    ANIM = "ANIM"
    HTML = "HTML"
    PDF = "PDF"
    DVI = "DVI"
    NOTEBOOK = "NOTEBOOK"
    ODF = "ODF"
    DOCX = "DOCX"
    TEX = "TEX"
    PDFTEX = "PDFTEX"
    TEX_PRIORITY_2 = "TEX_priority2"
    TEX_AMS = "TEX_AMS"
    TEX_PRIORITY = "TEX_priority"
    TEX_MAC = "TEX_MAC"
    LATEX = "LATEX"
    LATEX2E = "LATEX2e"
    PDFLATEX = "PDFLATEX"
    TEXINFO = "TEXINFO"
    MF = "MF"
    UUENCODED = "UUENCODED"
    ENCRYPTED = "ENCRYPTED"
    PC = "PC"
    MAC = "MAC"
    CSH = "CSH"
    SH = "SH"
    JAR = "JAR"
    RAR = "RAR"
    XLSX = "XLSX"
    COMPRESSED = "COMPRESSED"
    ZIP = "ZIP"
    GZIPPED = "GZIPPED"
    BZIP2 = "BZIP2"
    MULTI_PART_MIME = "MULTI_PART_MIME"
    TAR = "TAR"
    IGNORE = "IGNORE"
    README = "README"
    TEXAUX = "TEXAUX"
    ABS = "ABS"
    INCLUDE = "INCLUDE"


TEX_FAMILY = frozenset(
    {
        FileKind.LATEX,
        FileKind.TEX,
        FileKind.TEX_PRIORITY,
        FileKind.TEX_AMS,
        FileKind.TEX_MAC,
        FileKind.LATEX2E,
        FileKind.TEX_PRIORITY_2,
        FileKind.TEXINFO,
        FileKind.PDFLATEX,
        FileKind.PDFTEX,
    }
)


class SourceFormat(StrEnum):
    """What the whole source is. ``unknown`` of the original is never stored: its client raises."""

    INVALID = "invalid"
    PS = "ps"
    PDF = "pdf"
    HTML = "html"
    TEX = "tex"
