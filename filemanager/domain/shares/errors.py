"""What is refused about shares, each in words for whoever was given the link."""

from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    Rejected,
    Throttled,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

# What the rows say.


class ShareUnknown(NotFound):
    """One error for a name that was never given, a capability that has ended, and a stranger's
    share.
    """

    code = "share_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such share. Ask who sent you the link for a new one.")


class ShareRevoked(Gone):
    code = "share_revoked"

    def __init__(self) -> None:
        super().__init__("This share was revoked by its owner.")


class ShareExpired(Gone):
    code = "share_expired"

    def __init__(self) -> None:
        super().__init__("This share has expired. Ask its owner for a new one.")


class SharedPackageGone(Gone):
    code = "shared_package_gone"

    def __init__(self) -> None:
        super().__init__("The package of this share was deleted.")


class ShareOwnerBlocked(Forbidden):
    code = "share_owner_blocked"

    def __init__(self) -> None:
        super().__init__("The shares of this owner are closed by the operator of the service.")


class SharedSourceClosed(Forbidden):
    code = "shared_source_closed"

    def __init__(self) -> None:
        super().__init__(
            "The owner of this share may no longer read a source that its files lie in, so that"
            " nothing of it can be fetched."
        )


class ShareUsedUp(Gone):
    code = "share_used_up"

    def __init__(self) -> None:
        super().__init__("This share was visited as often as its owner allowed.")


class ShareUnlisted(Forbidden):
    code = "share_unlisted"

    def __init__(self) -> None:
        super().__init__("This share does not tell what it holds: fetch a file by its path.")


class ShareNamesNoVersion(Conflict):
    code = "share_names_no_version"

    def __init__(self) -> None:
        super().__init__(
            "This share shows whatever the package holds now, and only a share of a version has"
            " repositories and a statement. Fetch the files by urls.txt or package.zip."
        )


# What opens a share.


class SharePasswordNeeded(Unauthenticated):
    code = "share_password_needed"

    def __init__(self) -> None:
        super().__init__(
            "This share has a password. Send it by HTTP Basic or X-Share-Password, or post it to"
            " 'unlock'."
        )


class SharePasswordForm(Forbidden):
    """``SharePasswordNeeded`` for a browser, which is shown a form."""

    code = "share_password_form"

    def __init__(self, *, is_wrong: bool = False) -> None:
        super().__init__("The password is wrong." if is_wrong else "This share has a password.")


class ShareTokenNeeded(Unauthenticated):
    code = "share_token_needed"

    def __init__(self) -> None:
        super().__init__(
            "This share is for certain people. Post your token to 'unlock', and use the address"
            " that is answered."
        )


class NotOfAudience(Forbidden):
    code = "not_of_audience"

    def __init__(self) -> None:
        super().__init__("This share is for others than the owner of the token.")


class WrongSharePassword(Unauthenticated):
    """One error for a wrong password and for a share that is not there."""

    code = "wrong_share_password"

    def __init__(self) -> None:
        super().__init__("The password is wrong, or there is no such share.")


class SharePasswordMalformed(Rejected):
    code = "share_password_malformed"

    def __init__(self) -> None:
        super().__init__("X-Share-Password is not percent-encoded UTF-8.")


class TooManyWrongSharePasswords(Throttled):
    code = "too_many_wrong_share_passwords"

    def __init__(self, limit: int, period: str, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} wrong passwords were tried on this share in {period}."
            f" Wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds


class TooManyUnlocks(Throttled):
    code = "too_many_unlocks"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"This share was unlocked {limit} times in an hour. Use an address that was answered,"
            f" or wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds


# What owners ask for.


class SlugTaken(Conflict):
    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is, or was, a share '{slug}'. Choose another name.")


class TooManyShares(Conflict):
    code = "too_many_shares"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The package has {limit} shares, which is the limit. Revoke one first.")


class TooManyAccessKeys(Conflict):
    code = "too_many_access_keys"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The share has {limit} access keys, which is the limit. Revoke one.")


class AccessKeyUnknown(NotFound):
    code = "access_key_unknown"

    def __init__(self) -> None:
        super().__init__("The share has no such access key.")


# What is fetched.


class PointerUnknown(NotFound):
    code = "pointer_unknown"

    def __init__(self, path: str) -> None:
        super().__init__(f"The digest of '{path[:300]}' is not known, so that it has no pointer.")


class ShareObjectUnknown(NotFound):
    code = "share_object_unknown"

    def __init__(self) -> None:
        super().__init__("Nothing in this share has that digest.")


class ShareBusy(Unavailable):
    code = "share_busy"

    def __init__(self) -> None:
        super().__init__(
            "What this share holds is being measured, for others or for you. Try again shortly."
        )


class PackNotReady(Unavailable):
    code = "pack_not_ready"

    def __init__(self) -> None:
        super().__init__("The repository is being made. Try again shortly.")


class TooLargeForRepository(Conflict):
    code = "too_large_for_repository"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The version has more than {limit} items, too many for a repository. Fetch it by"
            " urls.txt, aria2.txt or package.zip."
        )


class GitRequestTooLarge(TooLarge):
    code = "git_request_too_large"

    def __init__(self) -> None:
        super().__init__("The request of the git client is larger than any that is understood.")


class GitIsSmart(Forbidden):
    code = "git_is_smart"

    def __init__(self) -> None:
        super().__init__("Repositories are read by git's smart protocol, and nothing is pushed.")
