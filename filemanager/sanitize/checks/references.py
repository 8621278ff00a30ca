"""BibTeX databases, which are not run: what counts is the ``.bbl`` (no. 34)."""

from collections.abc import Iterator

from filemanager.domain.trees.areas import Area
from filemanager.sanitize.actions import Note, On, Remove, TreeAction, Withdraw, fatal, warn
from filemanager.sanitize.check import Sibling, Tree
from filemanager.sanitize.codes import Code

_NOT_RUN = "We do not run bibtex in the auto - TeXing procedure."
_WITH_BBL = (
    f"{_NOT_RUN} We do not run bibtex because the .bib database files can be quite large, and the"
    " only thing necessary to make the references for a given paper is the .bbl file."
)
_NO_BBL = (
    f"{_NOT_RUN} If you use it, include in your submission the .bbl file which bibtex produces on"
    " your home machine; otherwise your references will not come out correctly. We do not run"
    " bibtex because the .bib database files can be quite large, and the only thing necessary to"
    " make the references for a given paper is the.bbl file."
)
_BIB_ENDINGS = (".bib", ".BIB", ".Bib")
_MISSING = frozenset({Code.BIB_NO_BBL, Code.BBL_MISSING})


def look_for_references(tree: Tree) -> Iterator[TreeAction]:
    """Judge a ``.bib``: removed beside its ``.bbl``, refused without one.

    BibTeX is not run; what counts is the ``.bbl`` of the same stem, in the source.
    """
    for bib in _databases(tree):
        if not _bbl_of(tree, bib):
            yield from _noted(bib, _missing_notes(bib))
        elif not bib.kept_by_owner:
            yield from _removed(bib)
        else:
            yield On(bib.area, bib.path, Withdraw(_MISSING))


def look_again_for_references(tree: Tree) -> Iterator[TreeAction]:
    """Judge databases again after a person's own change.

    No check undoes that, so nothing is removed.
    """
    for bib in _databases(tree):
        yield On(bib.area, bib.path, Withdraw(_MISSING | {Code.BIB_WITH_BBL}))
        if not _bbl_of(tree, bib):
            yield from _noted(bib, _missing_notes(bib))
        elif not bib.kept_by_owner:
            yield from _noted(bib, (warn(Code.BIB_WITH_BBL, _WITH_BBL, persistent=False),))


def _databases(tree: Tree) -> list[Sibling]:
    """Each once: those that changed, and those beside a ``.bbl`` that changed or went."""
    found: dict[tuple[Area, str], Sibling] = {}
    for changed in tree.changed():
        if changed.path.lower().endswith(".bib"):
            found[changed.area, changed.path] = changed
    touched = [(one.area, one.path) for one in tree.changed()] + list(tree.ended())
    for area, path in touched:
        if area is Area.SOURCE and path.endswith(".bbl"):
            found.update(_beside(tree, path.removesuffix(".bbl")))
    return list(found.values())


def _beside(tree: Tree, stem: str) -> dict[tuple[Area, str], Sibling]:
    places = [(area, stem + end) for area in (Area.SOURCE, Area.ANCILLARY) for end in _BIB_ENDINGS]
    siblings = {place: tree.find(*place) for place in places}
    return {place: sibling for place, sibling in siblings.items() if sibling}


def _stem(bib: Sibling) -> str:
    return bib.path.name[: -len(".bib")]


def _bbl_of(tree: Tree, bib: Sibling) -> Sibling | None:
    """Among the source files, whichever area the database is in."""
    return tree.find(Area.SOURCE, f"{bib.path[: -len('.bib')]}.bbl")


def _missing_notes(bib: Sibling) -> tuple[Note, ...]:
    stem = _stem(bib)
    message = (
        f"Your submission contained {stem}.bib file, but no {stem}.bbl file (include {stem}.bbl,"
        f" or submit without {stem}.bib; and remember to verify references)."
    )
    return warn(Code.BIB_NO_BBL, _NO_BBL, persistent=True), fatal(Code.BBL_MISSING, message)


def _noted(bib: Sibling, notes: tuple[Note, ...]) -> Iterator[TreeAction]:
    for note in notes:
        yield On(bib.area, bib.path, note)


def _removed(bib: Sibling) -> Iterator[TreeAction]:
    yield from _noted(bib, (warn(Code.BIB_WITH_BBL, _WITH_BBL, persistent=False),))
    reason = f"Removed the file '{bib.path.name}'. Using '{_stem(bib)}.bbl' for references."
    yield On(bib.area, bib.path, Remove(reason, Code.BIB_WITH_BBL))
