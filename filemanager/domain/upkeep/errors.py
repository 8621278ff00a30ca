"""What is refused when everything is moved, or has nowhere to lie."""

from filemanager.domain.errors import Conflict, Rejected


class DatabaseInUse(Conflict):
    code = "database_in_use"

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The database holds data already ({table}). Import into one that was never used."
        )


class DirectoryUnusable(Rejected):
    """*why* is the system's word for it."""

    code = "directory_unusable"

    def __init__(self, directory: str, why: str) -> None:
        super().__init__(f"The directory '{directory}' cannot be used: {why}.")


class DirectoryInUse(Conflict):
    code = "directory_in_use"

    def __init__(self, directory: str) -> None:
        super().__init__(f"There is something in '{directory}' already. Name a new directory.")


class NotAnExport(Rejected):
    """``why`` ends the sentence."""

    code = "not_an_export"

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot be imported: {why}.")


class EmptyDatabase(Conflict):
    code = "empty_database"

    def __init__(self) -> None:
        super().__init__(
            "The database is empty, and the store is not: they do not belong together. Look at"
            " FILEMANAGER_DATABASE_URL and where the store is. Nothing was checked."
        )
