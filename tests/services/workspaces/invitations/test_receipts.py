"""What a guest confirms, and the receipt of it."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from builders.papers import a_zip
from filemanager.domain.ids import digest_of
from filemanager.domain.packages.errors import NoStatements
from filemanager.domain.workspaces.invitations.errors import (
    InvitationClosed,
    NotConfirmed,
    NotGivenBack,
    NothingToConfirm,
)
from filemanager.services.workspaces.content import ContentService
from filemanager.services.workspaces.invitations.own import HandInService
from filemanager.services.workspaces.invitations.receipts import ReceiptService
from filemanager.services.workspaces.invitations.room import Seat
from filemanager.signing.statements import Ed25519Signer
from worlds.invited import Inbox

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SIGNER = Ed25519Signer(
    KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)


def receipt(inbox: Inbox, seat: Seat) -> Mapping[str, Any]:
    service = ReceiptService(inbox.world.database, SIGNER)
    told = service.get(inbox.now(seat))
    return json.loads(base64.b64decode(str(told["payload"])))  # type: ignore[no-any-return]  # of JSON


def test_a_receipt_names_what_was_sent_and_what_is_kept_of_it(inbox: Inbox) -> None:
    invitation = inbox.invite_in(asked=("name",))
    seat = inbox.come(invitation, "Ada")
    packed = a_zip({"a.txt": b"a", "b.txt": b"b"})
    inbox.send(seat, "all.zip", packed)
    inbox.send(seat, "c.txt", b"c")
    inbox.world.clock.turn(timedelta(minutes=1))

    confirmed = inbox.own.confirm(seat)

    told = receipt(inbox, seat)
    predicate = told["predicate"]
    assert told["subject"] == [
        {"name": "all.zip", "digest": {"sha256": digest_of(packed)}},
        {"name": "c.txt", "digest": {"sha256": digest_of(b"c")}},
    ]
    assert predicate["invitation"] == {
        "id": invitation.id, "slug": invitation.slug, "title": "Papers",
    }  # fmt: skip
    assert predicate["guest"] == {"number": 1, "answers": {"name": "Ada"}}
    assert predicate["confirmedAt"] == "2026-11-21T12:01:00.000+00:00"
    assert predicate["sent"][1] == {
        "name": "c.txt", "bytes": 1, "sha256": digest_of(b"c"),
        "receivedAt": "2026-11-21T12:00:00.000+00:00",
    }  # fmt: skip
    assert [one["path"] for one in predicate["kept"]] == ["a.txt", "b.txt", "c.txt"]
    assert inbox.own.confirm(seat) == confirmed


def test_what_changes_after_confirming_is_to_be_confirmed_again(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    inbox.send(seat, "a.txt", b"a")
    inbox.send(seat, "b.txt", b"b")
    inbox.own.confirm(seat)

    for change in (
        lambda: inbox.send(seat, "a.txt", b"new"),
        lambda: inbox.withdraw(seat, "b.txt"),
    ):
        change()
        with pytest.raises(NotConfirmed):
            receipt(inbox, seat)
        inbox.own.confirm(seat)

    assert [one["name"] for one in receipt(inbox, seat)["subject"]] == ["a.txt"]


def test_nothing_is_confirmed_where_nothing_is_or_when_it_is_closed(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    with pytest.raises(NothingToConfirm):
        inbox.own.confirm(seat)
    inbox.send(seat, "a.txt", b"a")
    inbox.close(invitation)

    with pytest.raises(InvitationClosed):
        inbox.own.confirm(seat)
    with pytest.raises(InvitationClosed):
        inbox.withdraw(seat, "a.txt")


def test_a_receipt_is_there_after_the_end(inbox: Inbox) -> None:
    invitation = inbox.invite_in()
    seat = inbox.come(invitation)
    inbox.send(seat, "a.txt", b"a")
    inbox.own.confirm(seat)
    before = receipt(inbox, seat)

    inbox.close(invitation)

    assert receipt(inbox, seat) == before


def test_a_receipt_calls_nothing_kept_that_the_inviter_has_deleted(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    inbox.send(seat, "a.txt", b"a")
    inbox.send(seat, "b.txt", b"b")
    inbox.own.confirm(seat)
    now = inbox.now(seat)
    assert now.guest.workspace_id is not None
    assert now.guest.folder is not None

    inbox.world.delete_file(now.guest.workspace_id, f"{now.guest.folder}/a.txt")

    predicate = receipt(inbox, seat)["predicate"]
    assert [one["name"] for one in predicate["sent"]] == ["a.txt", "b.txt"]
    assert [one["path"] for one in predicate["kept"]] == ["b.txt"]


def test_a_service_without_a_key_gives_no_receipt(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    inbox.send(seat, "a.txt", b"a")
    inbox.own.confirm(seat)

    with pytest.raises(NoStatements):
        inbox.receipts.get(inbox.now(seat))


def test_a_service_may_give_nothing_back(inbox: Inbox) -> None:
    seat = inbox.come(inbox.invite_in())
    inbox.send(seat, "a.txt", b"a")
    world = inbox.world
    content = ContentService(world.database, world.blobs, world.checkpoints)
    own = HandInService(world.database, content, world.clock, gives_back=False)

    with pytest.raises(NotGivenBack):
        own.file(inbox.now(seat), "a.txt")
