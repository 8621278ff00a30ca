"""What is refused about sources."""

from filemanager.domain.errors import Conflict, Gone, Malformed, NotFound, Unavailable


class SourceUnknown(NotFound):
    """One error for a source that is not there, and one that the caller may not read."""

    code = "source_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such source, or you may not read it.")


class SourceExists(Conflict):
    code = "source_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a source '{name}' already. Choose another name.")


class SourceDeclared(Conflict):
    code = "source_declared"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The source '{name}' is declared in FILEMANAGER_SOURCES_FILE. Its operator changes it"
            " there."
        )


class EndpointRefused(Malformed):
    """*why* ends the sentence; no address that was found by resolving is told."""

    code = "endpoint_refused"

    def __init__(self, endpoint: str, why: str) -> None:
        super().__init__(f"The endpoint '{endpoint[:300]}' may not be called: {why}.")


class NoSourceKeys(Conflict):
    code = "no_source_keys"

    def __init__(self) -> None:
        super().__init__(
            "Credentials cannot be kept: the operator has set no FILEMANAGER_SOURCE_KEYS."
        )


class CredentialsLocked(Unavailable):
    code = "credentials_locked"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The credentials of the source '{name}' cannot be opened with the keys of this"
            " service. Its operator has to add the old key or the credentials again."
        )


class SourceUnavailable(Unavailable):
    code = "source_unavailable"

    def __init__(self, name: str) -> None:
        super().__init__(f"The source '{name}' does not answer, or refuses us. Try again later.")


class DirectoryCrowded(Conflict):
    code = "directory_crowded"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Too much lies in the directory '{path[:300]}' to be listed. Name its objects by their"
            " keys."
        )


class SourceObjectGone(Gone):
    code = "source_object_gone"

    def __init__(self, key: str) -> None:
        super().__init__(f"The object '{key[:300]}' is no longer in its source.")


class SourceObjectChanged(Conflict):
    code = "source_object_changed"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The object '{key[:300]}' was changed in its source since it was recorded."
        )
