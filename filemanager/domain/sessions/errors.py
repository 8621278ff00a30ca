"""What a browser is refused that wants to sign in, or has."""

from filemanager.domain.errors import Forbidden, Gone, Rejected, Throttled, Unavailable


class SessionNeeded(Forbidden):
    """Nobody is signed in, or not any more."""

    code = "session_needed"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in, or your session has ended. Nothing was changed: sign in and"
            " do it again."
        )


class FormNotOurs(Forbidden):
    """A form came without the secret that our pages put into theirs."""

    code = "form_not_ours"

    def __init__(self) -> None:
        super().__init__(
            "The form is not from a page of your present session. Nothing was changed: load the"
            " page again and repeat."
        )


class HandoverGone(Gone):
    code = "handover_gone"

    def __init__(self) -> None:
        super().__init__(
            "This link to sign in was used, or its minute is over. Go back to where you came from"
            " and follow it anew."
        )


class SignInRefused(Rejected):
    """What was given to sign in with is none; ``message`` says why."""

    code = "sign_in_refused"


class ProviderUnavailable(Unavailable):
    code = "provider_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The identity provider does not answer, or not as it should. Nothing was changed: try"
            " again shortly, or sign in another way. The operator finds the reason in the log."
        )


class TooManySignIns(Throttled):
    code = "too_many_sign_ins"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} sessions, hand-overs or tokens were made for you in an hour."
            f" Wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds
