"""Advice on one file, from its bytes alone."""

from collections.abc import Iterator

from filemanager.domain.trees.areas import Area
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.trees.kinds import TEX_FAMILY
from filemanager.domain.trees.tree import Entry
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.advice.of_blob import MAX_TOLD, BlobAdvice
from filemanager.sanitize.advice.tex.comments import Remark
from filemanager.sanitize.codes import Code

OTHERS_WROTE = (".sty", ".cls", ".clo", ".def", ".fd", ".ldf", ".bst", ".bbl")
"""Comments in these are those of a package's authors, or of a program."""


def information(code: Code, message: str, at: tuple[Area, str] | None = None) -> Finding:
    """A finding that asks nothing; *at* None is the whole workspace."""
    area, path = at or (None, None)
    return Finding(severity=Severity.INFO, code=code, message=message, area=area, path=path)


def is_own_tex(entry: Entry) -> bool:
    """Whether a file is TeX that the authors themselves seem to have written."""
    return entry.kind in TEX_FAMILY and not entry.path.lower().endswith(OTHERS_WROTE)


def advice_on_file(entry: Entry, blob: BlobAdvice) -> Iterator[Finding]:
    at = (entry.area, str(entry.path))
    if blob.secrets:
        yield information(Code.CREDENTIAL_FOUND, _secrets(blob), at)
    if blob.remarks and is_own_tex(entry):
        yield information(Code.PRIVATE_REMARK, _remarks(blob), at)
    if blob.large_image:
        yield information(Code.LARGE_IMAGE, _large_image(*blob.large_image), at)
    if blob.has_script:
        yield information(Code.PDF_JAVASCRIPT, "The PDF names JavaScript.", at)


def _secrets(blob: BlobAdvice) -> str:
    told = [f"{secret.kind} in line {secret.line}" for secret in blob.secrets]
    return f"Looks like a secret: {_listed(told, blob.secret_count)}."


def _remarks(blob: BlobAdvice) -> str:
    told = [_remark(one) for one in blob.remarks]
    return f"Private remarks: {_listed(told, blob.remark_count)}."


def _remark(remark: Remark) -> str:
    said = f"{remark.word} in line {remark.line}"
    return f"{said} by {escaped(remark.name)}" if remark.name else said


def _listed(told: list[str], count: int) -> str:
    """The first of *count*, and how many are not told one by one."""
    first = ", ".join(told)
    return f"{first} and {count - MAX_TOLD} more" if count > MAX_TOLD else first


def _large_image(width: int, height: int) -> str:
    megapixels = width * height / 1_000_000
    return f"The picture has {width} by {height} pixels, {megapixels:.1f} megapixels."
