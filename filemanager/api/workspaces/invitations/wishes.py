"""What inviters and guests send."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from filemanager.api.http.wishes import Moment, Wish
from filemanager.domain.ids import MAX_ID
from filemanager.domain.requests.secrets import slug_from
from filemanager.domain.workspaces.invitations.invitation import MAX_ANSWER_CHARACTERS, MAX_ASKED

Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Message = Annotated[str, StringConstraints(max_length=4000)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Most = Annotated[int, Field(ge=1, le=MAX_ID)]
Answered = Annotated[str, StringConstraints(max_length=MAX_ANSWER_CHARACTERS)]
_Question = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


def _distinct(asked: list[str]) -> list[str]:
    if len(set(asked)) < len(asked):
        raise PydanticCustomError("asked_twice", "The same is asked twice.")
    return asked


Asked = Annotated[
    list[_Question],
    Field(
        max_length=MAX_ASKED,
        description="What guests tell of themselves; by `name` their folders are called.",
    ),
    AfterValidator(_distinct),
]
GuestFiles = Annotated[Most | None, Field(description="Files of each guest.")]
GuestBytes = Annotated[Most | None, Field(description="Bytes of each guest.")]


class NewInvitationWish(Wish):
    """Files and bytes are of all guests together, but for those of each. Name a workspace, which
    all hand into, or a profile, with which each guest gets a workspace of his own.
    """

    title: Title
    message: Message = ""
    workspace: Annotated[int, Field(ge=1, le=MAX_ID)] | None = None
    profile: Annotated[str, StringConstraints(max_length=40)] | None = None
    opens_at: Moment | None = None
    closes_at: Moment
    max_files: Most
    max_bytes: Most
    max_file_bytes: Most
    max_guests: Most | None = None
    max_guest_files: GuestFiles = None
    max_guest_bytes: GuestBytes = None
    password: Password | None = Field(None, repr=False)
    slug: str | None = None
    ask: Asked = Field(default_factory=list)

    @field_validator("slug")
    @classmethod
    def _named(cls, given: str | None) -> str | None:
        return given if given is None else slug_from(given)

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.workspace is None) == (self.profile is None):
            raise PydanticCustomError("one_of", "Name either a workspace or a profile.")
        return self


class EditedInvitationWish(Wish):
    """What is left out stays as it is; null takes a password, a beginning or a limit away."""

    title: Title | None = None
    message: Message | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    max_files: Most | None = None
    max_bytes: Most | None = None
    max_file_bytes: Most | None = None
    max_guests: Most | None = None
    max_guest_files: GuestFiles = None
    max_guest_bytes: GuestBytes = None
    password: Password | None = Field(None, repr=False)
    ask: Asked | None = None


class KnockWish(Wish):
    answers: Annotated[dict[str, Answered], Field(max_length=MAX_ASKED)] = Field(
        default_factory=dict
    )
    password: str | None = Field(None, repr=False)
