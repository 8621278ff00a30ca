"""What is refused about invitations, each in words for whoever was given the link."""

from datetime import datetime

from filemanager.domain.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    Rejected,
    StoreFull,
    Throttled,
    TooLarge,
    Unauthenticated,
)

# What the rows say.


class InvitationUnknown(NotFound):
    """One error for a link that was never given, a stranger's invitation, and a guest's secret that
    opens nothing.
    """

    code = "invitation_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such invitation. Ask who sent you the link for a new one.")


class GuestUnknown(NotFound):
    code = "guest_unknown"

    def __init__(self) -> None:
        super().__init__("The invitation has no such guest.")


class InvitationRevoked(Gone):
    code = "invitation_revoked"

    def __init__(self) -> None:
        super().__init__("This invitation was revoked. Ask who sent you the link.")


class InvitationClosed(Gone):
    code = "invitation_closed"

    def __init__(self) -> None:
        super().__init__(
            "This invitation is closed: nothing is taken any more. What was received is kept."
        )


class InviterMayNoMore(Gone):
    """Whoever invited may not put files there any more."""

    code = "inviter_may_no_more"

    def __init__(self) -> None:
        super().__init__(
            "Files cannot be received any more, since whoever invited may not add them. Ask who"
            " sent you the link."
        )


class InviterHasNoRoom(StoreFull):
    """How much whoever invited has, and may have, is nothing that guests are told."""

    code = "inviter_has_no_room"

    def __init__(self) -> None:
        super().__init__(
            "Whoever invited has no room left for this. Nothing was added. Ask who sent you the"
            " link."
        )


class InvitationNotOpen(Forbidden):
    code = "invitation_not_open"

    def __init__(self, opens_at: datetime) -> None:
        when = opens_at.isoformat(timespec="minutes")
        super().__init__(f"This invitation is not open yet. Come back from {when} on.")


class InviterBlocked(Forbidden):
    code = "inviter_blocked"

    def __init__(self) -> None:
        super().__init__("The invitations of this owner are closed by the operator.")


# What makes a guest.


class InvitationPasswordNeeded(Unauthenticated):
    code = "invitation_password_needed"

    def __init__(self) -> None:
        super().__init__("This invitation has a password. Send it as 'password'.")


class WrongInvitationPassword(Unauthenticated):
    code = "wrong_invitation_password"

    def __init__(self) -> None:
        super().__init__("The password is wrong.")


class TooManyWrongInvitationPasswords(Throttled):
    code = "too_many_wrong_invitation_passwords"

    def __init__(self, limit: int, period: str, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} wrong passwords were tried on this invitation in {period}."
            f" Wait {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds


class TooManyBegin(Throttled):
    code = "too_many_guests_begin"

    def __init__(self, limit: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"{limit} guests began within an hour. Use the address that you were given, or wait"
            f" {retry_after_seconds} seconds."
        )
        self.retry_after_seconds = retry_after_seconds


class TooManyGuests(Conflict):
    code = "too_many_guests"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"{limit} guests have begun, which is as many as were invited. Use the address that you"
            " were given, or ask who sent you the link."
        )


class AnswersMissing(Rejected):
    code = "answers_missing"

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"Please answer what is asked: {', '.join(missing)}.")


class AnswerTooLong(Rejected):
    code = "answer_too_long"

    def __init__(self, asked: str, limit: int) -> None:
        super().__init__(f"The answer to '{asked}' may have {limit} characters. Shorten it.")


# What is handed in.


class TooManyFiles(TooLarge):
    code = "too_many_files"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"No more than {limit} files may be handed in, those in archives counted."
            " Withdraw some, or send fewer. Nothing was added."
        )


class FileOverLimit(TooLarge):
    code = "file_over_limit"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"A file may have {limit_bytes} bytes here, and this one has more.")


class NotHandedIn(NotFound):
    """One error for a file that is not there and for one that is somebody else's."""

    code = "not_handed_in"

    def __init__(self) -> None:
        super().__init__("You have handed in no such file.")


class NotGivenBack(Forbidden):
    code = "not_given_back"

    def __init__(self) -> None:
        super().__init__("This service does not give files back to guests.")


class NothingToConfirm(Conflict):
    code = "nothing_to_confirm"

    def __init__(self) -> None:
        super().__init__("Nothing is handed in yet. Send your files, then confirm.")


class NotConfirmed(Conflict):
    code = "not_confirmed"

    def __init__(self) -> None:
        super().__init__(
            "What is handed in is not confirmed, or was changed since. Confirm it, then ask again"
            " for the receipt."
        )


# What inviters ask for.


class InvitationSlugTaken(Conflict):
    code = "invitation_slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is, or was, an invitation '{slug}'. Choose another name.")


class TooManyInvitations(Conflict):
    code = "too_many_invitations"

    def __init__(self, limit: int) -> None:
        super().__init__(f"You have {limit} invitations, which is the limit. Revoke one first.")
