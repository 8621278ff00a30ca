"""On which terms people are invited, as the form has them."""

from datetime import datetime

from filemanager.api.http.context import services
from filemanager.domain.errors import Malformed
from filemanager.domain.ids import MAX_ID, WorkspaceId
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.workspaces.invitations.invitation import MAX_ASKED, HandInLimits
from filemanager.services.workspaces.invitations.inviting import InvitationTerms
from filemanager.web.session.forms import SentForm

_MIB = 20
_QUESTION_CHARACTERS = 60


def terms_of(sent: SentForm) -> InvitationTerms:
    """Raises ``Malformed``."""
    slug, workspace = sent.line("slug", 64), sent.number("workspace")
    title = sent.line("title", 200)
    if not title:
        raise Malformed("An invitation has a title: say what is asked for.")
    return InvitationTerms(
        title=title,
        message=sent.line("message", 4000),
        workspace_id=None if workspace is None else WorkspaceId(workspace),
        profile=sent.text("profile") if workspace is None else None,
        limits=_limits(sent),
        asked=_asked(sent),
        opens_at=sent.moment("opens"),
        closes_at=_end(sent),
        password=sent.text("password") or None,
        slug=slug_from(slug) if slug else None,
    )


def _limits(sent: SentForm) -> HandInLimits:
    """The form counts in MiB, which people can read."""
    files, total, largest = map(sent.number, ("files", "mib", "file_mib"))
    of_each = sent.number("guest_mib")
    if files is None or total is None or largest is None:
        raise Malformed("Say how many files and MiB may come, and how many MiB in one file.")
    if max(total, largest, of_each or 0) > MAX_ID >> _MIB:
        raise Malformed("So many MiB do not fit 64 bits.")
    return HandInLimits(
        files=files,
        bytes=total << _MIB,
        file_bytes=largest << _MIB,
        guests=sent.number("guests"),
        guest_files=sent.number("guest_files"),
        guest_bytes=None if of_each is None else of_each << _MIB,
    )


def _end(sent: SentForm) -> datetime:
    at = sent.moment("closes")
    if at is None or at <= services().clock():
        raise Malformed("Say until when it is open: a time to come.")
    return at


def _asked(sent: SentForm) -> tuple[str, ...]:
    asked = sent.lines("ask", MAX_ASKED * (_QUESTION_CHARACTERS + 2))
    if len(asked) > MAX_ASKED or any(len(one) > _QUESTION_CHARACTERS for one in asked):
        raise Malformed(
            f"Ask at most {MAX_ASKED} things, in {_QUESTION_CHARACTERS} characters each."
        )
    if len(set(asked)) < len(asked):
        raise Malformed("The same is asked twice.")
    return asked
