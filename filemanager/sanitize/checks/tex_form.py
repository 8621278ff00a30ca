"""The form of a TeX source (no. 27): never written in the original, whose log says so."""

from collections.abc import Iterable

from filemanager.domain.trees.kinds import FileKind
from filemanager.domain.workspaces.log import escaped
from filemanager.sanitize.actions import Action, Record
from filemanager.sanitize.check import File, Tree

_KINDS = frozenset({FileKind.LATEX, FileKind.LATEX2E})


def record_form(file: File, _tree: Tree) -> Iterable[Action]:
    """Log a line for each LaTeX source, as readers of the original's log know it.

    The look at the form of a source was never written there.
    """
    if file.kind not in _KINDS:
        return ()
    path = escaped(file.public_path)
    line = f"{path}: NOT IMPLEMENTED: formcheck routine needs to be implemented."
    return (Record("form_check", line),)
