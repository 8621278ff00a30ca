"""What is refused about data packages."""

from collections.abc import Sequence

from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    NotFound,
    Rejected,
    TooLarge,
    Unsupported,
)

_NAMED = 20


class NotAText(Unsupported):
    """*why* ends the sentence."""

    code = "not_a_text"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"'{path[:300]}' cannot be kept as a text of the package: {why}."
            " Leave large and binary files where they are and add pointers to them."
        )


class TextTooLarge(TooLarge):
    code = "text_too_large"

    def __init__(self, path: str, limit_bytes: int) -> None:
        super().__init__(
            f"'{path[:300]}' is too large for a text of a package, which must be smaller than"
            f" {limit_bytes} bytes."
        )


class PackageFull(TooLarge):
    """*limit* says what there is no room for."""

    code = "package_full"

    def __init__(self, limit: str) -> None:
        super().__init__(f"A package may have {limit}. Nothing was changed.")


class TooManyDataPackages(Conflict):
    code = "too_many_packages"

    def __init__(self, limit: int) -> None:
        super().__init__(f"You have {limit} packages, which is as many as one owner may have.")


class PointerRefused(Rejected):
    """*why* ends the sentence."""

    code = "pointer_refused"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"Nothing can point to '{where[:300]}': {why}.")
        self.why = why


class ReferenceRefused(Rejected):
    """The whole file is refused for one line of it; *why* ends the sentence."""

    code = "reference_refused"

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"Line {line} of the references is refused: {why}. Nothing was added.")
        self.line = line


class AddsRunning(Conflict):
    code = "adds_running"
    retry_after_seconds = 5

    def __init__(self) -> None:
        super().__init__(
            "Objects are still being added to the package. Freeze it when that has ended."
        )


class NothingToFreeze(Conflict):
    code = "nothing_to_freeze"

    def __init__(self) -> None:
        super().__init__("The package has no items. Add some before you freeze it.")


class DigestsUnknown(Conflict):
    """A freeze waited for digests that will never be known."""

    code = "digests_unknown"

    def __init__(self, paths: Sequence[str]) -> None:
        named = ", ".join(f"'{path[:100]}'" for path in paths[:_NAMED])
        if len(paths) > _NAMED:
            named = f"{named} and {len(paths) - _NAMED} more"
        super().__init__(
            f"The digests of {len(paths)} items cannot be worked out any more: {named}. Their"
            " sources have other bytes by now, or none. Add or remove them, or freeze partially."
        )


class ItemElsewhere(Forbidden):
    code = "item_elsewhere"

    def __init__(self, path: str) -> None:
        super().__init__(f"The bytes of '{path[:300]}' lie elsewhere: it is a pointer.")


class NoStatements(NotFound):
    code = "no_statements"

    def __init__(self) -> None:
        super().__init__(
            "This service signs no statements: its operator has set no FILEMANAGER_STATEMENT_KEY."
        )
