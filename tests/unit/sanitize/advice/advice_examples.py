"""A smallest source for each thing that advice says."""

import struct
from collections.abc import Mapping

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding
from filemanager.domain.trees.kinds import FileKind, SourceFormat
from filemanager.sanitize.advice.advice import Looked, Readme, advise
from filemanager.sanitize.advice.of_blob import advice_of
from filemanager.sanitize.advice.readme import directives
from filemanager.sanitize.codes import Code
from filemanager.storage.scratch.file import MemoryContent
from unit.sanitize.archives import TEX
from unit.sanitize.tree import an_entry

_README = "00README.json"
_LARGE_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">LL5B", 9000, 9000, 8, 2, 0, 0, 0)

ADVICE: Mapping[Code, Mapping[str, bytes]] = {
    Code.UNREACHED_FILE: {"main.tex": TEX, "NAME.tex": b"x\n"},
    Code.PRIVATE_REMARK: {"NAME.tex": TEX.replace(b"Hello", b"Hello % TODO later")},
    Code.COMMENTS_VISIBLE: {"NAME.tex": TEX.replace(b"Hello", b"Hello % a remark of some length")},
    Code.CREDENTIAL_FOUND: {
        "main.tex": TEX,
        "NAME": b"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB\n",
    },
    Code.LARGE_IMAGE: {"main.tex": TEX, "NAME.png": _LARGE_PNG},
    Code.PDF_JAVASCRIPT: {"main.tex": TEX, "NAME.pdf": b"%PDF-1.4\n<< /S /JavaScript /JS (x) >>\n"},
    Code.README_DIRECTIVES: {
        "main.tex": TEX,
        _README: b'{"process": {"compiler": "pdflatex"}, "sources": [{"filename": "main.tex"}]}',
    },
    Code.README_TOO_LARGE: {"main.tex": TEX, _README: b" " * 8193},
    Code.README_UNREADABLE: {"main.tex": TEX, _README: b"{"},
    Code.MAIN_FILE: {"NAME.tex": TEX},
    Code.MISSING_FILE: {"NAME.tex": TEX.replace(b"Hello", b"\\input{other}")},
    Code.RENAMED_FILE_NAMED: {
        "main.tex": TEX.replace(b"Hello", b"\\includegraphics{NA ME}"),
        "NA_ME.png": b"x",
    },
    Code.CASE_DIFFERS: {
        "main.tex": TEX.replace(b"Hello", b"\\includegraphics{name}"),
        "NAME.png": b"x",
    },
    Code.ADVICE_INCOMPLETE: {"NAME.tex": b""},
}


def advised(code: Code) -> list[Finding]:
    """What is said under *code* of its example; an empty file stands for one not looked at yet."""
    files = ADVICE[code]
    entries = [
        an_entry(
            path,
            FileKind.LATEX2E if b"\\doc" in data else FileKind.ALWAYS_IGNORE,
            name_as_sent=path.replace("_", " ") if "_" in path else None,
        )
        for path, data in files.items()
    ]
    readme, too_large = None, list[str]()
    if code is Code.README_TOO_LARGE:
        too_large = [_README]
    elif _README in files:
        readme = Readme(path=_README, directives=directives(_README, files[_README]))
    looked = Looked(
        too_large=too_large,
        entries=entries,
        blobs={
            entry.digest: advice_of(MemoryContent.of(files[entry.path]))
            for entry in entries
            if entry.area is Area.SOURCE and files[entry.path]
        },
        source_format=SourceFormat.TEX,
        readme=readme,
    )
    return [one for one in advise(looked) if one.code == code]
