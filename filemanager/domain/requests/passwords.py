"""What is said of names and passwords that open nothing."""

from filemanager.domain.errors import Throttled, Unauthenticated


class WrongPassword(Unauthenticated):
    """One error for a name that nobody has, and for another's password."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class TooManyWrongPasswords(Throttled):
    code = "too_many_wrong_passwords"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} wrong passwords came from this address in a minute."
            f" Wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds
