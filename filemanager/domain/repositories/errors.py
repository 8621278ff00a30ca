"""What the repositories door says no with."""

from filemanager.domain.errors import Conflict, Malformed, NotFound, Rejected, Unavailable


class PackageRefused(Rejected):
    """A file that no repository takes; ``why`` ends the sentence."""

    code = "package_refused"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}. Nothing was stored.")
        self.file = file
        self.why = why


class RepositoryUnknown(NotFound):
    code = "repository_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such repository.")


class PackageUnknown(NotFound):
    code = "package_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such package.")


class SnapshotUnknown(NotFound):
    code = "snapshot_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such snapshot or publication.")


class RepositoryAddressRefused(Malformed):
    """A path that no repository of the configuration has."""

    code = "repository_address_refused"


class PathTaken(Conflict):
    """Other bytes lie at the path of a file, or another package has its name and version."""

    code = "path_taken"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(
            f"{file}: {why}. Give the package another version, or replace it with ?replace=true."
        )
        self.file = file


class SnapshotExists(Conflict):
    code = "snapshot_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a snapshot called '{name}'. Choose another name.")


class NotYetPublished(Unavailable):
    """The repository is configured, and its first publication has not ended in time."""

    code = "not_yet_published"
    retry_after_seconds = 2

    def __init__(self) -> None:
        super().__init__("The repository is being published for the first time. Try again shortly.")
