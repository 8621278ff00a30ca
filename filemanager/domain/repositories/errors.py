"""What the repositories door says no with."""

from collections.abc import Iterable

from filemanager.domain.errors import Conflict, Gone, Malformed, NotFound, Rejected, Unavailable


class PackageRefused(Rejected):
    """A file that no repository takes; ``why`` ends the sentence."""

    code = "package_refused"

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}. Nothing was stored.")
        self.file = file
        self.why = why


class FileNameRefused(Rejected):
    """An ending that this way of sending does not take; the first words are the original's."""

    code = "file_name_refused"

    def __init__(self, file: str, endings: Iterable[str]) -> None:
        allowed = ", ".join(sorted(endings))
        super().__init__(f"Invalid filename. Allowed file extensions: {allowed}. It is '{file}'.")
        self.file = file


class ForeignFile(Rejected):
    """A file of another family of distributions; the words are the original's."""

    code = "foreign_file"

    def __init__(self, file: str, base: str) -> None:
        super().__init__(
            f'Can\'t upload the package to S3: The "{file}" file does not match the type of files'
            f" used in the {base}-based repositories."
        )
        self.file = file


class ProductMissing(Rejected):
    """The words are the original's, the two blanks too."""

    code = "product_missing"

    def __init__(self) -> None:
        super().__init__(
            'Can\'t upload the package to S3: The "product" form is absent in request.'
            ' The "product" form is used to place  package files in deb repositories. Example:'
            " .../release/series-2/ubuntu/pool/focal/main/p/product_name/..."
        )


class NothingSent(Rejected):
    code = "nothing_sent"

    def __init__(self) -> None:
        super().__init__("No file was sent. Send each as a part of the form, with its file name.")


class RepositoryUnknown(NotFound):
    code = "repository_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such repository.")


class PackageUnknown(NotFound):
    code = "package_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such package.")


class PackagePurged(Gone):
    code = "package_purged"

    def __init__(self) -> None:
        super().__init__("The package was purged: its bytes are given out no more, and not taken.")


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


class PackagePart(Conflict):
    """A file that belongs to packages, and is none."""

    code = "package_part"

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} belongs to a source package. Remove that by its .dsc; the file goes with it."
        )


class ChangesAwaited(Conflict):
    code = "changes_awaited"

    def __init__(self) -> None:
        super().__init__("The files wait for the .changes that lists them. Send that.")


class OtherBase(Rejected):
    """Packages of one family of distributions, for a repository of the other."""

    code = "other_base"

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            f"'{source}' and '{target}' hold packages of two kinds: one is for apt, one for yum."
        )


class RuleRefused(Rejected):
    """``why`` ends the sentence."""

    code = "rule_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The rules were not changed: {why}.")


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
