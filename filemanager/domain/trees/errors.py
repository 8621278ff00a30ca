"""What goes wrong with paths in a tree."""

from filemanager.domain.errors import (
    Conflict,
    Gone,
    NotFound,
    PreconditionFailed,
    Rejected,
)


class FileNotFound(NotFound):
    code = "file_not_found"

    def __init__(self, message: str = "file not found") -> None:
        super().__init__(message)


class PathRefused(Rejected):
    """A path that no tree can hold; ``why`` ends the sentence."""

    code = "path_refused"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"The path {path[:120]!r} cannot be used: {why}.")
        self.why = why


class PathInTheWay(Conflict):
    """A file would be the directory of another."""

    code = "path_in_the_way"

    def __init__(self, path: str, other: str) -> None:
        super().__init__(
            f"'{path}' cannot be stored beside '{other}': one of them would be a file and a"
            " directory at once. Rename or delete one."
        )


class PlaceTaken(Conflict):
    """A move or an undelete never overwrites."""

    code = "place_taken"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' exists already. Delete it or move it away first.")


class AlreadyThere(PreconditionFailed):
    code = "already_there"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' exists already, and the request asked to create it.")


class ChangeNotFound(NotFound):
    """Nothing of that name rewrote the bytes that the file has now."""

    code = "change_not_found"

    def __init__(self, path: str) -> None:
        super().__init__(f"The bytes of '{path}' do not come from a change of that name.")


class NotRestorable(Rejected):
    code = "not_restorable"

    def __init__(self, path: str) -> None:
        super().__init__(f"'{path}' was refused by a check and cannot be brought back.")


class RevisionUnknown(NotFound):
    code = "revision_unknown"

    def __init__(self) -> None:
        super().__init__("There has been no such revision.")


class RevisionPruned(Gone):
    code = "revision_pruned"

    def __init__(self) -> None:
        super().__init__("The revision is too old: what it held is not kept any more.")


class PinExists(Conflict):
    code = "pin_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a pin called '{name}' already. Choose another name.")
