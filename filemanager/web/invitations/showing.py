"""What guests are shown: who asks for what, and what they have handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response

from filemanager.api.http.context import services
from filemanager.api.pages.texts import Said, _, ngettext, shown_moment, shown_size
from filemanager.domain.trees.areas import public_path
from filemanager.domain.trees.findings import Finding, Severity
from filemanager.domain.workspaces.invitations.invitation import MAX_ANSWER_CHARACTERS, Invitation
from filemanager.services.workspaces.invitations.own import Belongings
from filemanager.web.checked import message_of
from filemanager.web.session.pages import page

PASSWORD = "password"  # noqa: S105  # the name of a field


def answer_field(number: int) -> str:
    """The field of a form for the question with that number."""
    return f"answer-{number}"


@dataclass(frozen=True, slots=True)
class Typed:
    """Answers by question, and why they were refused."""

    answers: Mapping[str, str]
    why: str | None


NOTHING_TYPED = Typed({}, None)


@dataclass(frozen=True, slots=True)
class GuestFinding:
    path: str | None
    message: Said
    severity: str
    word: str


class InvitationPages:
    """Pages in place of the JSON that programs get at the same addresses."""

    def invitation(
        self, invitation: Invitation, typed: Typed = NOTHING_TYPED, status: int = 200
    ) -> Response:
        """With a form to begin, which keeps what was typed into the last."""
        return page(
            "invitation.html",
            status,
            invitation=invitation,
            why=typed.why,
            action=f"/u/{invitation.slug}/begin",
            questions=[
                (answer_field(at), one, typed.answers.get(one, ""))
                for at, one in enumerate(invitation.asked)
            ],
            most_characters=MAX_ANSWER_CHARACTERS,
            limits=_limits(invitation),
            closes=shown_moment(invitation.closes_at),
        )

    def guest(self, own: Belongings, place: str) -> Response:
        """*place* is the guest's path, which the page is the only one to show."""
        guest, invitation = own.seat.guest, own.seat.invitation
        return page(
            "guest.html",
            invitation=invitation,
            guest=guest,
            place=place,
            files=[(one.path, shown_size(one.size_bytes), one.digest) for one in own.files],
            findings=shown_findings(own.findings),
            room=_room(own),
            limits=_limits(invitation),
            closes=shown_moment(invitation.closes_at),
            confirmed=guest.confirmed_at and shown_moment(guest.confirmed_at),
            count=_count(len(own.files)),
            is_open=services().clock() < invitation.closes_at,
        )

    def receipt(self, own: Belongings, place: str) -> Response:
        """To be printed; the signed one is a file beside it."""
        sent = {(one.sent.path, one.sent.digest): one for one in own.files}
        confirmed = own.seat.guest.confirmed_at
        return page(
            "receipt.html",
            invitation=own.seat.invitation,
            guest=own.seat.guest,
            place=place,
            confirmed=confirmed and shown_moment(confirmed),
            files=[
                (one.sent, shown_size(one.sent.size_bytes), shown_moment(one.received_at))
                for one in sent.values()
            ],
        )


def _room(own: Belongings) -> str:
    text = ngettext(
        "Room is left for %(n)d file and %(size)s.",
        "Room is left for %(n)d files and %(size)s.",
        own.left.files,
    )
    return text % {"n": own.left.files, "size": shown_size(own.left.bytes)}


def _limits(invitation: Invitation) -> str:
    limits = invitation.limits
    return _("A file may have %(size)s.") % {"size": shown_size(limits.file_bytes)}


def _count(files: int) -> str:
    return ngettext("%(n)d file", "%(n)d files", files) % {"n": files}


def shown_findings(findings: Sequence[Finding]) -> list[GuestFinding]:
    words = {
        Severity.FATAL: _("Problem"), Severity.WARN: _("Remark"), Severity.INFO: _("Note"),
    }  # fmt: skip
    return [
        GuestFinding(
            path=None if one.path is None else public_path(one.area, one.path),
            message=message_of(one),
            severity=one.severity.value,
            word=words[one.severity],
        )
        for one in findings
    ]
